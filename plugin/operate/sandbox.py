"""``gensvar sandbox``: both sandbox CRMs with believable people, and a mail catcher. This machine only."""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from connectors.sandbox.hubspot.sandbox import HubSpotSandbox
from connectors.sandbox.hubspot.seed import seed as seed_hubspot
from connectors.sandbox.salesforce.sandbox import SalesforceSandbox
from connectors.sandbox.salesforce.seed import seed as seed_salesforce
from plugin import config
from plugin.command import WrongUse, show
from plugin.operate.mail_catcher import MailCatcher
from plugin.operate.ports import check_ports
from plugin.operate.until_told import until_told


@dataclass
class Sandboxes:
    """Three servers and who lives in them. Raises ``PortTaken``."""

    hubspot_port: int = 0
    salesforce_port: int = 0
    mail_port: int = 0
    hubspot_people: dict[str, str] = field(default_factory=dict)
    salesforce_people: dict[str, str] = field(default_factory=dict)

    def __enter__(self) -> "Sandboxes":
        self._stops: list[Callable[[], None]] = []
        self.hubspot = self._started(HubSpotSandbox(self.hubspot_port))
        self.salesforce = self._started(SalesforceSandbox(self.salesforce_port))
        self.mail = self._started(MailCatcher(self.mail_port, self.mail_port + 1))
        self.hubspot_people = seed_hubspot(self.hubspot)
        self.salesforce_people = seed_salesforce(self.salesforce)
        return self

    def __exit__(self, *error: object) -> None:
        for stop in reversed(self._stops):
            stop()

    def _started(self, server: Any) -> Any:
        server.start()
        self._stops.append(server.stop)
        return server


def sandbox(args: argparse.Namespace) -> int:
    """Serves until SIGINT or SIGTERM. Raises ``WrongUse`` in production and for ports that meet."""
    settings = config.read()
    if not settings.relaxed:
        raise WrongUse(
            "The sandbox CRMs hold made-up people and secrets that everybody knows, so they do not run "
            "in production. Set GENSVAR_ENV=demo or GENSVAR_ENV=test."
        )
    ports = {
        "HubSpot": args.hubspot_port,
        "Salesforce": args.salesforce_port,
        "SMTP": args.mail_port,
        "mail page": args.mail_port + 1,
    }
    check_ports(ports)
    with until_told() as told, Sandboxes(*list(ports.values())[:3]) as running:
        running.hubspot.portal.options.app_url = settings.base_url
        show(args, description(running), lines(running))
        told.wait()
    return 0


def description(running: Sandboxes) -> dict[str, Any]:
    """What somebody needs to connect; every secret here is made up and the same everywhere."""
    hub, org, mail = running.hubspot, running.salesforce, running.mail
    return {
        "hubspot": {
            "url": hub.url,
            "account": hub.portal_id,
            "installation": f"hubspot:{hub.portal_id}",
            "client_id": hub.client.id,
            "client_secret": hub.client.secret,
            "token": hub.token(),
            "contacts": running.hubspot_people,
        },
        "salesforce": {
            "url": org.url,
            "account": org.org_id,
            "installation": f"salesforce:{org.org_id}",
            "client_id": org.client.id,
            "client_secret": org.client.secret,
            "token": org.token(),
            "contacts": running.salesforce_people,
        },
        "mail": {"url": mail.url, "page": mail.page_url},
        "environment": environment(running),
    }


def environment(running: Sandboxes) -> dict[str, str]:
    """The settings with which Gensvar uses these sandboxes."""
    hub, org = running.hubspot, running.salesforce
    return {
        "GENSVAR_HUBSPOT_API_URL": hub.url,
        "GENSVAR_HUBSPOT_AUTHORIZE_URL": f"{hub.url}/oauth/authorize",
        "GENSVAR_HUBSPOT_CLIENT_ID": hub.client.id,
        "GENSVAR_HUBSPOT_CLIENT_SECRET": hub.client.secret,
        "GENSVAR_SALESFORCE_LOGIN_URL": org.url,
        "GENSVAR_SALESFORCE_CLIENT_ID": org.client.id,
        "GENSVAR_SALESFORCE_CLIENT_SECRET": org.client.secret,
        "GENSVAR_MAIL_URL": running.mail.url,
    }


def lines(running: Sandboxes) -> Sequence[str]:
    found = description(running)
    return [
        f"Sandbox HubSpot     {found['hubspot']['url']}  account {found['hubspot']['account']}",
        f"                    token {found['hubspot']['token']}",
        f"Sandbox Salesforce  {found['salesforce']['url']}  org {found['salesforce']['account']}",
        f"                    token {found['salesforce']['token']}",
        f"Mail catcher        {found['mail']['url']}  page {found['mail']['page']}",
        "",
        "Settings to use them (every secret here is made up):",
        "  GENSVAR_ENV=demo",
        *(f"  {name}={value}" for name, value in found["environment"].items()),
        "",
        "Open the two CRMs in a browser to see their contacts. Ctrl-C ends it.",
    ]
