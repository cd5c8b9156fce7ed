"""Nobody waits five minutes in a demo: whoever does something in a sandbox CRM, or comes to be known here, is noticed
at once."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.engine import Connection

from connectors.sandbox.life import LocalSandbox
from plugin.command import opened
from plugin.config import Settings
from plugin.crm import polls
from plugin.crm.keeping import looks
from plugin.operate.sandbox import Sandboxes
from plugin.segments.keeping import people_here
from plugin.services import Services
from plugin.triggers import looking as triggers

ACTS = {"hubspot": "POST /contacts/", "salesforce": "POST /lightning/"}


class Looking:
    """``turn`` hurries the next looks when somebody did something in one of *sandboxes* since the last one, or when
    there is somebody new."""

    def __init__(self, shared: Services, sandboxes: Sandboxes) -> None:
        self._shared = shared
        hub, org = sandboxes.hubspot, sandboxes.salesforce
        self._crms: dict[str, LocalSandbox] = {
            f"hubspot:{hub.portal_id}": hub,
            f"salesforce:{org.org_id}": org,
        }
        self._noticed = {name: self._done(name) for name in self._crms}

    def turn(self) -> None:
        for name in self._crms:
            done = self._done(name)
            if done != self._noticed[name] and self._hurried(name):
                self._noticed[name] = done

    def _done(self, installation: str) -> tuple[int, int]:
        """What was done there, and how many people are known here: counted, to see whether it became more."""
        acts = self._crms[installation].count(ACTS[installation.partition(":")[0]])
        with self._shared.database.read() as connection:
            return acts, people_here(connection, installation)

    def _hurried(self, installation: str) -> bool:
        with self._shared.database.write() as connection:
            return self._hurry(connection, installation)

    def _hurry(self, connection: Connection, installation: str) -> bool:
        clock = self._shared.clock
        triggers.hurry(connection, clock, installation)
        looks.hurry(connection, clock, installation)
        return polls.hurry(connection, clock, installation)


@contextmanager
def looking(settings: Settings, sandboxes: Sandboxes) -> Iterator[Looking]:
    with opened(settings) as shared:
        yield Looking(shared, sandboxes)
