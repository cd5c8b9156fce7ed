"""Sending what was asked by e-mail: an ask's invitation and its reminders."""

from collections.abc import Mapping

from plugin.asking import mailable, outcomes
from plugin.asking.invitation import link
from plugin.asking.invitations import INVITATION, REMINDER
from plugin.asking.leaving import Leaving, MailOff
from plugin.asking.mailable import Case
from plugin.asking.rules import Asked
from plugin.deliveries.verdicts import Delivery, Handler, NotYet, Verdict, Void
from plugin.mail import letters, unsubscribing
from plugin.mail.letters import Mail
from plugin.mail.office import Office
from plugin.mail.returnpath import return_path
from plugin.services import Services
from widget.letter import Letter, Links, letter
from widget.locales import resolve


class Mailing(Leaving[Case]):
    """Kinds ``invitation`` and ``reminder``."""

    def _load(self, row: Delivery) -> Case | Verdict:
        now = self._services.clock.now()
        with self._services.database.read() as connection:
            case = mailable.load(connection, self._services, row.payload["ask"])
        if case is None:
            return Void("no_such_ask")
        return mailable.over(case, now, row.payload.get("number", 0)) or case

    def _unread(self, case: Case, code: str) -> Verdict:
        return mailable.unread(case, self._services, code, self._services.clock.now())

    def _stands(self, case: Case) -> Void | NotYet | None:
        return mailable.stands(case, self._services.clock.now())

    def _stopped(self, row: Delivery, case: Case, verdict: Void | NotYet) -> Verdict:
        return outcomes.stopped(self._services, case, verdict)

    def _send(self, row: Delivery, case: Case, to: str, within: float) -> Verdict:
        services, number = self._services, row.payload.get("number", 0)
        stop = unsubscribing.link(services, case.her, _locale(case))
        written = _letter(services, case, number, stop)
        envelope = self._office.envelope(
            _mail(services, row, case, written, to, stop),
            return_path(services.settings, case.ask.id, case.her.email),
        )
        told = self._office.send(envelope, row, within)
        return outcomes.told(services, case, number, told)


def handlers(services: Services, office: Office | None) -> Mapping[str, Handler]:
    """By kind. *office*: ``None`` where mail is off."""
    mailing: Handler = MailOff() if office is None else Mailing(services, office)
    return {INVITATION: mailing, REMINDER: mailing}


def _locale(case: Case) -> str:
    return resolve(case.ask.locale or case.her.locale or case.language or "en")


def _letter(services: Services, case: Case, number: int, stop: str) -> Letter:
    locale = _locale(case)
    own = case.touchpoint.wording.get(locale) or {}
    links = Links(
        survey=link(services, _asked(case, locale)),
        unsubscribe=stop,
    )
    return letter(
        locale=locale,
        links=links,
        occasion="reminder" if number else "invitation",
        company=case.touchpoint.company,
        touchpoint=own.get("subject", ""),
        greeting=own.get("greeting", ""),
        kind=case.touchpoint.kind,
    )


def _asked(case: Case, locale: str) -> Asked:
    asked = case.ask
    return Asked(
        ask=asked.id,
        installation=asked.installation,
        contact=case.her.contact,
        touchpoint=asked.touchpoint,
        channel="email",
        locale=locale,
        token_expires_at=asked.expires_at,
    )


def _mail(
    services: Services, row: Delivery, case: Case, written: Letter, to: str, stop: str
) -> Mail:
    first = letters.message_id(services.settings, f"invitation:{case.ask.id}")
    return Mail(
        to=to,
        subject=written.subject,
        text=written.text,
        html=written.html,
        message_id=letters.message_id(services.settings, row.key),
        headers=letters.one_click(stop, written.locale) | _thread(row, first),
    )


def _thread(row: Delivery, first: str) -> dict[str, str]:
    """A reminder stands with its invitation."""
    return {"In-Reply-To": first, "References": first} if row.kind != "invitation" else {}
