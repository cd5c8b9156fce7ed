"""Whom a trigger would have asked in the last thirty days: real events, the real rules, and nothing written."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from plugin.asking import frequency
from plugin.asking.limits import Limits
from plugin.asking.preview import AnyTouchpoint
from plugin.asking.rules import Facts, refusal
from plugin.db import milliseconds
from plugin.numbers import several
from plugin.people import actions as people
from plugin.people.rules import FoundContact
from plugin.people.store import company, person
from plugin.services import Services
from plugin.touchpoints.store import touchpoint
from plugin.triggers import flow, pasted, rules
from plugin.triggers.rules import Happening
from plugin.triggers.source import Source

DAYS = 30
MOST = 1_000  # events looked at
PAGES = 20
SECONDS = 20.0
MOMENTS = (
    "last_answered_at", "last_declined_at", "silent_since",
    "relational_answered_at", "relational_declined_at", "relational_silent_since",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DryRun:
    """*asked* of *events* would have been; the others by reason, the most frequent first. *whole*: all events of the
    time were looked at. A steady flow tells *each_day* how many it asks, of *base* contacts, reckoning with *rate*."""

    events: int = 0
    asked: int = 0
    reasons: Sequence[Sequence[Any]] = ()
    whole: bool = True
    each_day: float = 0.0
    base: int = 0
    rate: float = 0.0


def run(services: Services, row: Row[Any]) -> DryRun:
    """Raises ``Problem`` when the CRM cannot be read."""
    source: Source = services.source  # type: ignore[assignment]
    now = services.clock.now()
    happenings, whole = _events(services, source, row, now)
    found = source.people(row.installation, [one.contact for one in happenings])
    with services.database.read() as connection:
        replay = _Replay(connection, services, row, now)
        for one in sorted(happenings, key=lambda one: one.at or now):
            replay.decide(one, found.get(one.contact))
        told = DryRun(len(happenings), replay.asked, replay.reasons.most_common(), whole)
        return _flow(connection, row, told, now) if row.kind == "steady_flow" else told


def _events(
    services: Services, source: Source, row: Row[Any], now: datetime
) -> tuple[list[Happening], bool]:
    given = rules.parameters_of(row)
    if row.kind == "list" and not given.choice:
        return _pasted(services, row.key)
    since, mark, found = now - timedelta(days=DAYS), "", {}
    ends = services.clock.monotonic() + SECONDS
    wanted = rules.wanted(row.kind, given, since, now)
    for _ in range(1 if row.kind == "steady_flow" else PAGES):
        page = source.page(row.installation, wanted, since, mark)
        for one in (rules.due(row.kind, given, one) for one in page.found):
            if one.at is None or since <= one.at <= now:
                found[(one.record, one.contact)] = one
        mark = page.mark
        if not page.more:
            return list(found.values())[:MOST], len(found) <= MOST
        if len(found) >= MOST or services.clock.monotonic() > ends:
            break
    return list(found.values())[:MOST], False


def _pasted(services: Services, key: str) -> tuple[list[Happening], bool]:
    found: list[Happening] = []
    mark = ""
    with services.database.read() as connection:
        while len(found) < MOST:
            page, mark = pasted.page(connection, key, mark)
            if not page:
                return found, True
            found += page
    return found[:MOST], False


class _Replay:
    """Event after event, as if each were decided when it became due: whoever would have been asked is so for the next.
    Quiet hours are left out: they only move a mail within the day."""

    def __init__(
        self, connection: Connection, services: Services, row: Row[Any], now: datetime
    ) -> None:
        self._connection, self._row, self._now = connection, row, now
        self._limits: Limits = replace(
            frequency.load(connection), quiet_from=None, quiet_until=None
        )
        self._scaled = services.clock.scaled
        self._about = _touchpoint(connection, row.touchpoint)
        self._silent: dict[str, datetime] = {}
        self._companies: dict[str, list[int]] = defaultdict(list)
        self.asked = 0
        self.reasons: Counter[str] = Counter()

    def decide(self, one: Happening, found: FoundContact | None) -> None:
        if found is None:
            self.reasons["gone"] += 1
            return
        wait = self._scaled(timedelta(hours=self._about.delay_hours))
        at = min(self._now, one.at + wait) if one.at else self._now
        her = self._then(found, at)
        facts = Facts(
            person=her,  # type: ignore[arg-type]
            touchpoint=self._about,
            channel=self._row.channel,
            limits=self._limits,
            scaled=self._scaled,
            company=self._asked_of(found.company, at),
        )
        held = refusal(facts, at)
        if held is not None:
            self.reasons[held.reason] += 1
            return
        self.asked += 1
        self._silent[found.contact] = at
        if found.company:
            self._companies[found.company].append(milliseconds(at))

    def _then(self, found: FoundContact, at: datetime) -> SimpleNamespace:
        """How the contact stood, as far as her row still tells; what the CRM says is as of today."""
        known = people.of_contact(self._connection, self._row.installation, found.contact)
        if known is not None and known.survivor is not None:
            known = people.survivor(self._connection, known.id)
        held = dict(known._mapping) if known is not None else _nobody(found)
        held |= {"email": found.email, "opted_out": found.opted_out, "gone_at": None}
        moments: Mapping[str, Any] = {name: _before(held[name], at) for name in MOMENTS}
        silent = self._silent.get(found.contact)
        if silent is not None:
            held |= {"silent_since": silent}
            moments = {**moments, "silent_since": silent}
            if self._about.kind == "relational":
                moments = {**moments, "relational_silent_since": silent}
        return SimpleNamespace(**{**held, **moments})

    def _asked_of(self, key: str, at: datetime) -> list[int]:
        if not key or not self._limits.company_most:
            return []
        query = sa.select(company.c.asked).where(
            company.c.installation == self._row.installation, company.c.company == key
        )
        known = self._connection.scalar(query) or []
        return sorted([*(one for one in known if one <= milliseconds(at)), *self._companies[key]])


def _before(moment: datetime | None, at: datetime) -> datetime | None:
    return moment if moment is not None and moment <= at else None


def _nobody(found: FoundContact) -> dict[str, Any]:
    """One whom nobody here ever heard of."""
    empty: dict[str, Any] = {column.name: None for column in person.c}
    return empty | {"contact": found.contact, "company": found.company, "follow_up_open": False,
                    "installation": "", "time_zone": found.time_zone}  # fmt: skip


def _touchpoint(connection: Connection, key: str) -> AnyTouchpoint:
    row = connection.execute(sa.select(touchpoint).where(touchpoint.c.key == key)).one()
    return AnyTouchpoint(row.kind, row.key, row.delay_hours, row.window_days, row.sample)


def _flow(connection: Connection, row: Row[Any], told: DryRun, now: datetime) -> DryRun:
    rate = flow.rate_of(connection, row, now)
    each = flow.per_day(rules.parameters_of(row).monthly, rate)
    return replace(told, each_day=each, base=flow.size(connection, row.key), rate=rate.rate)


def sentence(told: DryRun, kind: str) -> str:
    """ "Would have asked 37 people in the last 30 days; 12 refused." """
    refused = sum(many for _, many in told.reasons)
    if kind == "steady_flow":
        return f"Of {several(told.events, 'contact')} looked at, {told.asked} may be asked today; {refused} refused."
    if kind == "list":
        return f"Would ask {several(told.asked, 'person', 'people')} of the list today; {refused} refused."
    return f"Would have asked {several(told.asked, 'person', 'people')} in the last {DAYS} days; {refused} refused."


def of(kept: Mapping[str, Any] | None) -> DryRun | None:
    """As it is kept with a trigger."""
    return DryRun(**kept) if kept else None
