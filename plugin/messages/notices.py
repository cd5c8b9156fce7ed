"""The line about a change on a host's page: offered to one person, shown once, and only to whoever was not told in
another way.

Several pages may hold an offer at the same time. A page shows its line only after it has said so and was let: the first
one takes it, a mail that has not begun to leave is taken back, and one that has keeps the line away.
"""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin.db import Timestamp, new_id
from plugin.deliveries.actions import take_back
from plugin.mail import lanes
from plugin.messages import cases, outcomes
from plugin.messages.cases import Case
from plugin.messages.excerpts import on_page
from plugin.messages.saying import said
from plugin.messages.store import message, recipient
from plugin.people import actions as people
from plugin.services import Services
from widget.locales import resolve
from widget.snippet import notice
from widget.tokens import LinkInvalid, SurveyToken, Tokens

PURPOSE = "notice"
LIFE = timedelta(hours=24)  # of a token, as of a widget's
SHOWN_IN = ("sending", "done")  # states of a message


class PageNotices:
    """``plugin.asking.noticing.Notices``."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._tokens = Tokens(services.settings.signing_keys, services.clock.now, PURPOSE)

    def waiting(
        self, connection: Connection, person: str, locale: str, now: datetime
    ) -> dict[str, str] | None:
        for one in connection.scalars(_WAITING, {"who": person, "now": now}).all():
            case = cases.load(connection, one)
            if isinstance(case, Case) and self._may_be_told(case, now):
                return self._offer(connection, case, locale, now)
        return None

    def opened(self, text: str) -> SurveyToken | None:
        try:
            return self._tokens.open(text)
        except LinkInvalid:
            return None

    def happened(
        self, connection: Connection, token: SurveyToken, event: str, now: datetime
    ) -> bool:
        case = cases.load(connection, token.id)
        if not isinstance(case, Case):
            return False
        known = case.row.noticed_by == token.contact
        if event == "shown" and known:
            return case.row.dismissed_at is None
        if not known and not self._take(connection, case, token, now):
            return False
        if event == "declined":
            outcomes.dismissed(connection, token.id, now)
        return True

    def _offer(
        self, connection: Connection, case: Case, locale: str, now: datetime
    ) -> dict[str, str]:
        """In the page's language where there is a text in it, else in the one chosen for her."""
        row, tag = case.row, resolve(locale)
        if not locale or tag not in row.texts:
            tag = row.locale
        told = said(connection, row.texts, tag, case.her, row.answer)
        token = SurveyToken(
            id=row.id,
            installation=case.her.installation,
            contact=new_id(),  # of this offer: another page's does not stand for it
            touchpoint=row.change,
            channel="widget",
            locale=tag,
            expires_at=now + self._services.clock.scaled(LIFE),
        )
        text, line = self._tokens.seal(token), on_page(row.texts[tag], told.slots, tag)
        address = self._services.settings.address()
        html = notice(address, text, locale=tag, title=line.title, text=line.text)
        return {"token": text, "snippet": html}

    def _take(self, connection: Connection, case: Case, token: SurveyToken, now: datetime) -> bool:
        """In the order in which a mail is settled: what is owed first, then her row. Where it ends with ``False`` the
        caller takes all of it back."""
        row = case.row
        waits = row.state == "due" and row.reason is None and row.message_state in SHOWN_IN
        if not waits or not self._may_be_told(case, now):
            return False
        ids, meant = people.identities(connection, row.person), {"recipient": row.id}
        mails = lanes.every_lane(connection)
        if not take_back(connection, mails, ids, meant, "already_told", now):
            return False
        mine = (recipient.c.id == row.id, recipient.c.state == "due")
        seen = {"noticed_by": token.contact, "locale": token.locale}
        taken = connection.execute(recipient.update().where(*mine).values(**seen))
        return bool(taken.rowcount) and outcomes.noticed(connection, row.id, now)

    def _may_be_told(self, case: Case, now: datetime) -> bool:
        """As she is now, whatever was so when the message was begun."""
        stopped = cases.stopped_by(case, self._services.clock, now, by_mail=False)
        return "widget" in case.row.channels and stopped is None


_WAITING = (
    sa.select(recipient.c.id)
    .join(message, message.c.change == recipient.c.change)
    .where(
        recipient.c.person == sa.bindparam("who"),
        recipient.c.state == "due",
        recipient.c.reason.is_(None),
        recipient.c.due_at <= sa.bindparam("now", type_=Timestamp),
        message.c.state.in_(SHOWN_IN),
    )
    .order_by(recipient.c.due_at, recipient.c.change)
)
