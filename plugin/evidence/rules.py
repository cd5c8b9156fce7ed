"""Was it a human hand? Facts in, a verdict with one word of reason out: pure, no I/O.

Paces are those of people and not of our settings: no ``TIME_SCALE`` shortens them. No rule looks at an address,
so that any number of people behind one are as good as one.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from plugin.evidence.agents import BROWSER
from plugin.evidence.saw import Saw
from plugin.evidence.stamps import Rendering

DECOY = 11  # the score that no link a human sees has

REACTION = timedelta(milliseconds=700)  # to see the page, to choose, to move
DRIVEN = timedelta(
    milliseconds=1000
)  # of a browser that says a program drives it, as voice control may
FORM = timedelta(milliseconds=1500)  # without script: to read, to choose, to send
NAVIGATED = timedelta(
    milliseconds=800
)  # the same where the browser vouches for the hand that sent it
DELIVERED = timedelta(seconds=2)  # from the mail server's yes to an act on the page
PRESS_EACH = timedelta(milliseconds=150)  # several presses in a row, each at another place
FEW_PRESSES = 4
ALL_SCORES = 7  # so many different ones, one a second: nobody corrects like that
SCORE_EACH = timedelta(seconds=1)
INPUT_EACH = timedelta(milliseconds=20)
FEW_INPUTS = 8
AT_ONCE = timedelta(seconds=2)  # openings that belong together
CROWD = 3  # so many other scores opened at once are nobody's choice
OVERLAP = timedelta(seconds=10)
RECENT = timedelta(seconds=60)  # for how long one answer speaks about another
SEVERAL = 2


@dataclass(frozen=True, slots=True)
class Act:
    """How one post came about, as far as the post itself tells. *website*: the decoy field was filled in."""

    rendering: Rendering | None = None
    saw: Saw | None = None
    agent: str = BROWSER
    by_hand: bool = False
    website: bool = False


@dataclass(frozen=True, slots=True)
class Opening:
    """The link was fetched once: *score* is the one in its address, *by* the rendering a decoy stood on."""

    id: str
    at: datetime
    score: int | None
    head: bool = False
    agent: str = BROWSER
    by: str = ""


@dataclass(frozen=True, slots=True)
class Rival:
    """Another answer to the same ask: from which rendering, when, and the verdict's reason."""

    rendering: str
    score: int
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a verdict looks at."""

    act: Act
    score: int | None
    at: datetime
    mailed_at: datetime | None = None
    openings: Sequence[Opening] = ()
    rivals: Sequence[Rival] = ()

    @property
    def since_rendered(self) -> timedelta:
        return self.at - self.act.rendering.at if self.act.rendering else timedelta()


@dataclass(frozen=True, slots=True)
class Verdict:
    """*reason* is a word of ``MACHINE`` or ``HUMAN``, or ``administrator``."""

    human: bool
    reason: str


def judge(facts: Facts) -> Verdict:
    """The first sign of a machine, or how the hand showed itself."""
    for reason, look in MACHINE.items():
        if look(facts):
            return Verdict(False, reason)
    return Verdict(True, "hand" if facts.act.saw else "form")


def decoy_alone(act: Act | None) -> Verdict:
    """Where only decoys are looked at: in a host's own page, to which a customer has signed in."""
    return Verdict(False, "decoy_field") if act and act.website else Verdict(True, "host")


def outweighs(newer: Act, older: str) -> bool:
    """Whether a contradiction by *newer* casts doubt on an answer that counted for the reason *older*, too: a
    form without script is no word against a hand that was seen."""
    return newer.saw is not None or older != "hand"


def _decoy_link(facts: Facts) -> bool:
    made = facts.act.rendering
    return made is not None and (made.decoy or any(o.by == made.id for o in facts.openings))


def _too_fast(facts: Facts) -> bool:
    saw = facts.act.saw
    if saw is None:
        return facts.since_rendered < (NAVIGATED if facts.act.by_hand else FORM)
    pace = DRIVEN if saw.driven else REACTION
    return min(saw.first or timedelta(), facts.since_rendered) < pace


def _pace(facts: Facts) -> bool:
    saw = facts.act.saw
    if saw is None:
        return False
    gaps = saw.presses - 1
    pressed = saw.presses >= FEW_PRESSES and saw.spread < PRESS_EACH * gaps
    tried_all = saw.scores >= ALL_SCORES and saw.spread < SCORE_EACH * gaps
    acting = saw.since - (saw.first or timedelta())
    typed = saw.inputs >= FEW_INPUTS and acting < INPUT_EACH * (saw.inputs - 1)
    return pressed or tried_all or typed


def _too_soon(facts: Facts) -> bool:
    return facts.mailed_at is not None and facts.at - facts.mailed_at < DELIVERED


def _crowd(facts: Facts) -> bool:
    """Without script the page is known by its neighbours: eleven opened at once, or the one nobody sees."""
    made = facts.act.rendering
    if made is None or facts.act.saw is not None:
        return False
    beside = [o for o in facts.openings if o.id != made.id and abs(o.at - made.at) < AT_ONCE]
    scores = {o.score for o in beside} - {None}
    return DECOY in scores or len(scores) >= CROWD


def _scores(facts: Facts) -> bool:
    """Different scores from pages that stood open side by side, or without script from several in a row. A
    correction on the same page, or on one that was opened after the first answer, is a person's good right."""
    made = facts.act.rendering
    others = [
        rival
        for rival in facts.rivals
        if made is not None
        and rival.rendering != made.id
        and rival.score != facts.score
        and rival.reason in (*HUMAN, "scores")
        and facts.at - rival.at < RECENT
    ]
    if made is None or facts.score is None:
        return False
    beside = [r for r in others if made.at < r.at and facts.at - r.at < OVERLAP]
    several = len({r.rendering for r in others}) >= SEVERAL and facts.act.saw is None
    return bool(beside) or several


Look: TypeAlias = Callable[[Facts], bool]

MACHINE: Mapping[str, Look] = {
    "decoy_field": lambda facts: facts.act.website,
    "not_rendered": lambda facts: facts.act.rendering is None,
    "decoy_link": _decoy_link,
    "agent": lambda facts: facts.act.agent != BROWSER,
    "no_hand": lambda facts: facts.act.saw is not None and facts.act.saw.first is None,
    "too_fast": _too_fast,
    "pace": _pace,
    "too_soon": _too_soon,
    "crowd": _crowd,
    "scores": _scores,
}
HUMAN = ("hand", "form", "host")
