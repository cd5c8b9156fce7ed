"""What became of an ask, in one state, and how far a question got."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from plugin.asking.store import ask
from plugin.db import Timestamp

# Each with its words, the tone of its badge, and what it means.
STATES = {
    "waiting": (
        "waiting to be mailed",
        "calm",
        "The mail has not left yet, or the mail server never said whether it took it: see Deliveries.",
    ),
    "handed_over": (
        "handed over",
        "calm",
        "The page or link was handed over. Nobody has opened it yet, or nobody passed it on.",
    ),
    "delivered": ("delivered", "calm", "The contact's mail server took the mail."),
    "opened": ("opened", "calm", "The question was in front of the contact."),
    "answered": ("answered", "good", "The contact answered."),
    "declined": ("declined", "warn", "The contact closed the question without an answer."),
    "bounced": ("bounced", "bad", "The mail came back."),
    "expired": ("expired", "calm", "The time to answer is over."),
    "joined": (
        "joined with another",
        "calm",
        "Two contacts who had both been asked were merged: the newer ask stands for both.",
    ),
}


def state(now: datetime) -> sa.ColumnElement[str]:
    """Of rows of ``ask``: one of ``STATES``, the one that says most."""
    late = ask.c.expires_at <= sa.literal(now, Timestamp)
    found: sa.ColumnElement[str] = sa.case(
        (ask.c.became.is_not(None), "joined"),
        (ask.c.state.in_(("answered", "declined")), ask.c.state),
        (ask.c.bounced_at.is_not(None), "bounced"),
        (sa.or_(ask.c.state == "expired", late), "expired"),
        (ask.c.shown_at.is_not(None), "opened"),
        (ask.c.channel != "email", "handed_over"),
        (ask.c.mailed_at.is_not(None), "delivered"),
        else_="waiting",
    )
    return found


STANDS: sa.ColumnElement[bool] = ask.c.became.is_(None)
DELIVERED: sa.ColumnElement[bool] = sa.and_(
    ask.c.mailed_at.is_not(None), ask.c.bounced_at.is_(None)
)
ANSWERED: Any = ask.c.state == "answered"
REACTED: Any = ask.c.state.in_(("answered", "declined"))
# An answer tells of the opening too: a page without script does not.
OPENED: sa.ColumnElement[bool] = sa.or_(ask.c.shown_at.is_not(None), REACTED)
# What a rate of answers is a share of: the mails that arrived, and the pages and links that were seen.
REACHED: sa.ColumnElement[bool] = sa.or_(DELIVERED, OPENED)
