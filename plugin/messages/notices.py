"""The line about a change on a host's page: offered to one person, shown once, and only to whoever was not told in
another way.

Several pages may hold an offer at the same time. A page shows its line only after it has said so and was let: the first
one takes it, a mail that has not begun to leave is taken back, and one that has keeps the line away.
"""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from plugin.db import Timestamp, new_id
from plugin.deliveries.actions import take_back
from plugin.mail import lanes
from plugin.messages import outcomes
from plugin.messages.excerpts import excerpt
from plugin.messages.letters import spoken
from plugin.messages.placeholders import Slots
from plugin.messages.saying import said
from plugin.messages.store import message, recipient
from plugin.people import actions as people
from plugin.people.store import person
from plugin.services import Services
from widget.locales import resolve
from widget.snippet import notice
from widget.tokens import LinkInvalid, SurveyToken, Tokens

PURPOSE = "notice"
LIFE = timedelta(hours=24)  # of a token, as of a widget's


class PageNotices:
    """``plugin.asking.noticing.Notices``."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._tokens = Tokens(services.settings.signing_keys, services.clock.now, PURPOSE)

    def waiting(
        self, connection: Connection, person: str, locale: str, now: datetime
    ) -> dict[str, str] | None:
        rows = connection.execute(_WAITING, {"who": person, "now": now}).all()
        row = next((row for row in rows if self._may_be_told(row, now)), None)
        return None if row is None else self._offer(connection, row, locale, now)

    def opened(self, text: str) -> SurveyToken | None:
        try:
            return self._tokens.open(text)
        except LinkInvalid:
            return None

    def happened(
        self, connection: Connection, token: SurveyToken, event: str, now: datetime
    ) -> bool:
        row = connection.execute(_ONE, {"mark": token.id}).one_or_none()
        if row is None:
            return False
        known = row.noticed_by == token.contact
        if event == "shown" and known:
            return row.dismissed_at is None
        if not known and not self._take(connection, row, token, now):
            return False
        if event == "declined":
            outcomes.dismissed(connection, row.id, now)
        return True

    def _offer(
        self, connection: Connection, row: Row[Any], locale: str, now: datetime
    ) -> dict[str, str] | None:
        """In the page's language where there is a text in it, else in the one chosen for her."""
        tag = resolve(locale) if locale and resolve(locale) in row.texts else row.locale
        her = people.survivor(connection, row.person)
        told = said(connection, row.texts, tag, her, row.answer)
        slots = Slots(told.first_name, told.company, told.touchpoint, told.words)
        own = row.texts[tag]
        token = SurveyToken(
            id=row.id,
            installation=her.installation,
            contact=new_id(),  # of this offer: another page's does not stand for it
            touchpoint=row.change,
            channel="widget",
            locale=tag,
            expires_at=now + self._services.clock.scaled(LIFE),
        )
        text, address = self._tokens.seal(token), self._services.settings.address()
        title = spoken(own["subject"], slots, tag)
        words = excerpt(own["body"], slots, tag)
        return {
            "token": text,
            "snippet": notice(address, text, locale=tag, title=title, text=words),
        }

    def _take(
        self, connection: Connection, row: Row[Any], token: SurveyToken, now: datetime
    ) -> bool:
        """In the order in which a mail is settled: what is owed first, then her row. Where it ends with ``False`` the
        caller takes all of it back."""
        waits = row.state == "due" and row.reason is None and row.message_state in _SHOWN_IN
        if not waits or not self._may_be_told(row, now):
            return False
        ids, meant = people.identities(connection, row.person), {"recipient": row.id}
        mails = lanes.every_lane(connection)
        if not take_back(connection, mails, ids, meant, "already_told", now):
            return False
        mine = recipient.c.id == row.id, recipient.c.state == "due"
        seen = {"noticed_by": token.contact, "locale": token.locale}
        taken = connection.execute(recipient.update().where(*mine).values(**seen))
        return bool(taken.rowcount) and outcomes.noticed(connection, row.id, now)

    def _may_be_told(self, row: Row[Any], now: datetime) -> bool:
        """As she is now, whatever was so when the message was begun."""
        gone = (row.erased_at, row.gone_at, row.survivor, row.unsubscribed_at)
        days = self._services.clock.scaled(timedelta(days=row.recent_days))
        lately = row.last_messaged_at is not None and row.last_messaged_at + days > now
        return "widget" in row.channels and not any(gone) and not lately


_SHOWN_IN = ("sending", "done")
_LINES = (
    sa.select(
        recipient,
        message.c.state.label("message_state"),
        message.c.channels,
        message.c.texts,
        message.c.recent_days,
        person.c.erased_at,
        person.c.gone_at,
        person.c.survivor,
        person.c.unsubscribed_at,
        person.c.last_messaged_at,
    )
    .join(message, message.c.change == recipient.c.change)
    .join(person, person.c.id == recipient.c.person)
)
_WAITING = _LINES.where(
    recipient.c.person == sa.bindparam("who"),
    recipient.c.state == "due",
    recipient.c.reason.is_(None),
    recipient.c.due_at <= sa.bindparam("now", type_=Timestamp),
    message.c.state.in_(_SHOWN_IN),
).order_by(recipient.c.due_at, recipient.c.change)
_ONE = _LINES.where(recipient.c.id == sa.bindparam("mark"))
