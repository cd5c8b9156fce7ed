"""What may be said of before and after: pure, no I/O. Both the page and the bench judge here."""

from dataclasses import dataclass
from datetime import date, timedelta

from plugin.figures.effect import Effect, compared, difference
from plugin.figures.reading import Tally
from plugin.figures.rules import LEAST, Figure
from plugin.periods import Period

NOTHING = Tally()
CHOSEN = (
    "No effect can be claimed: who is in this segment is decided by what people said, so what they said before and "
    "after differs anyway."
)


@dataclass(frozen=True, slots=True)
class Window:
    """So many *days* before a day, and as many from it on as there have been: *passed* of them."""

    before: Period
    after: Period
    days: int
    passed: int

    @property
    def full(self) -> bool:
        return self.passed == self.days

    @property
    def periods(self) -> list[Period]:
        return [self.before, self.after]


def window(since: date, days: int, today: date) -> Window | None:
    """Around the day *since*; nothing before that day has come."""
    if today < since:
        return None
    passed = min(days, (today - since).days + 1)
    before = Period(since - timedelta(days=days), since - timedelta(days=1))
    return Window(before, Period(since, since + timedelta(days=passed - 1)), days, passed)


@dataclass(frozen=True, slots=True)
class Side:
    """One group of people or places, before and after."""

    before: Tally = NOTHING
    after: Tally = NOTHING

    def __add__(self, other: "Side") -> "Side":
        return Side(self.before + other.before, self.after + other.after)

    @property
    def enough(self) -> bool:
        return min(self.before.counts.n, self.after.counts.n) >= LEAST

    def figures(self, kind: str, around: Window) -> tuple[Figure, Figure]:
        """Raises ``Problem("too_few_answers")``."""
        return self.before.figure(kind, around.before), self.after.figure(kind, around.after)


@dataclass(frozen=True, slots=True)
class Verdict:
    """*effect* is what counts; *alone* is the difference without the comparison, where there is one. *sentence* says
    what may be claimed, or that nothing may."""

    sentence: str
    effect: Effect | None = None
    alone: Effect | None = None

    @property
    def claimed(self) -> bool:
        return self.effect is not None and self.effect.claimed


def judged(
    kind: str, around: Window, own: Side, other: Side | None = None, *, chosen: bool = False
) -> Verdict:
    """*other* is the comparison group; one with too few answers is none. *chosen*: who is looked at was chosen by what
    she said, so that nothing can be claimed whatever the figures are."""
    if chosen:
        return Verdict(CHOSEN)
    if not own.enough:
        return Verdict(_too_few(own))
    before, after = own.figures(kind, around)
    alone = difference(before, after)
    if other is None or not other.enough:
        return Verdict(alone.sentence, alone)
    effect = compared(before, after, *other.figures(kind, around))
    return Verdict(effect.sentence, effect, alone)


def _too_few(own: Side) -> str:
    return (
        f"No effect can be claimed: there are too few answers, {own.before.counts.n} before and "
        f"{own.after.counts.n} after. A figure needs at least {LEAST}."
    )
