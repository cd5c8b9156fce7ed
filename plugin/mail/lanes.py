"""The lane of the one who sends, and whether mail is on at all."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin import mailboxes
from plugin.config import PREFIX, Settings
from plugin.deliveries.actions import ensure_lane
from plugin.deliveries.store import lane
from plugin.errors import Problem

PREFIX_OF_LANES = "mail:"
_NEEDED = ("mail_url", "mail_from", "mail_reply_to")


def sender_lane(settings: Settings) -> str:
    """``mail:nps@example.com``."""
    return PREFIX_OF_LANES + mailboxes.bare(settings.mail_from).lower()


def every_lane(connection: Connection) -> list[str]:
    """Those of earlier senders too."""
    mine = sa.select(lane.c.id).where(lane.c.id.startswith(PREFIX_OF_LANES))
    return list(connection.scalars(mine.order_by(lane.c.id)))


def ensure(connection: Connection, settings: Settings) -> str:
    """The sender's lane, made where it is not there yet, at the rate of ``MAIL_URL``."""
    name, rate = sender_lane(settings), mailboxes.smtp(settings.mail_url).rate
    known = connection.scalar(sa.select(lane.c.rate).where(lane.c.id == name))
    if known != rate:
        ensure_lane(connection, name, rate)
    return name


def require(settings: Settings) -> None:
    """Raises ``Problem("field_invalid")`` with what is not set, where mail cannot be sent."""
    if not settings.sends_mail:
        raise Problem("field_invalid", why_off(settings), fields={"channel": "mail is off"})


def why_off(settings: Settings) -> str:
    """What is missing, in words; empty where mail is on."""
    missing = [PREFIX + name.upper() for name in _NEEDED if not getattr(settings, name)]
    if not settings.base_url:
        missing.append(f"{PREFIX}BASE_URL")
    if not missing:
        return ""
    verb = "is" if len(missing) == 1 else "are"
    return f"Mail is off, because {' and '.join(missing)} {verb} not set."
