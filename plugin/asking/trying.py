"""An administrator tries a touchpoint: a test contact is asked at once, and what comes of it is in no figure.

Only a colleague or a test contact can be asked so, because the answer goes the whole way, into the CRM too.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy.engine import Connection, Row

from plugin.access.audit import audit
from plugin.access.rules import Who
from plugin.asking import contacts, frequency, situation
from plugin.asking.actions import Wish
from plugin.asking.rules import nobody_left
from plugin.asking.store import ask
from plugin.db import new_id
from plugin.errors import Problem
from plugin.people import actions as people
from plugin.services import Services
from plugin.touchpoints import reading

LIFE = timedelta(days=1)
NO_TEST = "Neither a colleague nor a test contact. Name them under Frequency first."
NOBODY = "This contact was deleted in the CRM, or erased."


def try_out(services: Services, who: Who, wish: Wish) -> str:
    """The id of the open ask that *wish* names, made if there is none; no rule of frequency holds it back, and it
    touches none. Raises ``Problem``: ``field_invalid`` for a contact that is no test contact, ``not_found`` for a
    touchpoint that is not in use, and what finding the contact raises."""
    now = services.clock.now()
    with services.database.write() as connection:
        if reading.get(connection, wish.touchpoint).archived_at:
            raise Problem("not_found", "This touchpoint is archived.")
        known = contacts.known(connection, wish.installation, wish.contact)
        if known is not None and contacts.new_enough(services.clock, known, now):
            return _tried(connection, services, who, wish, known)
    found = contacts.look_up(services, wish.installation, wish.contact, known)
    with services.database.write() as connection:
        person_id = known.id if known is not None else ""
        if found is not None:
            person_id = people.see(connection, wish.installation, found, now)
        return _tried(connection, services, who, wish, people.held(connection, person_id))


def _tried(connection: Connection, services: Services, who: Who, wish: Wish, her: Row[Any]) -> str:
    """*her* row is held until the transaction ends."""
    _check(connection, her)
    opened = situation.look(connection, her, wish.touchpoint, services.clock.now()).opened
    audit(connection, who, "tried", f"touchpoint {wish.touchpoint}")
    return str(opened.id) if opened else _open(connection, services, wish, her)


def _check(connection: Connection, her: Row[Any]) -> None:
    if nobody_left(her):
        raise Problem("field_invalid", NOBODY, fields={"contact": NOBODY})
    if not frequency.load(connection).is_test(her.email, her.contact):
        raise Problem("field_invalid", NO_TEST, fields={"contact": NO_TEST})


def _open(connection: Connection, services: Services, wish: Wish, her: Row[Any]) -> str:
    ask_id, now = new_id(), services.clock.now()
    connection.execute(
        ask.insert().values(
            id=ask_id,
            installation=her.installation,
            person=her.id,
            touchpoint=wish.touchpoint,
            channel="link",
            locale=wish.locale or her.locale,
            created_at=now,
            expires_at=now + services.clock.scaled(LIFE),
            test=True,
        )
    )
    return ask_id
