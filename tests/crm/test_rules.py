"""What stands on a contact, and what refusals mean."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from connectors.manifest import manifest
from plugin.crm.reading import History
from plugin.crm.rules import REASONS, contact_values, explain, over_budget, plain
from plugin.crm.tokens import refresh_at

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
ASKED = SimpleNamespace(last_asked_at=NOON, next_ask_at=None, ask_refusal="")


def answer(score: int, *, day: int = 0, kind: str = "transactional", **more):
    values = {
        "id": f"a{day}",
        "score": score,
        "category": "promoter",
        "comment": "",
        "touchpoint": "your support case",
        "kind": kind,
        "answered_at": NOON + timedelta(days=day),
    }
    return SimpleNamespace(**values | more)


def follow_up(state: str, *, day: int = 0, owner: str = "Anna"):
    at = NOON + timedelta(days=day)
    return SimpleNamespace(state=state, owner_name=owner, due_at=at, opened_at=at, task="00T1")


def values_of(answers, follow_ups, **more):
    return contact_values(ASKED, History(answers, follow_ups, **more))


def test_the_newest_answer_wins_whatever_the_order():
    answers = [answer(3, day=1), answer(9, day=2), answer(6, day=0)]
    values = values_of(answers, [])
    assert (values["score"], values["previous_score"]) == (9, 3)
    assert values == values_of(answers[::-1], [])


def test_kinds_are_never_mixed():
    answers = [answer(10, day=0, kind="relational"), answer(3, day=1), answer(8, day=2)]
    values = values_of(answers, [])
    assert (values["score"], values["kind"]) == (8, "transactional")
    assert (values["previous_score"], values["relational_score"]) == (3, 10)


def test_a_cleared_comment_clears_the_field():
    assert values_of([answer(9)], [])["comment"] is None


def test_who_never_answered_keeps_what_stands_there():
    values = values_of([], [])
    assert "score" not in values
    assert values["last_asked_at"] == NOON


def test_an_open_follow_up_stands_before_a_closed_one():
    values = values_of([answer(2)], [follow_up("closed", day=9), follow_up("open", owner="Bo")])
    assert (values["follow_up"], values["follow_up_owner"]) == ("open", "Bo")
    assert values["follow_up_due"] == NOON


def test_a_closed_follow_up_has_no_due_time():
    values = values_of([answer(2)], [follow_up("closed")])
    assert (values["follow_up"], values["follow_up_due"]) == ("closed", None)
    assert values["follow_up_task"] is None


def test_an_open_follow_up_names_its_task_for_the_panel():
    assert values_of([answer(2)], [follow_up("open")])["follow_up_task"] == "00T1"


def test_a_contact_has_every_field_of_the_manifest():
    assert set(values_of([answer(2)], [])) == set(manifest().contact)


def test_satisfaction_and_effort_stand_apart_from_nps():
    nps = [answer(9, day=1), answer(3)]
    others = [
        answer(1, day=5, kind="csat"),
        answer(4, day=4, kind="csat"),
        answer(7, day=6, kind="ces"),
    ]
    values = values_of(nps, [], measured=others)
    without = values_of(nps, [])
    assert {key for key in values if values[key] != without[key]} == {
        "csat_score",
        "csat_at",
        "ces_score",
        "ces_at",
    }
    assert (values["csat_score"], values["csat_at"]) == (1, NOON + timedelta(days=5))
    assert (values["ces_score"], values["ces_at"]) == (7, NOON + timedelta(days=6))
    assert values_of([], [], measured=others).keys() & {"score", "category", "kind"} == set()


@pytest.mark.parametrize(
    ("used", "allowed", "over"), [(79, 100, False), (80, 100, True), (5, 0, False)]
)
def test_most_of_a_days_calls(used, allowed, over):
    assert over_budget(used, allowed) is over


def test_every_reason_says_what_to_do():
    assert all(reason.what and reason.do for reason in REASONS.values())
    assert explain("never_heard_of", "Field X is full.") == "Field X is full."
    assert explain("never_heard_of") == plain("never_heard_of").what
    assert explain("") == ""


def test_a_token_is_refreshed_when_most_of_its_life_is_over():
    assert refresh_at(NOON, NOON + timedelta(seconds=1800)) == NOON + timedelta(seconds=1440)
    assert refresh_at(NOON, NOON - timedelta(seconds=5)) == NOON
    assert refresh_at(NOON, None) is None
