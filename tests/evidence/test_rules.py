"""What speaks for a hand and what against it, case by case."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from plugin.evidence.rules import Act, Facts, Opening, Rival, Verdict, judge
from plugin.evidence.saw import Saw, read
from plugin.evidence.stamps import Rendering

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
MS = timedelta(milliseconds=1)


def ago(milliseconds: float) -> datetime:
    return NOW - milliseconds * MS


def rendered(before: float = 3000, **more: Any) -> Rendering:
    return Rendering("r1", "a1", ago(before), **more)


def seen(first: int | None = 2000, **more: Any) -> Saw:
    given: dict[str, Any] = {
        "since": 2500 * MS, "inputs": 2, "presses": 1, "spread": 0 * MS, "scores": 1, "hidden": False,
        "driven": False, "kinds": ("mouse",),
    }  # fmt: skip
    return Saw(first=None if first is None else first * MS, **(given | more))


def facts(act: Act, **more: Any) -> Facts:
    return Facts(act=act, **({"score": 9, "at": NOW} | more))


def beside(*scores: int | None, before: float = 2500) -> list[Opening]:
    return [Opening(f"o{n}", ago(before), score) for n, score in enumerate(scores)]


def other(score: int, before: float, reason: str = "hand", rendering: str = "r2") -> Rival:
    return Rival(rendering, score, ago(before), reason)


HAND = Act(rendered(), seen())
FORM = Act(rendered())

PEOPLE = {
    "a hand with a mouse": facts(HAND),
    "a thumb on send, one second after the page came": facts(
        Act(rendered(1200), seen(1000, since=1000 * MS, kinds=("touch",)))
    ),
    "a key, with our own click behind Enter": facts(Act(rendered(), seen(kinds=("key", "script")))),
    "a screen reader's click without a press": facts(Act(rendered(), seen(presses=0))),
    "voice control through a browser that says it is driven": facts(
        Act(rendered(), seen(1500, driven=True))
    ),
    "no script, three seconds": facts(FORM),
    "no script, quick, and the browser vouches for the hand": facts(
        Act(rendered(900), by_hand=True)
    ),
    "a page that was fetched ahead and looked at later": facts(Act(rendered(120_000), seen())),
    "a mail that came a minute ago": facts(HAND, mailed_at=ago(60_000)),
    "a colleague of the scanner's behind the same link": facts(
        HAND, openings=beside(*range(11), before=9000)
    ),
    "a hand while a scanner fetches the same link": facts(HAND, openings=beside(*range(12))),
    "no script, with another opening beside": facts(FORM, openings=beside(9, 9, None)),
    "the same score from another page": facts(HAND, rivals=[other(9, 1000)]),
    "another score after a reload": facts(HAND, rivals=[other(3, 3500)]),
    "another score without script after a reload": facts(FORM, rivals=[other(3, 3500, "form")]),
    "a machine has answered otherwise just now": facts(
        HAND, rivals=[other(n, 100, "too_fast", f"m{n}") for n in range(9)]
    ),
    "the same page, corrected": facts(HAND, rivals=[other(3, 1000, rendering="r1")]),
    "a hand that goes back and forth": facts(
        Act(rendered(20_000), seen(presses=9, spread=8500 * MS, scores=8))
    ),
    "a fast typist": facts(Act(rendered(), seen(1000, since=2900 * MS, inputs=30))),
    "a decoy was touched on another rendering": facts(
        HAND, openings=[Opening("x", ago(100), 11, by="r9")]
    ),
}

MACHINES = {
    "decoy_field": facts(Act(rendered(), seen(), website=True)),
    "not_rendered": facts(Act()),
    "decoy_link": facts(HAND, openings=[Opening("x", ago(100), 11, by="r1")]),
    "decoy_link, its page": facts(Act(rendered(decoy=True), seen())),
    "agent": facts(Act(rendered(), seen(), agent="headless")),
    "agent, without script": facts(Act(rendered(), agent="program")),
    "no_hand": facts(Act(rendered(), seen(None, kinds=("script",)))),
    "too_fast": facts(Act(rendered(), seen(400))),
    "too_fast, whatever it says": facts(Act(rendered(300), seen(2000))),
    "too_fast, driven": facts(Act(rendered(), seen(900, driven=True))),
    "too_fast, a form": facts(Act(rendered(1000))),
    "too_fast, a form by hand": facts(Act(rendered(500), by_hand=True)),
    "pace": facts(Act(rendered(), seen(presses=11, spread=700 * MS))),
    "pace, every score in turn": facts(
        Act(rendered(9000), seen(presses=11, spread=3500 * MS, scores=11))
    ),
    "pace, keys": facts(Act(rendered(), seen(2000, since=2100 * MS, inputs=20))),
    "too_soon": facts(HAND, mailed_at=ago(1500)),
    "crowd": facts(FORM, openings=beside(*range(11))),
    "crowd, the mail's decoy": facts(FORM, openings=beside(11)),
    "scores": facts(HAND, rivals=[other(3, 1000)]),
    "scores, several forms in a row": facts(
        FORM, rivals=[other(3, 9000, "form", "r2"), other(4, 6000, "form", "r3")]
    ),
}


@pytest.mark.parametrize("case", PEOPLE)
def test_a_person_is_believed(case: str) -> None:
    verdict = judge(PEOPLE[case])
    assert verdict == Verdict(True, "hand" if PEOPLE[case].act.saw else "form")


@pytest.mark.parametrize("case", MACHINES)
def test_a_machine_is_not_and_the_reason_is_named(case: str) -> None:
    assert judge(MACHINES[case]) == Verdict(False, case.partition(",")[0])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "v1,1,2,3,false,mouse,true",
        "v2",
        "v2,1,2,3,4,5,1,0,0," + "x" * 2000,
        "v2,-1,2,3,4,5,1,0,0",
        "v2,1,1e9,3,4,5,1,0,0",
        "v2,1,2,3,4,5,1,0,0,<b>",
        "v2,9999999999999,2,3,4,5,1,0,0",
    ],
)
def test_what_our_script_does_not_write_is_as_if_there_were_no_script(text: str) -> None:
    assert read(text) is None


def test_what_our_script_writes_is_read() -> None:
    told = read("v2,812,1024,3,1,0,1,0,0,touch,script,person")
    assert told == Saw(
        812 * MS, 1024 * MS, 3, 1, 0 * MS, 1, hidden=False, driven=False, kinds=("touch", "script")
    )
    nothing = read("v2,,1024,0,0,,0,1,1,script")
    assert nothing is not None
    assert nothing.first is None
    assert (nothing.hidden, nothing.driven) == (True, True)
