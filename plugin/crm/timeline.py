"""What it costs to write on the timelines of those whom a message tells: said before anybody is told."""

from collections.abc import Mapping
from datetime import timedelta
from math import ceil

from connectors.errors import CrmError
from plugin.crm.connections import Connections
from plugin.mailboxes import smtp
from plugin.messages.timeline import Cost

# Of calls that are not full so many go at once in so long; then they are gathered.
PARTIAL, SPAN = 20, timedelta(minutes=5)
BATCH = 100  # where the connector cannot be asked
HOUR = timedelta(hours=1)


class TimelineCost:
    """See ``plugin.messages.timeline.Estimate``."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def __call__(self, people: Mapping[str, int], per_hour: int | None = None) -> Cost:
        records = sum(people.values())
        full = sum(ceil(n / self._batch(account)) for account, n in people.items())
        spans = ceil(records / self._mails_an_hour(per_hour) * (HOUR / SPAN))
        return Cost(records, full, min(records, full + spans * PARTIAL * len(people)))

    def _batch(self, installation: str) -> int:
        try:
            return self._connections.limits(installation).batch
        except (LookupError, CrmError):
            return BATCH

    def _mails_an_hour(self, per_hour: int | None) -> float:
        settings = self._connections.services.settings
        fastest = smtp(settings.mail_url).rate * HOUR.total_seconds() if settings.sends_mail else 1
        return min(per_hour or fastest, fastest)
