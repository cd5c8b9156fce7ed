"""Salesforce: contacts, an object of our own for answers, and tasks. REST only."""

from collections.abc import Mapping

from connectors import http
from connectors.accounts import Account, Client, Connection, Grant
from connectors.errors import NeedsReconnect, Refused
from connectors.manifest import manifest
from connectors.protocol import Connector, Tokens
from connectors.salesforce import hosts, ids, oauth
from connectors.salesforce.client import Org
from connectors.salesforce.connector import SalesforceConnector, account
from connectors.watching import Watched

__all__ = ["CRM", "SalesforceConnector"]


class _Salesforce:
    """See ``connectors.protocol.Crm``."""

    name = "salesforce"
    pkce = True
    pushes = False
    rights: Mapping[Watched, str] = {
        Watched.DEALS: "Read on Opportunity and Opportunity Contact Role",
        Watched.CASES: "Read on Case",
        Watched.LIST: "Read on Campaign",
    }

    def connector(self, connection: Connection, tokens: Tokens) -> Connector:
        self.check_host(connection.api_url, loopback=connection.loopback)
        return SalesforceConnector(connection, tokens)

    def authorize_url(
        self, client: Client, *, redirect_uri: str, state: str, challenge: str
    ) -> str:
        return oauth.authorize_url(
            client, redirect_uri=redirect_uri, state=state, challenge=challenge
        )

    def exchange(
        self, client: Client, *, code: str, redirect_uri: str, verifier: str, api_url: str,
        loopback: bool,
    ) -> Grant:  # fmt: skip
        del api_url  # where the org lives is in the answer, and is checked there
        return oauth.exchange(
            client, code=code, redirect_uri=redirect_uri, verifier=verifier, loopback=loopback
        )

    def refresh(self, client: Client, refresh_token: str, *, api_url: str, loopback: bool) -> Grant:
        return oauth.refresh(client, refresh_token, api_url=api_url, loopback=loopback)

    def revoke(
        self, client: Client, connection: Connection, *, access_token: str,
        refresh_token: str | None,
    ) -> None:  # fmt: skip
        oauth.revoke(client, connection, token=refresh_token or access_token)

    def identify(self, token: str, *, api_url: str, loopback: bool) -> Account:
        connection = Connection(
            crm=self.name,
            account_id="",
            api_url=self.check_host(api_url, loopback=loopback),
            api_version=manifest().salesforce.api_version,
            loopback=loopback,
        )
        with http.within():
            return account(Org(connection, _Ready(token)), connection)

    def check_host(self, url: str, *, loopback: bool) -> str:
        return hosts.check_host(url, loopback=loopback)

    def record_url(self, account: Account, contact_id: str) -> str:
        if not self.valid_record_id(contact_id):
            raise Refused("malformed_id", "This is not the id of a contact.")
        return f"{account.ui_url}/lightning/r/Contact/{contact_id}/view"

    def valid_record_id(self, text: str) -> bool:
        return ids.valid(text, ids.CONTACT)


class _Ready:
    """A token that somebody pasted: nothing can be renewed."""

    def __init__(self, token: str) -> None:
        self._token = token

    def access(self) -> str:
        return self._token

    def renew(self, failed: str) -> str:
        del failed
        raise NeedsReconnect("token_refused", "Salesforce does not accept the token.")


CRM = _Salesforce()
