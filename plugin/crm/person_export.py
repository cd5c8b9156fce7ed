"""Everything held here on one person, as a document; its shape is described in docs/privacy.md."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from plugin.crm.belongings import ROOMS
from plugin.deliveries.store import delivery
from plugin.errors import Problem
from plugin.mail.lanes import every_lane
from plugin.people.actions import identities, of_contact, survivor
from plugin.people.belongings import Things, things
from plugin.people.store import person


def named(connection: Connection, installation: str, given: str) -> Row[Any]:
    """The person of a record id, or of an e-mail address that we know. Raises ``Problem``: ``not_found``, or
    ``contact_ambiguous`` where several contacts have the address."""
    known = of_contact(connection, installation, given)
    if known is not None:
        return survivor(connection, known.id)
    by_address = sa.select(person.c.id).where(
        person.c.installation == installation,
        sa.func.lower(person.c.email) == given.strip().lower(),
        person.c.email != "",
    )
    found = {
        row.id: row for row in (survivor(connection, i) for i in connection.scalars(by_address))
    }
    if not found:
        raise Problem("not_found", f"Nobody is known here as {given} in {installation}.")
    if len(found) > 1:
        contacts = ", ".join(sorted(row.contact for row in found.values()))
        raise Problem(
            "contact_ambiguous",
            f"Several contacts have that address; name one by its id: {contacts}.",
        )
    return found.popitem()[1]


def document(connection: Connection, whose: Row[Any], now: datetime) -> dict[str, Any]:
    """All of the person and of everyone merged into it."""
    ids = identities(connection, whose.id)
    people = things(connection, sa.select(person).where(person.c.id.in_(ids)))
    held: dict[str, Things] = {"people": sorted(people, key=lambda row: ids.index(row["id"]))}
    for room in reversed(ROOMS):
        held |= room.held(connection, ids)
    held["answers"] = _with_revisions(held["answers"], held.pop("revisions"))
    held["deliveries"] = _deliveries(
        connection, whose.installation, [*ids, *(row["contact"] for row in people)]
    )
    about = {"installation": whose.installation, "contact": whose.contact, "exported_at": now}
    plain: dict[str, Any] = _plain({**about, **held})
    return plain


def _with_revisions(answers: Things, revisions: Things) -> Things:
    return [
        {**one, "revisions": [r for r in revisions if r["answer"] == one["id"]]} for one in answers
    ]


def _deliveries(connection: Connection, installation: str, subjects: Sequence[str]) -> Things:
    """What was owed about the person, to the CRM and from it, and by mail."""
    lanes = [f"{kind}:{installation}" for kind in ("crm", "inbox", "poll", "trigger")]
    theirs = sa.select(delivery).where(
        delivery.c.subject.in_(subjects),
        delivery.c.lane.in_([*lanes, *every_lane(connection)]),
    )
    return things(connection, theirs.order_by(delivery.c.id))


def _plain(value: Any) -> Any:
    """Times as text, ISO 8601 in UTC."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list) else value
