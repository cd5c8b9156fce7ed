"""What a delivery report says of an invitation."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin.asking import outcomes
from plugin.asking.store import ask
from plugin.mail.bounces import Failed
from plugin.mail.returnpath import Marked, ours
from plugin.people import actions as people
from plugin.services import Services


def failed(services: Services) -> Failed:
    """What a delivery report does: nothing, unless we signed its address for a mail to this very person's address."""

    def note(connection: Connection, mark: Marked, now: datetime) -> bool:
        asked = connection.execute(sa.select(ask).where(ask.c.id == mark.about)).one_or_none()
        if asked is None:
            return False
        her = people.held(connection, asked.person)
        if not ours(services.settings.signing_keys, mark, her.email):
            return False
        if asked.bounced_at is None or her.bounced_at is None:
            outcomes.bounce(connection, asked, her, now)
        return True

    return note
