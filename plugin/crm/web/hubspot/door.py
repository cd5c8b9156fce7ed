"""Who may pass: HubSpot, by its signature; then the query it signed says for which account and for whom."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app, request
from sqlalchemy.engine import Connection, Row

from connectors.hubspot.signatures import HEADERS, Judged, Signed, judge
from plugin.crm.apps import HUBSPOT, is_ours, secret_of
from plugin.crm.store import find
from plugin.errors import Problem
from plugin.requested import media_type
from plugin.services import services
from plugin.strict import JSON, MAX_BODY, form, json_object, only, storable
from plugin.web import Limit, client_address

MOST_PARAMETERS = 20
NOT_CONNECTED = "This HubSpot account is not connected to Gensvar."
WRONG = "HubSpot did not sign this request for us."
SKEWED = "The request was signed too long ago or in the future. See whether this server's clock is right."


@dataclass(frozen=True)
class Doorkeeper:
    """What the routes below share in one process."""

    per_user: Limit  # of an account
    per_account: Limit  # of the workflow action, where HubSpot calls for everybody
    per_address: Limit  # wrong signatures only: an honest request is never refused for its address


def build() -> Doorkeeper:
    return Doorkeeper(Limit(240), Limit(1200), Limit(60))


def doorkeeper() -> Doorkeeper:
    found: Doorkeeper = current_app.extensions["gensvar.hubspot"]
    return found


@dataclass(frozen=True, slots=True)
class Caller:
    """A person in HubSpot, as the signed query names her. *asked* is the rest of the query."""

    installation: Row[Any]
    user: str
    email: str
    asked: Mapping[str, str]


def caller(connection: Connection) -> Caller:
    """Of a card or the settings page, looked up where the rest will be read.

    Raises ``Problem``: ``body_malformed`` for a parameter that stands there twice, ``signature_invalid``,
    ``timestamp_skew``, ``not_found`` for an account we are not connected to, ``forbidden`` for another app's request,
    ``rate_limited``.
    """
    asked = form(request.query_string, MOST_PARAMETERS)
    row = connected(connection, asked.get("portalId", ""))
    signed([secret_of(services(), row)], body())
    if row is None:
        raise Problem("not_found", NOT_CONNECTED)
    if not is_ours(row, asked.get("appId", "")):
        raise Problem("forbidden", "The request comes from another app.")
    user = asked.get("userId", "")
    doorkeeper().per_user.take(f"{row.id}/{user}")
    email = asked.get("userEmail", "")[:320]
    return Caller(row, user, email if storable(email) else "", asked)


def looked_up() -> Caller:
    """``caller`` for a request that changes something afterwards."""
    with services().database.read() as connection:
        return caller(connection)


def connected(connection: Connection, portal: str) -> Row[Any] | None:
    """The account's installation, unless it was disconnected."""
    if not portal or not storable(portal):
        return None
    row = find(connection, f"{HUBSPOT}:{portal}")
    return row if row is not None and row.state != "disconnected" else None


def signed(secrets: Iterable[str], sent: bytes, *, old: bool = False) -> str:
    """The secret this request was signed with. Raises ``Problem``: ``signature_invalid``, ``timestamp_skew``,
    ``rate_limited`` for too many of them."""
    headers = {name: request.headers[name] for name in HEADERS if name in request.headers}
    asked = Signed(request.method, _address(), sent, headers)
    verdict, secret = judge(asked, list(secrets), services().clock.now(), old=old)
    if verdict is Judged.GOOD:
        return secret
    doorkeeper().per_address.take(client_address())
    if verdict is Judged.SKEWED:
        raise Problem("timestamp_skew", SKEWED)
    raise Problem("signature_invalid", WRONG)


def body(most: int = MAX_BODY) -> bytes:
    """What was sent, byte by byte. Raises ``RequestEntityTooLarge``."""
    request.max_content_length = most
    return bytes(request.get_data(cache=True))


def given(*fields: str) -> dict[str, str]:
    """The JSON object that a card sent, each field a text. Raises ``Problem``."""
    if media_type() != JSON:
        raise Problem("media_type", "Send application/json.")
    sent = only(json_object(body()), fields)
    wrong = [name for name in fields if not _text(sent.get(name, ""))]
    if wrong:
        raise Problem("body_malformed", f"{wrong[0]} must be a short text.")
    return {name: sent.get(name, "") for name in fields}


def _text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= 128 and storable(value)


def _address() -> str:
    """The public address that HubSpot called: ours from the settings, path and query as they were sent."""
    environ = request.environ
    path: str = environ.get("RAW_URI") or environ.get("REQUEST_URI") or request.full_path
    return services().settings.address() + path if path.startswith("/") else ""
