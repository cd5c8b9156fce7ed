"""What rooms to the left may ask of rooms to the right, plugged into the services."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin.asking import words as asking
from plugin.asking.store import ask
from plugin.changes.store import change
from plugin.crm.directory import accounts, connections
from plugin.crm.records import record_url
from plugin.crm.rules import plain
from plugin.crm.store import find, installation
from plugin.crm.timeline import TimelineCost
from plugin.deliveries.words import Reason, Words
from plugin.mail import words as mail
from plugin.messages import automatic
from plugin.messages import words as messages
from plugin.messages.notices import PageNotices
from plugin.messages.store import message
from plugin.services import Services


def plug_in(shared: Services) -> None:
    shared.accounts = accounts
    shared.was_asked = was_asked
    shared.explain = explain
    shared.account_says = account_says
    shared.change_moved = automatic.moved
    shared.record_of = record_of
    shared.uses_of_segment = uses_of_segment
    shared.notice = PageNotices(shared)
    shared.timeline_cost = TimelineCost(connections(shared))


def explain(code: str) -> Reason:
    """What a reason means: about mail, about what is told, about asking, else a CRM's."""
    for known in (mail.REASONS, messages.LEDGER):
        if code in known:
            return known[code]
    return Words(asking.REASONS[code]) if code in asking.REASONS else plain(code)


def was_asked(connection: Connection, touchpoint: str) -> bool:
    """Whether anybody was asked at this touchpoint."""
    return bool(connection.scalar(sa.select(sa.exists().where(ask.c.touchpoint == touchpoint))))


def account_says(connection: Connection, account: str, what: str) -> str:
    """What the CRM said about the whole account at its set-up."""
    query = sa.select(installation.c.capabilities).where(installation.c.id == account)
    return str((connection.scalar(query) or {}).get(what, ""))


def record_of(connection: Connection, account: str, contact: str) -> str:
    """Where the contact's record is in its CRM."""
    row = find(connection, account)
    return record_url(row, contact) if row is not None else ""


def uses_of_segment(connection: Connection, key: str) -> list[str]:
    """The messages that still go by it."""
    named = sa.select(change.c.title, message).join(change, change.c.id == message.c.change)
    return [
        f"the message of “{row.title}”"
        for row in connection.execute(named.where(message.c.state.not_in(("stopped", "done"))))
        if key in (*row.plus, *row.only, *row.minus)
    ]
