"""One step: some people are looked up in the CRM in a few calls, and what differs is told and mended."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.engine import Connection

from connectors.changes import TaskState
from connectors.protocol import Connector
from connectors.types import RecordRef, RecordStates
from plugin.crm.handling import task_seen
from plugin.crm.reconciling.reading import Expected
from plugin.crm.reconciling.rules import Compared, Difference, Values, differs
from plugin.deliveries.actions import owe
from plugin.people import actions as people
from plugin.people.owing import fields


@dataclass(frozen=True, slots=True)
class Seen:
    """What the CRM says of what is expected."""

    values: Mapping[str, Values | None]
    records: RecordStates
    tasks: Mapping[str, TaskState]


def look(connector: Connector, wanted: Expected) -> Seen:
    """Raises ``CrmError``. Where nothing is expected, nobody is asked."""
    tasks = [ref.proof for ref in wanted.tasks]
    contacts = [*wanted.values, *wanted.gone]
    return Seen(
        values=connector.contact_values(contacts) if contacts else {},
        records=connector.record_states(wanted.answers, wanted.tasks, wanted.tellings),
        tasks=connector.task_states(tasks) if tasks else {},
    )


def settle(
    connection: Connection, installation: str, wanted: Expected, seen: Seen, now: datetime
) -> Compared:
    """Mends what is safe to mend, in the transaction that writes the findings down."""
    differences = [*_contacts(wanted, seen), *_records(wanted, seen)]
    again = [one.contact for one in differences if one.code.startswith("contact_")]
    occasion = f"reconciled:{round(now.timestamp() * 1000)}"
    owed = [fields(installation, wanted.people[c], occasion, now) for c in again]
    owe(connection, owed, now)
    differences += _back(connection, wanted, seen, now)
    differences += _tasks(connection, installation, wanted, seen, now)
    return Compared(
        last=wanted.last,
        contacts=len(wanted.values),
        answers=len(wanted.answers),
        tasks=len(wanted.tasks),
        tellings=len(wanted.tellings),
        differences=differences,
    )


def _contacts(wanted: Expected, seen: Seen) -> Iterator[Difference]:
    for contact, ours in wanted.values.items():
        theirs = seen.values.get(contact)
        if theirs is None:
            yield Difference("contact_away", contact)
        elif differs(ours, theirs):
            yield Difference("contact_differs", contact)


def _back(connection: Connection, wanted: Expected, seen: Seen, now: datetime) -> list[Difference]:
    found = [contact for contact in wanted.gone if seen.values.get(contact) is not None]
    for contact in found:
        people.back(connection, wanted.gone[contact], now, now)
    return [Difference("contact_back", contact) for contact in found]


def _records(wanted: Expected, seen: Seen) -> Iterator[Difference]:
    """A record that is missing on a contact that is away went with it, or is looked for another time."""
    away = {contact for contact, theirs in seen.values.items() if theirs is None}
    records = seen.records
    yield from _missing("answer", wanted.answers, records.answers, away)
    yield from _missing("telling", wanted.tellings, records.tellings, away)
    for kind, refs, there in (
        ("answer", wanted.answers, records.answers),
        ("telling", wanted.tellings, records.tellings),
        ("task", wanted.tasks, records.tasks),
    ):
        for ref in refs:
            if len(there.get(ref.key, ())) > 1:
                yield Difference(f"{kind}_twice", ref.contact_id, ref.key)


def _missing(
    kind: str, refs: Sequence[RecordRef], there: Mapping[str, tuple[str, ...]], away: set[str]
) -> Iterator[Difference]:
    for ref in refs:
        if not there.get(ref.key) and ref.contact_id not in away:
            yield Difference(f"{kind}_missing", ref.contact_id, ref.key)


def _tasks(
    connection: Connection, installation: str, wanted: Expected, seen: Seen, now: datetime
) -> list[Difference]:
    return [
        Difference("task_moved_on", ref.contact_id, ref.key)
        for ref in wanted.tasks
        if (state := seen.tasks.get(ref.proof)) is not None
        and task_seen(connection, installation, state, now)
    ]
