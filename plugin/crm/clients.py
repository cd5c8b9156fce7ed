"""From an installation's row to what connectors speak of: its OAuth client and its connection."""

from typing import Any

from sqlalchemy.engine import Row

from connectors.accounts import Client, Connection
from connectors.manifest import manifest
from plugin.config import Settings
from plugin.crm.seals import opened
from plugin.sealing import Sealer

CRM_NAMES = {"hubspot": "HubSpot", "salesforce": "Salesforce"}


def own_client(settings: Settings, crm: str, host: str = "") -> Client:
    """The client that the settings name; its id is empty where they name none."""
    sign_in = {
        "hubspot": settings.hubspot_authorize_url,
        "salesforce": settings.salesforce_login_url,
    }[crm]
    return Client(
        id=getattr(settings, f"{crm}_client_id"),
        secret=getattr(settings, f"{crm}_client_secret"),
        host=host or sign_in,
    )


def client_of(settings: Settings, sealer: Sealer, row: Row[Any]) -> Client:
    """The client this installation was connected with: its own, else the settings'."""
    ours = own_client(settings, row.crm, row.login_host)
    if not row.client_id:
        return ours
    return Client(row.client_id, opened(sealer, row, "client_secret"), ours.host)


def connection_of(settings: Settings, sealer: Sealer, row: Row[Any]) -> Connection:
    return Connection(
        crm=row.crm,
        account_id=row.account,
        api_url=row.api_url,
        api_version=api_version(settings, row.crm),
        loopback=settings.relaxed,
        capabilities=row.capabilities,
        client=client_of(settings, sealer, row) if row.way == "oauth" else None,
    )


def api_version(settings: Settings, crm: str) -> str:
    version: str = getattr(settings, f"{crm}_api_version") or getattr(manifest(), crm).api_version
    return version


def api_root(settings: Settings, crm: str) -> str:
    """Where a CRM is spoken to before it has told us its own address; empty where only it can."""
    return settings.hubspot_api_url if crm == "hubspot" else ""
