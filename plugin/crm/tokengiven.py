"""Connecting with a ready token: HubSpot's static apps, or a Salesforce session for a quick start."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

import connectors
from connectors.accounts import Connection, Step
from plugin.access.rules import CLI
from plugin.command import WrongUse, note
from plugin.config import Settings
from plugin.crm.actions import connect
from plugin.crm.clients import CRM_NAMES, api_root, api_version
from plugin.crm.connections import Connections
from plugin.crm.oauth import Granted, Wish
from plugin.crm.store import every, find
from plugin.crm.tokens import ReadyToken

STANDARD_INPUT = "-"
Plans: TypeAlias = Sequence[tuple[str, Sequence[Step]]]


def read(args: argparse.Namespace) -> str:
    """The token, or nothing where none was named. Raises ``WrongUse``."""
    if args.token is not None and args.token_file is not None:
        raise WrongUse("Give --token or --token-file, not both.")
    if args.token_file is not None:
        return _checked(_file(args.token_file))
    if args.token == STANDARD_INPUT:
        return _checked(sys.stdin.readline())
    if args.token is not None:
        note(
            "A token on the command line can be seen in the list of processes and in the shell's history; "
            "--token - reads it from standard input."
        )
        return _checked(args.token)
    return ""


def _file(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise WrongUse(f"{path} cannot be read.") from None


def _checked(text: str) -> str:
    token = text.strip()
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise WrongUse("That is no token: it must be one word of plain characters.")
    return token


def identified(connections: Connections, crm: str, token: str, instance_url: str) -> Granted:
    """Whose token it is. Raises ``CrmError`` and ``WrongUse``."""
    settings = connections.services.settings
    spoken = connectors.crm(crm)
    if crm == "salesforce" and not instance_url:
        raise WrongUse("Say which org: --instance-url https://acme.my.salesforce.com")
    if crm != "salesforce" and instance_url:
        raise WrongUse("--instance-url is for Salesforce only.")
    api_url = instance_url or api_root(settings, crm)
    if instance_url:
        api_url = spoken.check_host(instance_url, loopback=settings.relaxed)
    account = spoken.identify(token, api_url=api_url, loopback=settings.relaxed)
    return Granted(Wish(crm), account, token, None, None, api_url, account.scopes)


def store(connections: Connections, granted: Granted) -> str:
    """Connects the account; one that was connected in the browser keeps that, for it lasts longer."""
    services = connections.services
    with services.database.write() as connection:
        known = find(connection, granted.installation)
        if known is not None and known.way == "oauth" and known.state == "connected":
            raise WrongUse(
                f"{known.id} ({known.name}) is connected in the browser, which lasts; a bare token does not. "
                f"Run gensvar install {known.crm} without a token to bring it up to date."
            )
        return connect(connection, services.clock, services.sealer, granted, way="token", who=CLI)


def connected(connections: Connections, crm: str) -> list[str]:
    """Those connected already. Raises ``WrongUse`` when there is none."""
    with connections.services.database.read() as connection:
        rows = [r for r in every(connection) if r.crm == crm and r.state == "connected"]
    if not rows:
        raise WrongUse(
            f"No {CRM_NAMES[crm]} account is connected. Give a token with --token - or --token-file, "
            "or connect in the browser under Installations."
        )
    return [row.id for row in rows]


def plan(connections: Connections, granted: Granted) -> Plans:
    """What an install with this token would do. Raises ``CrmError``."""
    settings, crm = connections.services.settings, granted.wish.crm
    asked = Connection(
        crm=crm,
        account_id=granted.account.id,
        api_url=granted.api_url,
        api_version=api_version(settings, crm),
        loopback=settings.relaxed,
    )
    connector = connectors.crm(crm).connector(asked, ReadyToken(granted.access_token))
    return [(granted.account.name, connector.plan())]


def plans(connections: Connections, crm: str) -> Plans:
    """What bringing the connected accounts up to date would do. Raises ``CrmError``."""
    rows = [connections.row(name) for name in connected(connections, crm)]
    return [(row.name, connections.connector(row).plan()) for row in rows]


def ends(settings: Settings) -> str:
    """What has to be said of a bare Salesforce token."""
    where = f"{settings.base_url or '<BASE_URL>'}/admin/installations/connect/salesforce"
    return (
        "This connection ends when the token ends, often after two hours; answers are then kept until it is "
        f"connected again. Connect it in the browser (OAuth) to stay connected: {where}"
    )
