"""Connecting in the browser: a state bound to the administrator's session, used once, ten minutes long.

Three steps, each a row of ``oauth_state`` under the hash of a random id: ``prepared`` (client and host were given on
the connect page), ``sent`` (the browser is at the CRM; the id is OAuth's ``state``), ``granted`` (the CRM gave
tokens; the administrator is asked whether this is the right account). Nothing is connected before that.
"""

import json
import secrets
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from sqlalchemy.engine import Connection, Row

import connectors
from connectors.accounts import Account, Client, Grant
from connectors.errors import CrmError
from plugin.access.rules import hashed, new_secret
from plugin.crm.clients import api_root, own_client
from plugin.crm.store import oauth_state
from plugin.errors import Problem
from plugin.sealing import SealBroken
from plugin.services import Services

LIFE = timedelta(minutes=10)
KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be connected: with which client, signing in where; *installation* when it is one we know already."""

    crm: str
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    host: str = ""
    installation: str = ""
    verifier: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Granted:
    """What a CRM gave, before anything is stored of it."""

    wish: Wish
    account: Account
    access_token: str = field(repr=False)
    refresh_token: str | None = field(repr=False)
    expires_at: datetime | None
    api_url: str
    scopes: tuple[str, ...]

    @property
    def installation(self) -> str:
        return f"{self.wish.crm}:{self.account.id}"


class NotConnected(Exception):
    """Connecting did not work, and nothing was stored; the text is for the administrator."""

    def __init__(self, code: str, detail: str, wish: Wish) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail
        self.wish = wish


def prepare(services: Services, session: str, wish: Wish) -> str:
    """Keeps what the connect page was given; its id leads ``begin`` to it."""
    return _keep(services, session, wish.crm, "prepared", asdict(wish))


def prepared(services: Services, session: str, crm: str, prepared_id: str) -> Wish:
    """Raises ``Problem("oauth_state")``."""
    return Wish(**_use(services, session, crm, "prepared", prepared_id))


def begin(services: Services, session: str, wish: Wish) -> str:
    """Where the browser goes: the CRM's own page that asks whether we may."""
    crm = connectors.crm(wish.crm)
    verifier = secrets.token_urlsafe(64) if crm.pkce else ""
    sent = replace(wish, verifier=verifier)
    return crm.authorize_url(
        client(services, sent),
        redirect_uri=callback(services, wish.crm),
        state=_keep(services, session, wish.crm, "sent", asdict(sent)),
        challenge=_challenge(verifier) if verifier else "",
    )


def _challenge(verifier: str) -> str:
    challenge: str = create_s256_code_challenge(verifier)  # type: ignore[no-untyped-call]
    return challenge


def returned(services: Services, session: str, crm: str, state: str) -> Wish:
    """The wish a callback belongs to, once. Raises ``Problem("oauth_state")``."""
    return Wish(**_use(services, session, crm, "sent", state))


def exchange(services: Services, wish: Wish, code: str) -> Granted:
    """Code for tokens, and whose they are. Raises ``NotConnected``."""
    crm, loopback = connectors.crm(wish.crm), services.settings.relaxed
    try:
        grant = crm.exchange(
            client(services, wish),
            code=code,
            redirect_uri=callback(services, wish.crm),
            verifier=wish.verifier,
            api_url=api_root(services.settings, wish.crm),
            loopback=loopback,
        )
        account = crm.identify(grant.access_token, api_url=grant.api_url, loopback=loopback)
    except CrmError as error:
        raise NotConnected(error.code, error.detail, wish) from None
    return _granted(wish, grant, account)


def _granted(wish: Wish, grant: Grant, account: Account) -> Granted:
    return Granted(
        wish=wish,
        account=account,
        access_token=grant.access_token,
        refresh_token=grant.refresh_token,
        expires_at=grant.expires_at,
        api_url=grant.api_url,
        scopes=grant.scopes or account.scopes,
    )


def offer(services: Services, session: str, granted: Granted) -> str:
    """Keeps the grant, sealed, until the administrator says that the account is the right one."""
    values = asdict(granted)
    values["expires_at"] = granted.expires_at and granted.expires_at.isoformat()
    return _keep(services, session, granted.wish.crm, "granted", values)


def offered(services: Services, session: str, crm: str, offer_id: str, *, take: bool) -> Granted:
    """The grant that waits for a yes; *take* makes it the last time. Raises ``Problem("oauth_state")``."""
    read = _use if take else _peek
    values = read(services, session, crm, "granted", offer_id)
    ends = values["expires_at"]
    return Granted(
        wish=Wish(**values["wish"]),
        account=Account(**values["account"] | {"scopes": tuple(values["account"]["scopes"])}),
        access_token=values["access_token"],
        refresh_token=values["refresh_token"],
        expires_at=datetime.fromisoformat(ends) if ends else None,
        api_url=values["api_url"],
        scopes=tuple(values["scopes"]),
    )


def client(services: Services, wish: Wish) -> Client:
    ours = own_client(services.settings, wish.crm, wish.host)
    return Client(wish.client_id, wish.client_secret, ours.host) if wish.client_id else ours


def callback(services: Services, crm: str) -> str:
    """The one address that an administrator enters in the CRM."""
    return f"{services.settings.address()}/oauth/{crm}/callback"


def _keep(services: Services, session: str, crm: str, step: str, values: dict[str, Any]) -> str:
    made, now = new_secret(), services.clock.now()
    with services.database.write() as connection:
        connection.execute(sa.delete(oauth_state).where(oauth_state.c.expires_at < now - KEPT))
        connection.execute(
            oauth_state.insert().values(
                hash=hashed(made),
                session=session,
                crm=crm,
                step=step,
                expires_at=now + services.clock.scaled(LIFE),
                sealed=services.sealer.seal(json.dumps(values), _purpose(hashed(made))),
            )
        )
    return made


def _use(services: Services, session: str, crm: str, step: str, given: str) -> dict[str, Any]:
    """What was kept, for the one who comes first."""
    with services.database.write() as connection:
        row = _standing(services, connection, session, crm, step, given)
        used = connection.execute(
            oauth_state.update()
            .where(oauth_state.c.hash == row.hash, oauth_state.c.used_at.is_(None))
            .values(used_at=services.clock.now(), sealed="")
        )
        if used.rowcount != 1:
            raise Problem("oauth_state")
    return _opened(services, row)


def _peek(services: Services, session: str, crm: str, step: str, given: str) -> dict[str, Any]:
    with services.database.read() as connection:
        return _opened(services, _standing(services, connection, session, crm, step, given))


def _standing(
    services: Services, connection: Connection, session: str, crm: str, step: str, given: str
) -> Row[Any]:
    """One refusal for wrong, foreign, used and expired: whoever guesses learns nothing."""
    row = connection.execute(
        sa.select(oauth_state).where(
            oauth_state.c.hash == hashed(given),
            oauth_state.c.session == session,
            oauth_state.c.crm == crm,
            oauth_state.c.step == step,
            oauth_state.c.used_at.is_(None),
            oauth_state.c.expires_at > services.clock.now(),
        )
    ).one_or_none()
    if row is None:
        raise Problem(
            "oauth_state",
            "This sign-in was started in another browser, is more than ten minutes old, or was used already. "
            "Nothing was connected. Start again from Installations.",
        )
    return row


def _opened(services: Services, row: Row[Any]) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(services.sealer.open(row.sealed, _purpose(row.hash)))
    except SealBroken:
        raise Problem("oauth_state") from None
    return found


def _purpose(name: str) -> str:
    return f"oauth/{name}"
