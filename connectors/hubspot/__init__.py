"""HubSpot, as ``connectors.protocol.Crm``."""

from collections.abc import Mapping

from connectors.accounts import Account, Client, Connection, Grant
from connectors.errors import NeedsReconnect
from connectors.hubspot import hosts, oauth, people
from connectors.hubspot.connector import HubSpotConnector
from connectors.manifest import manifest
from connectors.protocol import Crm, Tokens
from connectors.watching import Watched


class HubSpot:
    """How one connects to HubSpot, and how one talks to a connected account."""

    name = "hubspot"
    # Whether HubSpot's authorize page takes a challenge is not documented: state and secret protect it.
    pkce = False
    pushes = True
    rights: Mapping[Watched, str] = {  # optional ones of the manifest
        Watched.DEALS: "crm.objects.deals.read",
        Watched.CASES: "tickets",
        Watched.LIST: "crm.lists.read",
    }

    def connector(self, connection: Connection, tokens: Tokens) -> HubSpotConnector:
        return HubSpotConnector(connection, tokens)

    def authorize_url(
        self, client: Client, *, redirect_uri: str, state: str, challenge: str
    ) -> str:
        return oauth.authorize_url(client, redirect_uri, state)

    def exchange(
        self,
        client: Client,
        *,
        code: str,
        redirect_uri: str,
        verifier: str,
        api_url: str,
        loopback: bool,
    ) -> Grant:
        return oauth.exchange(client, code, redirect_uri, api_url, loopback)

    def refresh(self, client: Client, refresh_token: str, *, api_url: str, loopback: bool) -> Grant:
        return oauth.refresh(client, refresh_token, api_url, loopback)

    def revoke(
        self,
        client: Client,
        connection: Connection,
        *,
        access_token: str,
        refresh_token: str | None,
    ) -> None:
        if refresh_token:
            oauth.revoke(client, connection, refresh_token)

    def identify(self, token: str, *, api_url: str, loopback: bool) -> Account:
        url = self.check_host(api_url, loopback=loopback)
        version = manifest().hubspot.api_version
        connection = Connection(self.name, "", url, version, loopback)
        return self.connector(connection, _Ready(token)).account()

    def check_host(self, url: str, *, loopback: bool) -> str:
        return hosts.api_url(url, loopback=loopback)

    def record_url(self, account: Account, contact_id: str) -> str:
        return f"{account.ui_url}/contacts/{account.id}/record/0-1/{contact_id}"

    def valid_record_id(self, text: str) -> bool:
        return people.valid_id(text)


class _Ready:
    """A token pasted by an administrator: it ends when HubSpot says so."""

    def __init__(self, token: str) -> None:
        self._token = token

    def access(self) -> str:
        return self._token

    def renew(self, failed: str) -> str:
        raise NeedsReconnect("unauthorized", "HubSpot does not accept this token.")


CRM: Crm = HubSpot()
