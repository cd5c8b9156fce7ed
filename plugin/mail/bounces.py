"""Looking for delivery reports: one row on a lane of its own, whose settling owes the next look."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TypeAlias

import sqlalchemy as sa
import structlog
from sqlalchemy.engine import Connection

from plugin import mailboxes
from plugin.db import new_id
from plugin.deliveries.actions import Owed, ensure_lane, forget, owe
from plugin.deliveries.store import delivery, queued
from plugin.deliveries.verdicts import Delivered, Delivery, Effect, Lane, Verdict, Void, Wait
from plugin.mail.mailbox import TROUBLE, Mailbox, Unreadable, opened
from plugin.mail.reports import read
from plugin.mail.returnpath import Marked
from plugin.services import Services

log = structlog.get_logger()

KIND = "bounce_look"
LANE = "bounces:mailbox"
EVERY = timedelta(minutes=2)
STEP = 5.0  # seconds that the mail server has for one answer
AT_ONCE = 50  # mails in one look

# Notes that a mail of ours will never arrive; whether we sent one is decided there.
Failed: TypeAlias = Callable[[Connection, Marked, datetime], bool]


class BounceLooks:
    """Kind ``bounce_look``. Each mail's work is written down before the mail is marked, and doing it twice is no
    different from once."""

    def __init__(self, services: Services, failed: Failed) -> None:
        self._services = services
        self._failed = failed

    def limit(self, lane: str) -> int:
        return 1

    def handle(self, lane: Lane, rows: Sequence[Delivery], within: float) -> Sequence[Verdict]:
        if not self._services.settings.bounce_url:
            return [Void("mail_off") for _ in rows]
        more = self._look(self._services.clock.monotonic() + within)
        return [Delivered(effect=self._next(at_once=more)) for _ in rows]

    def _look(self, ends: float) -> bool:
        """Whether more is waiting."""
        server = mailboxes.imap(self._services.settings.bounce_url)
        try:
            with opened(server, STEP) as mailbox:
                waiting = mailbox.waiting()
                for uid in waiting[:AT_ONCE]:
                    if self._services.clock.monotonic() > ends - 2 * STEP:
                        return True
                    self._take(mailbox, uid)
        except Unreadable as error:
            raise Wait(error.code) from None
        except TROUBLE:
            raise Wait("reports_unreachable") from None
        return len(waiting) > AT_ONCE

    def _take(self, mailbox: Mailbox, uid: str) -> None:
        report = read(mailbox.read(uid))
        if report.marks and report.final:
            now = self._services.clock.now()
            with self._services.database.write() as connection:
                known = [self._failed(connection, mark, now) for mark in report.marks]
            log.info("delivery_report", ours=any(known))
        mailbox.done(uid)

    def _next(self, *, at_once: bool) -> Effect:
        def effect(connection: Connection) -> None:
            forget(connection, LANE)
            now = self._services.clock.now()
            _owe(connection, now if at_once else now + self._services.clock.scaled(EVERY), now)

        return effect


def ensure(connection: Connection, services: Services) -> None:
    """At start: looks from now on, where there is a mailbox to look into."""
    if services.settings.bounce_url:
        ensure_lane(connection, LANE, 1.0)
        waiting = sa.select(delivery.c.id).where(delivery.c.lane == LANE, queued)
        if connection.execute(waiting.limit(1)).first() is None:
            _owe(connection, services.clock.now(), services.clock.now())


def _owe(connection: Connection, due_at: datetime, now: datetime) -> None:
    owe(connection, [Owed(LANE, KIND, f"{LANE}:{new_id()}", LANE, LANE, {}, due_at)], now)
