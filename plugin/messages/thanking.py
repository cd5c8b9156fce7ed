"""Sending thanks by mail."""

from datetime import datetime

from sqlalchemy.engine import Connection

from plugin.asking.leaving import Leaving
from plugin.deliveries.rules import MOST_FAILS
from plugin.deliveries.verdicts import (
    Delivered,
    Delivery,
    Effect,
    Later,
    NotYet,
    Parked,
    Unsure,
    Verdict,
    Void,
)
from plugin.mail import letters, unsubscribing
from plugin.mail.letters import Mail
from plugin.mail.office import Bounced, Told
from plugin.mail.returnpath import return_path
from plugin.mail.words import DOUBT
from plugin.messages import cases, outcomes
from plugin.messages.cases import Case
from plugin.messages.letters import thanks
from plugin.messages.outcomes import Doing
from plugin.messages.saying import Said
from widget.letter import Letter

KIND = "thanks"


class Thanking(Leaving[Case]):
    """Kind ``thanks``."""

    def _doubtful(self, row: Delivery) -> Verdict:
        return Unsure(DOUBT, effect=_on(row, outcomes.unsure, sent=True))

    def _load(self, row: Delivery) -> Case | Verdict:
        clock = self._services.clock
        with self._services.database.read() as connection:
            case = cases.load(connection, row.payload["recipient"])
        if not isinstance(case, Case):
            return case
        return cases.over(case, clock.now(), clock.scaled(cases.LOOK_AGAIN)) or case

    def _unread(self, case: Case, code: str) -> Verdict:
        return cases.unread(code, self._services.clock)

    def _stands(self, case: Case) -> Void | NotYet | None:
        return cases.stands(case, self._services, self._services.clock.now())

    def _stopped(self, row: Delivery, case: Case, verdict: Void | NotYet) -> Verdict:
        return _void(row, verdict.reason) if isinstance(verdict, Void) else verdict

    def _send(self, row: Delivery, case: Case, to: str, within: float) -> Verdict:
        stop = unsubscribing.link(self._services, case.her, case.row.locale)
        try:
            written = self._letter(case.said, stop)
        except LookupError:
            return _void(row, "no_text")
        mail = Mail(
            to=to,
            subject=written.subject,
            text=written.text,
            html=written.html,
            message_id=letters.message_id(self._services.settings, row.key),
            headers=letters.one_click(stop, written.locale),
        )
        sender = return_path(self._services.settings, case.row.id, case.her.email)
        return self._settled(
            row, case, self._office.send(self._office.envelope(mail, sender), row, within)
        )

    def _letter(self, told: Said, stop: str) -> Letter:
        return thanks(
            self._services,
            locale=told.locale,
            change_texts=told.texts,
            company=told.company,
            words=told.words,
            first_name=told.first_name,
            touchpoint_name=told.touchpoint,
            unsubscribe=stop,
        )

    def _settled(self, row: Delivery, case: Case, told: Told) -> Verdict:
        now = self._services.clock.now()
        match told:
            case Delivered(proof=proof):
                proof = letters.message_id(self._services.settings, proof)
                return Delivered(proof, effect=_done(row, case, now))
            case Bounced():
                comes_back = _on(row, lambda c, her: outcomes.bounced(c, her, now))
                return Void("bounced", effect=comes_back)
            case Unsure(detail=detail):
                return Unsure(detail, effect=_on(row, outcomes.unsure, sent=True))
            case Later(detail=detail) if row.fails + 1 >= MOST_FAILS:
                return _parked(row, "kept_failing", detail)
            case Parked(code=code, detail=detail):
                return _parked(row, code, detail)
        return told


def _done(row: Delivery, case: Case, now: datetime) -> Effect:
    """Written at once where she is who she was when the mail left, as almost always."""
    otherwise = _on(row, lambda connection, her: outcomes.mailed(connection, her, now), sent=True)

    def effect(connection: Connection) -> None:
        if not outcomes.mailed_as_read(connection, case.row, case.her, now):
            otherwise(connection)

    return effect


def _void(row: Delivery, reason: str) -> Void:
    return Void(reason, effect=_on(row, _because(reason)))


def _parked(row: Delivery, code: str, detail: str) -> Parked:
    return Parked(code, detail, effect=_on(row, _because(code)))


def _because(reason: str) -> Doing:
    return lambda connection, her: outcomes.no_mail(connection, her, reason)


def _on(row: Delivery, doing: Doing, *, sent: bool = False) -> Effect:
    """On the recipient's row. What was *sent*, or may have been, was sent to the one she became as well."""

    def effect(connection: Connection) -> None:
        her = outcomes.of(connection, row.payload["recipient"])
        if her is None and sent:
            her = outcomes.instead(connection, row.payload["change"], row.subject)
        if her is not None:
            doing(connection, her)

    return effect
