"""The connectors of this process: one per installation, made anew when what it was made from changes."""

import threading
from typing import Any

from sqlalchemy.engine import Row

import connectors
from connectors.accounts import Connection
from connectors.errors import CrmError, MissingRight, NeedsReconnect, OAuthFailed
from connectors.protocol import Connector, Limits
from plugin.crm.clients import connection_of
from plugin.crm.rules import REASONS
from plugin.crm.store import find, stop
from plugin.crm.tokens import InstallationTokens
from plugin.sealing import SealBroken
from plugin.services import Services


class Connections:
    """Thread-safe. Connectors keep their sessions between calls; tokens are asked for at each call."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self._lock = threading.Lock()
        self._tokens: dict[str, InstallationTokens] = {}
        self._made: dict[str, tuple[Connection, Connector]] = {}
        self.spent: dict[
            Any, Any
        ] = {}  # by installation and share: what handlers know of a day's budget

    def row(self, installation_id: str) -> Row[Any]:
        """Raises ``LookupError``."""
        with self.services.database.read() as connection:
            row = find(connection, installation_id)
        if row is None:
            raise LookupError(installation_id)
        return row

    def tokens(self, installation_id: str) -> InstallationTokens:
        with self._lock:
            if installation_id not in self._tokens:
                self._tokens[installation_id] = InstallationTokens(self.services, installation_id)
            return self._tokens[installation_id]

    def connector(self, row: Row[Any]) -> Connector:
        """The connector of *row*'s installation. Raises ``NeedsReconnect`` when its client cannot be opened."""
        tokens = self.tokens(row.id)
        wanted = self.connection(row)
        with self._lock:
            made = self._made.get(row.id)
            if made is None or made[0] != wanted:
                made = wanted, connectors.crm(row.crm).connector(wanted, tokens)
                self._made[row.id] = made
            return made[1]

    def limits(self, installation_id: str) -> Limits:
        """Of the connector there is, or of one made now. Raises ``LookupError`` and ``NeedsReconnect``."""
        with self._lock:
            made = self._made.get(installation_id)
        return (made[1] if made else self.connector(self.row(installation_id))).limits

    def connection(self, row: Row[Any]) -> Connection:
        try:
            return connection_of(self.services.settings, self.services.sealer, row)
        except SealBroken:
            raise NeedsReconnect("seal_broken") from None

    def note(self, row: Row[Any], error: CrmError) -> str:
        """Writes on the installation why calls stop, where *error* says so; the reason, or nothing.

        Only while the tokens are those that failed: an administrator may have reconnected meanwhile.
        """
        values = standstill(error)
        if not values:
            return ""
        version = max(row.token_version, self.tokens(row.id).version)
        with self.services.database.write() as connection:
            stop(connection, row.id, version, **values)
        return values["reason"]


def standstill(error: CrmError) -> dict[str, str]:
    """What *error* changes on an installation; empty for one that passes by itself."""
    if isinstance(error, NeedsReconnect):
        detail = "" if error.code in REASONS else error.detail  # ours says the same
        return {"state": "needs_reconnect", "reason": error.code, "reason_detail": detail}
    if isinstance(error, MissingRight):
        named = f"Scopes: {error.detail}." if error.code == "scope_missing" else error.detail
        return {"reason": "missing_right", "reason_detail": named or error.code}
    if isinstance(error, OAuthFailed):
        return {"reason": "client_refused", "reason_detail": error.detail}
    return {}
