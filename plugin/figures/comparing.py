"""Before and after a change: at its touchpoints, where nothing was changed, and among those who asked for it."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import add

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin.answers.store import answer
from plugin.changes import reading as changes
from plugin.changes.rules import Change
from plugin.figures.judging import Side, Verdict, Window, judged
from plugin.figures.mix import Shift, shift
from plugin.figures.reading import Scope, Series, how_many, tallies
from plugin.figures.rules import NPS_KINDS
from plugin.messages.reading import told

TRAITS = ("touchpoint", "channel", "language")
Mix = Mapping[str, Counter[str]]  # by trait


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of the answers of one *kind* at these *touchpoints*. *elsewhere* are the touchpoints that it is
    compared with. *meanwhile* are other changes that came to the same places in the same time."""

    kind: str
    touchpoints: Sequence[str]
    own: Side
    verdict: Verdict
    elsewhere: Sequence[str] = ()
    other: Side | None = None
    shifts: Sequence[Shift] = ()
    meanwhile: Sequence[Change] = ()


@dataclass(frozen=True, slots=True)
class _Read:
    """All that is known of the time around the change."""

    around: Window
    sides: Mapping[Series, Side]
    mixes: Mapping[tuple[Series, int], Mix]
    rivals: Sequence[Change]


def findings(
    connection: Connection,
    one: Change,
    around: Window,
    people: sa.Select[tuple[str]] | None = None,
    *,
    chosen: bool = False,
) -> list[Finding]:
    """One for each touchpoint and kind of the change where anybody was reached or answered, and one for those of a kind
    together where they are several. *people* narrows to those whose ids it has; *chosen* as in ``judged``."""
    read = _read(connection, one, around, Scope(people=people))
    here = [
        each for each in read.sides if not one.touchpoints or each.touchpoint in one.touchpoints
    ]
    return [
        _finding(read, one, some, chosen=chosen)
        for kind in NPS_KINDS
        for some in _groups([each for each in here if each.kind == kind])
    ]


def of_told(connection: Connection, one: Change, around: Window) -> list[Finding]:
    """Of those who asked for it: who was told against who was not, by kind. Both had something to say, so that both
    answer otherwise the next time anyhow, and what is left is what being told did."""
    asked, heard = sa.select(changes.asked_by(one).subquery().c.person), told(one.id)
    sides = [
        _sides(connection, Scope(people=people), around)
        for people in (
            asked.where(asked.selected_columns.person.in_(heard)),
            asked.where(asked.selected_columns.person.not_in(heard)),
        )
    ]
    return [
        _told_finding(kind, around, *(_of_kind(some, kind, one) for some in sides))
        for kind in NPS_KINDS
        if any(each.kind == kind for each in sides[0])
    ]


def _told_finding(kind: str, around: Window, own: Side, other: Side) -> Finding:
    verdict = judged(kind, around, own, other)
    return Finding(kind, (), own, verdict, other=other if other.enough else None)


def _of_kind(sides: Mapping[Series, Side], kind: str, one: Change) -> Side:
    here = (
        side
        for series, side in sides.items()
        if series.kind == kind and (not one.touchpoints or series.touchpoint in one.touchpoints)
    )
    return reduce(add, here, Side())


def _groups(series: Sequence[Series]) -> list[Sequence[Series]]:
    """Each by itself, and all of them where they are several."""
    return [[each] for each in series] + ([series] if len(series) > 1 else [])


def _read(connection: Connection, one: Change, around: Window, scope: Scope) -> _Read:
    return _Read(
        around,
        _sides(connection, scope, around),
        _mixes(connection, scope, around),
        [
            each
            for each in changes.every(connection, states=["done"])
            if each.id != one.id and each.effective_on and _within(each, around)
        ],
    )


def _within(one: Change, around: Window) -> bool:
    since, until = around.before.since, around.after.until
    return bool(one.effective_on and since and until and since <= one.effective_on <= until)


def _sides(connection: Connection, scope: Scope, around: Window) -> Mapping[Series, Side]:
    found: dict[Series, Side] = defaultdict(Side)
    for (series, at), tally in tallies(connection, scope, around.periods).items():
        found[series] += Side(after=tally) if at else Side(before=tally)
    return dict(sorted(found.items(), key=lambda each: each[0].touchpoint))


def _mixes(
    connection: Connection, scope: Scope, around: Window
) -> Mapping[tuple[Series, int], Mix]:
    """Who answered, by touchpoint, channel and language."""
    query = how_many(connection, scope, around.periods, answer.c.channel, answer.c.locale)
    found: dict[tuple[Series, int], Mix] = defaultdict(lambda: {name: Counter() for name in TRAITS})
    for row in connection.execute(query):
        mix = found[Series(row.touchpoint, row.kind), row.period]
        for name, group in zip(TRAITS, (row.touchpoint, row.channel, row.locale), strict=True):
            mix[name][group or "not known"] += row.how_many
    return found


def _finding(read: _Read, one: Change, here: Sequence[Series], *, chosen: bool) -> Finding:
    kind, places = here[0].kind, [each.touchpoint for each in here]
    elsewhere = _elsewhere(read, one, kind)
    own = reduce(add, (read.sides[each] for each in here))
    other = reduce(add, (read.sides[each] for each in elsewhere), Side())
    verdict = judged(kind, read.around, own, other, chosen=chosen)
    finding = Finding(
        kind, places, own, verdict, shifts=_shifts(read, here), meanwhile=_meanwhile(read, places)
    )
    if not other.enough:
        return finding
    return replace(finding, other=other, elsewhere=[each.touchpoint for each in elsewhere])


def _elsewhere(read: _Read, one: Change, kind: str) -> list[Series]:
    """Where neither this change nor another one came in that time. What came everywhere came to both sides."""
    changed = {place for each in (one, *read.rivals) for place in each.touchpoints}
    if not one.touchpoints:
        return []
    return [each for each in read.sides if each.kind == kind and each.touchpoint not in changed]


def _meanwhile(read: _Read, places: Sequence[str]) -> list[Change]:
    return [one for one in read.rivals if not one.touchpoints or set(one.touchpoints) & set(places)]


def _shifts(read: _Read, here: Sequence[Series]) -> list[Shift]:
    found = (shift(trait, *(_mixed(read, here, at, trait) for at in range(2))) for trait in TRAITS)
    return [each for each in found if each]


def _mixed(read: _Read, here: Sequence[Series], at: int, trait: str) -> Counter[str]:
    found = (read.mixes[each, at][trait] for each in here if (each, at) in read.mixes)
    return reduce(add, found, Counter())
