"""One mail to each administrator who has an address, when something needs a person."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin import mailboxes
from plugin.access.store import administrator
from plugin.deliveries.actions import Owed, owe
from plugin.deliveries.timers import Schedule
from plugin.deliveries.verdicts import Delivered, Delivery, Later, Verdict, Void, Wait
from plugin.mail import lanes, letters
from plugin.mail.letters import Mail
from plugin.mail.office import Office
from plugin.mail.singly import Singly
from plugin.overview import set_apart
from plugin.overview.troubles import Trouble, troubles
from plugin.services import Services

KIND = "alert"
EVERY = timedelta(minutes=5)


def schedule(services: Services) -> Schedule:
    """Looks whether there is something to tell."""
    return Schedule("plan_alerts", EVERY, partial(_plan, services))


def _plan(services: Services, connection: Connection, now: datetime) -> bool:
    everybody = connection.scalars(
        sa.select(administrator.c.id).where(administrator.c.email != "")
    ).all()
    found = troubles(connection, services.explain)
    owed = [(_topic(key, who), key, who) for key in found for who in everybody]
    owed += [one for who in everybody for one in _set_apart(connection, who, now)]
    if owed:
        name = lanes.ensure(connection, services.settings)
        owe(connection, [_owed(name, *one, now) for one in owed], now)
    return False


def _set_apart(connection: Connection, who: str, now: datetime) -> Iterator[tuple[str, str, str]]:
    topic = _topic("set-apart", who)
    then = set_apart.untold_since(connection, topic, now)
    trouble = set_apart.since(connection, then) if then else None
    if trouble:
        yield topic, trouble.key, who


def _topic(name: str, who: str) -> str:
    return f"{KIND}:{name}:{who}"


def _owed(lane: str, topic: str, key: str, who: str, now: datetime) -> Owed:
    """The key makes it one mail for each time the trouble comes up."""
    payload = {"trouble": key, "administrator": who}
    return Owed(lane, KIND, _topic(key, who), topic, f"administrator:{who}", payload, now)


def _still(connection: Connection, services: Services, key: str) -> Trouble | None:
    """The trouble of that key, if it is there when its mail leaves."""
    if then := set_apart.begins(key):
        return set_apart.since(connection, then)
    return troubles(connection, services.explain).get(key)


class Alerts(Singly):
    """Kind ``alert``. Sent again where nobody knows whether it arrived: two are better than none."""

    def __init__(self, services: Services, office: Office | None) -> None:
        self._services = services
        self._office = office

    def _one(self, row: Delivery, within: float) -> Verdict:
        if self._office is None:
            raise Wait("mail_off")
        with self._services.database.read() as connection:
            trouble = _still(connection, self._services, row.payload["trouble"])
            to = connection.scalar(
                sa.select(administrator.c.email).where(
                    administrator.c.id == row.payload["administrator"]
                )
            )
        if trouble is None or not to:
            return Void("resolved")
        mail = _mail(self._services, row, trouble, to)
        envelope = self._office.envelope(mail, mailboxes.bare(self._services.settings.mail_from))
        return _verdict(self._office.send(envelope, row, within))


def _verdict(told: Any) -> Verdict:
    """An alert that cannot arrive is no trouble of its own."""
    if isinstance(told, Delivered | Later):
        return told
    return Void("mail_refused")


def _mail(services: Services, row: Delivery, trouble: Trouble, to: str) -> Mail:
    address = services.settings.address() + trouble.page
    text = (
        f"{trouble.text}\n\n{address}\n\nThis is told once. You get it because your account in "
        f"Gensvar has this address; take it away under Your account.\n"
    )
    return Mail(
        to=to,
        subject=f"Gensvar: {trouble.subject}",
        text=text,
        message_id=letters.message_id(services.settings, row.id),
    )
