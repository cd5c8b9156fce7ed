"""``gensvar demo``: starts everything in order, says what to open, and ends everything in order."""

import argparse
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from connectors.errors import CrmError
from connectors.sandbox.server import LocalServer
from plugin.access.actions import admin_link
from plugin.command import note, opened, show
from plugin.config import BadSetting
from plugin.operate.demo import history, settings, story
from plugin.operate.demo.connecting import connect
from plugin.operate.demo.host import Host, create_host
from plugin.operate.demo.looking import Looking, looking
from plugin.operate.demo.people import CRMS, customers
from plugin.operate.demo.ports import Ports
from plugin.operate.demo.seeding import TOUCHPOINTS, seed
from plugin.operate.demo.server import served
from plugin.operate.demo.words import ready
from plugin.operate.sandbox import Sandboxes
from plugin.operate.until_told import Told, until_told

PAUSE = 0.5


class NotConnected(BadSetting):
    """A sandbox CRM refused what we did."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """What was set up before the web starts."""

    settings: dict[str, str]
    installations: dict[str, str]
    keys: dict[str, str] = field(repr=False)
    admin_link: str = field(repr=False)


def demo(ports: Ports, folder: Path) -> int:
    """Runs in *folder* until SIGINT or SIGTERM; 1 when the web ended by itself."""
    with until_told() as told:
        note("Starting two sandbox CRMs, a mail catcher, Gensvar and a host page ...")
        with _sandboxes(ports) as sandboxes:
            prepared = _prepared(ports, sandboxes)
            log, child = folder / "server.log", settings.for_child(prepared.settings)
            with (
                served(ports.named["Gensvar"], child, log) as web,
                _host_page(ports, sandboxes, prepared) as host,
                looking(settings.load(prepared.settings), sandboxes) as eyes,
            ):
                _introduce(ports, sandboxes)
                shell = settings.write_environment(prepared.settings)
                words = ready(ports, host.customers, prepared.admin_link, shell, log)
                show(argparse.Namespace(), None, words)
                return _wait(told, web, eyes)


def _sandboxes(ports: Ports) -> Sandboxes:
    named = ports.named
    return Sandboxes(named["HubSpot"], named["Salesforce"], named["SMTP"])


def _prepared(ports: Ports, sandboxes: Sandboxes) -> Prepared:
    """Database, both CRMs connected, touchpoints, keys, a year of answers: closed again before the web opens it."""
    given = settings.variables(ports, sandboxes)
    with opened(settings.load(given)) as shared:
        try:
            installations = {crm: connect(shared, crm) for crm in CRMS}
        except CrmError as error:
            raise NotConnected(f"A sandbox CRM could not be connected: {error}") from None
        keys = seed(shared, list(installations.values()))
        history.seed(shared, sandboxes, installations, shared.clock.now() - story.ANNOUNCED)
        story.tell(shared, installations)
        return Prepared(given, installations, keys, admin_link(shared))


def _introduce(ports: Ports, sandboxes: Sandboxes) -> None:
    """From here on the sandbox HubSpot speaks to us: webhooks, also of tasks, and the card's requests. The panel in
    Salesforce offers our touchpoints."""
    options = sandboxes.hubspot.portal.options
    options.app_url, options.task_webhooks, options.webhook_retry = ports.url("Gensvar"), True, 5.0
    sandboxes.salesforce.options.touchpoints = tuple(draft.key for draft in TOUCHPOINTS)


@contextmanager
def _host_page(ports: Ports, sandboxes: Sandboxes, prepared: Prepared) -> Iterator[Host]:
    host = Host(ports.url("Gensvar"), prepared.keys, customers(sandboxes, prepared.installations))
    page = LocalServer(create_host(host), ports.named["host page"])
    page.start()
    try:
        yield host
    finally:
        page.stop()


def _wait(told: Told, web: "subprocess.Popen[bytes]", eyes: Looking) -> int:
    while not told.wait(PAUSE):
        eyes.turn()
        if web.poll() is not None:
            note("The web has ended by itself; its log says why. Everything else ends now.")
            return 1
    note("Stopping.")
    return 0
