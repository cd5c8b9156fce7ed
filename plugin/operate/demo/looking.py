"""Nobody waits five minutes in a demo: whoever does something in the sandbox Salesforce is noticed at once."""

from collections.abc import Iterator
from contextlib import contextmanager

from connectors.sandbox.salesforce.sandbox import SalesforceSandbox
from plugin.command import opened
from plugin.config import Settings
from plugin.crm import polls
from plugin.services import Services

ACTS = "POST /lightning/"


class Looking:
    """``turn`` hurries the next poll when somebody did something in *org* since the last one."""

    def __init__(self, shared: Services, org: SalesforceSandbox) -> None:
        self._shared, self._org = shared, org
        self._installation = f"salesforce:{org.org_id}"
        self._noticed = org.count(ACTS)

    def turn(self) -> None:
        done = self._org.count(ACTS)
        if done == self._noticed:
            return
        with self._shared.database.write() as connection:
            if polls.hurry(connection, self._shared.clock, self._installation):
                self._noticed = done


@contextmanager
def looking(settings: Settings, org: SalesforceSandbox) -> Iterator[Looking]:
    with opened(settings) as shared:
        yield Looking(shared, org)
