"""Which app's secret HubSpot signs with: an installation's own client's, or that of the settings."""

from collections.abc import Iterable
from typing import Any

import structlog
from sqlalchemy.engine import Row

from plugin.crm.clients import client_of, own_client
from plugin.sealing import SealBroken
from plugin.services import Services

log = structlog.get_logger()
HUBSPOT = "hubspot"


def secret_of(services: Services, row: Row[Any] | None) -> str:
    """Of this installation's app; of the settings' for an account we are not connected to. Empty where there is none
    or its seal does not open."""
    if row is None:
        return own_client(services.settings, HUBSPOT).secret
    try:
        return client_of(services.settings, services.sealer, row).secret
    except SealBroken:
        log.error("seal_broken", installation=row.id)
        return ""


def by_secret(services: Services, rows: Iterable[Row[Any]]) -> dict[str, dict[str, Row[Any]]]:
    """Every known secret, and the installations of its app by account: nobody may speak for those of another."""
    found: dict[str, dict[str, Row[Any]]] = {secret_of(services, None): {}}
    for row in rows:
        found.setdefault(secret_of(services, row), {})[row.account] = row
    return {secret: accounts for secret, accounts in found.items() if secret}


def is_ours(row: Row[Any], app: str) -> bool:
    """Whether *app* is the installation's, as far as either side names one."""
    known = str(row.capabilities.get("app_id", ""))
    return not known or not app or known == app
