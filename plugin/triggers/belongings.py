"""What stands here of a person: the events she was to be asked about. Whom a trigger draws from are ids of the CRM."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin.people.belongings import Things, things
from plugin.people.store import person
from plugin.triggers.store import trigger, trigger_contact, trigger_event


def move(connection: Connection, merged: str, survivor: str) -> int:
    theirs = trigger_event.update().where(trigger_event.c.person == merged)
    return connection.execute(theirs.values(person=survivor)).rowcount


def forget(connection: Connection, people: Sequence[str]) -> int:
    """Their places in lists and flows of their own account too; another account may have the same record ids."""
    places = (
        sa.select(trigger.c.key, person.c.contact)
        .join(person, person.c.installation == trigger.c.installation)
        .where(person.c.id.in_(people))
    )
    drawn = sa.tuple_(trigger_contact.c.trigger, trigger_contact.c.contact)
    connection.execute(trigger_contact.delete().where(drawn.in_(places)))
    theirs = trigger_event.delete().where(trigger_event.c.person.in_(people))
    return connection.execute(theirs).rowcount


def held(connection: Connection, people: Sequence[str]) -> Mapping[str, Things]:
    events = sa.select(trigger_event).where(trigger_event.c.person.in_(people))
    return {"trigger_events": things(connection, events.order_by(trigger_event.c.id))}
