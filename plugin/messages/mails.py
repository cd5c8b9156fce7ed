"""All that has to do with mail in a worker, by kind: what leaves and what comes back."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.engine import Connection

from plugin.asking import mailing, reports
from plugin.asking.leaving import MailOff
from plugin.deliveries.verdicts import Handler
from plugin.mail.bounces import KIND, BounceLooks, Failed
from plugin.mail.office import Office
from plugin.mail.returnpath import Marked, ours
from plugin.messages import outcomes, testing, thanking
from plugin.people import actions as people
from plugin.services import Services


def handlers(services: Services, office: Office | None) -> Mapping[str, Handler]:
    """The most urgent first. *office*: ``None`` where mail is off."""
    return {
        **mailing.handlers(services, office),
        testing.KIND: MailOff() if office is None else testing.Tests(services, office),
        thanking.KIND: MailOff() if office is None else thanking.Thanking(services, office),
        KIND: BounceLooks(services, _either(reports.failed(services), failed(services))),
    }


def failed(services: Services) -> Failed:
    """What a delivery report does: nothing, unless we signed its address for a mail to this very person's address."""

    def note(connection: Connection, mark: Marked, now: datetime) -> bool:
        row = outcomes.of(connection, mark.about)
        if row is None:
            return False
        her = people.held(connection, row.person)
        if not ours(services.settings.signing_keys, mark, her.email):
            return False
        if row.bounced_at is None or her.bounced_at is None:
            outcomes.bounced(connection, row, now)
        return True

    return note


def _either(*known: Failed) -> Failed:
    """Whoever knows what the mail was about."""
    return lambda connection, mark, now: any(one(connection, mark, now) for one in known)
