"""Our fields on the contact: computed anew from everything the person has said, so the newest answer wins."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.engine import Row

from connectors.types import ContactUpdate, Outcome
from plugin.crm.handlers.budget import spare
from plugin.crm.handlers.desk import Desk, Writing, judged, open_desk, verdicts
from plugin.crm.merging import gather
from plugin.crm.reading import History, histories, survivors
from plugin.crm.rules import contact_values
from plugin.deliveries.verdicts import Delivery, Effect, Lane, Verdict, Void


class Contacts(Writing):
    """Kind ``contact``."""

    def handle(self, lane: Lane, rows: Sequence[Delivery], within: float) -> Sequence[Verdict]:
        desk = open_desk(self._connections, lane, within)
        spare(desk)
        with self._connections.services.database.read() as connection:
            owners = survivors(connection, {row.subject for row in rows})
            known = histories(connection, owners.values())
        decided = {row.id: v for row in rows if (v := _decided(owners.get(row.subject)))}
        sent = [row for row in rows if row.id not in decided]
        people = {owners[row.subject].contact: owners[row.subject] for row in sent}
        said = _write(desk, people, known)

        def judge(row: Delivery, outcome: Outcome) -> Verdict:
            owner = owners[row.subject]
            return judged(desk, owner, outcome, _gathered(desk, row, owner))

        outcomes = [said[owners[row.subject].contact] for row in sent]
        return verdicts(rows, decided, sent, outcomes, judge)


def _decided(owner: Row[Any] | None) -> Verdict | None:
    if owner is None:
        return Void("no_such_person")
    return Void("erased") if owner.erased_at is not None else None


def _gathered(desk: Desk, row: Delivery, owner: Row[Any]) -> Effect | None:
    """An answer that was on its way in while a merge was written down may stand under the merged person."""
    if row.subject == owner.id:
        return None
    return lambda connection: gather(connection, row.subject, owner, f"gathered:{row.id}", desk.now)


def _write(
    desk: Desk, people: dict[str, Row[Any]], known: dict[str, History]
) -> dict[str, Outcome]:
    """Each contact once, even when two rows of a batch turn out to be one merged person."""
    updates = [
        ContactUpdate(
            contact,
            contact_values(owner, known[owner.id]),
        )
        for contact, owner in people.items()
    ]
    outcomes = desk.write(desk.connector.update_contacts, updates)
    return {u.contact_id: o for u, o in zip(updates, outcomes, strict=True)}
