"""What a customer was told about a change, on the contact's timeline."""

from collections import deque
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.engine import Connection, Row

from connectors.types import Fate, Outcome, Telling
from plugin.crm.handlers.budget import spare
from plugin.crm.handlers.desk import Desk, Writing, judged, open_desk, verdicts
from plugin.crm.reading import Earlier, earlier, survivors
from plugin.crm.timeline import PARTIAL, SPAN
from plugin.deliveries.verdicts import Delivery, Effect, Lane, NotYet, Verdict, Void
from plugin.messages import timeline
from plugin.messages.reading import telling
from plugin.people import actions as people


class Partial:
    """When this process wrote less than full batches to an installation, as far back as it matters."""

    def __init__(self) -> None:
        self._times: deque[datetime] = deque(maxlen=PARTIAL)

    def next(self, now: datetime, span: timedelta) -> datetime | None:
        """From when on another one may be written; ``None``: now, and it is counted."""
        if len(self._times) == PARTIAL and now < self._times[0] + span:
            return self._times[0] + span
        self._times.append(now)
        return None


class Tellings(Writing):
    """Kind ``told``. A few go at once; where many come one by one they are gathered, so that they cost few calls."""

    def handle(self, lane: Lane, rows: Sequence[Delivery], within: float) -> Sequence[Verdict]:
        desk = open_desk(self._connections, lane, within)
        spare(desk)
        if (later := self._gathering(desk, rows)) is not None:
            return [NotYet(later, "gathering") for _ in rows]
        with self._connections.services.database.read() as connection:
            owners = survivors(connection, {row.payload["person"] for row in rows})
            known = _known(connection, rows, owners)
        entries = {key: one for key, one in known.items() if isinstance(one, Telling)}
        decided: dict[str, Verdict] = {k: v for k, v in known.items() if isinstance(v, Void)}
        sent = [row for row in rows if row.id in entries]
        outcomes = desk.write(desk.connector.write_tellings, [entries[row.id] for row in sent])

        def judge(row: Delivery, outcome: Outcome) -> Verdict:
            owner = owners[row.payload["person"]]
            if outcome.fate is Fate.GONE:
                return Void("contact_gone", _gone(owner.id, desk.now))
            stands = _stands(row.payload["change"], owner.id, desk.now)
            return judged(desk, owner, outcome, stands)

        return verdicts(rows, decided, sent, outcomes, judge)

    def _gathering(self, desk: Desk, rows: Sequence[Delivery]) -> datetime | None:
        """Until when rows that fill no batch wait for others; what may have been written already does not."""
        if len(rows) >= desk.connector.limits.batch or any(row.in_doubt for row in rows):
            return None
        known: Partial = self._connections.spent.setdefault((desk.row.id, "told"), Partial())
        return known.next(desk.now, self._connections.services.clock.scaled(SPAN))


def _known(
    connection: Connection, rows: Sequence[Delivery], owners: Mapping[str, Row[Any]]
) -> dict[str, Telling | Void]:
    """By row what is to stand there, or why nothing is. Of two rows about one person and change the first is enough:
    two contacts who were told became one."""
    before, found = earlier(connection, rows), dict[str, Telling | Void]()
    once: set[tuple[str, str]] = set()
    for row in rows:
        one = _entry(connection, row, owners, before[row.id])
        if isinstance(one, Telling):
            about = (row.payload["change"], one.contact_id)
            one = Void("timeline_already") if about in once else one
            once.add(about)
        found[row.id] = one
    return found


def _entry(
    connection: Connection, row: Delivery, owners: Mapping[str, Row[Any]], before: Earlier
) -> Telling | Void:
    """What is to stand there, on whoever the person is now; or why nothing is."""
    change, owner = row.payload["change"], owners.get(row.payload["person"])
    if owner is None:
        return Void("no_such_person")
    if owner.erased_at is not None:
        return Void("erased")
    if why := timeline.not_wanted(connection, change, owner.id):
        return Void(why)
    told = telling(connection, change, owner.id)
    if told is None:
        return Void("not_told")
    return Telling(
        key=timeline.key(change, row.payload["person"]),
        contact_id=owner.contact,
        subject=told.subject,
        text=told.text,
        channel=told.channel,
        told_at=told.at,
        proof=before.proof,
        attempted=row.in_doubt or before.attempted,
    )


def _stands(change: str, person: str, now: datetime) -> Effect:
    return lambda connection: timeline.stands(connection, change, person, now)


def _gone(person: str, now: datetime) -> Effect:
    return lambda connection: people.gone(connection, person, now)
