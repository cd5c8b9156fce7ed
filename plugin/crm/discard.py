"""Giving back an access that is not wanted after all."""

from contextlib import suppress

import connectors
from connectors.accounts import Connection
from connectors.errors import CrmError
from plugin.crm.clients import api_version
from plugin.crm.oauth import Granted, client
from plugin.crm.store import find
from plugin.services import Services


def discard(services: Services, granted: Granted) -> None:
    """Revokes a grant nobody confirmed; not that of an account we are connected to, which may share it."""
    with services.database.read() as connection:
        if find(connection, granted.installation) is not None:
            return
    crm, asked = granted.wish.crm, client(services, granted.wish)
    with suppress(CrmError):  # nothing was stored: it runs out by itself
        connectors.crm(crm).revoke(
            asked,
            Connection(
                crm=crm,
                account_id=granted.account.id,
                api_url=granted.api_url,
                api_version=api_version(services.settings, crm),
                loopback=services.settings.relaxed,
                client=asked,
            ),
            access_token=granted.access_token,
            refresh_token=granted.refresh_token,
        )
