"""Passkeys: the ceremony's server side (https://www.w3.org/TR/webauthn-3/), checked by py_webauthn.

What has to be signed is kept here, for five minutes and one use; the device must ask its user for
a fingerprint, a face or a PIN each time.
"""

import ipaddress
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin.access.rules import CEREMONY
from plugin.access.store import ceremony, passkey
from plugin.db import new_id
from plugin.errors import Problem
from plugin.services import Services
from plugin.strict import storable

NOT_ACCEPTED = "The passkey was not accepted. Try again, or use another way."


@dataclass(frozen=True, slots=True)
class Passkey:
    id: str
    administrator: str
    name: str
    credential: str
    public_key: bytes
    sign_count: int
    created_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """A credential that has proved itself, not yet anybody's."""

    credential: str
    public_key: bytes
    sign_count: int


@dataclass(frozen=True, slots=True)
class Ceremony:
    """What the page hands to the browser, and under which id its answer is expected."""

    id: str
    options: str


def possible(services: Services) -> bool:
    """Browsers know passkeys only for names, not for bare IP addresses."""
    host = urlsplit(services.settings.base_url).hostname or ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return bool(host) and (services.settings.secure or host == "localhost")
    return False


def begin_making(
    services: Services, purpose: str, name: str, *, user: str = "", known: Iterable[Passkey] = ()
) -> Ceremony:
    """Asks a device for a new passkey. Without *user* it is made for an administrator to come,
    who then gets the ceremony's id as hers."""
    from plugin.access import ceremonies  # with the first that is used: it is much to load

    ceremony_id, site = new_id(), _name(services)
    credentials = [key.credential for key in known]
    asked = ceremonies.making(site, (user or ceremony_id).encode(), name, credentials)
    return _begun(services, ceremony_id, purpose, asked)


def begin_signing_in(services: Services) -> Ceremony:
    """Asks for any passkey of this server, so that nobody learns which names exist."""
    from plugin.access import ceremonies

    return _begun(services, new_id(), "sign-in", ceremonies.signing(_name(services)))


def made(services: Services, ceremony_id: str, purpose: str, answer: str) -> NewPasskey:
    """Checks a device's answer; raises ``Problem("field_invalid")``. The ceremony is used up."""
    from plugin.access import ceremonies

    challenge = _use(services, ceremony_id, purpose)
    try:
        proved = ceremonies.proved(answer, challenge, _name(services), _origin(services))
    except ValueError:
        raise _refused() from None
    return NewPasskey(*proved)


def signed(services: Services, ceremony_id: str, answer: str) -> Passkey:
    """The passkey that signed; raises ``Problem("field_invalid")``. The ceremony is used up."""
    from plugin.access import ceremonies

    challenge = _use(services, ceremony_id, "sign-in")
    with services.database.read() as connection:
        known = _by_credential(connection, _credential_id(answer))
    if known is None:
        raise _refused()
    site, origin, key = _name(services), _origin(services), known.public_key
    try:
        count = ceremonies.signed(answer, challenge, site, origin, key, known.sign_count)
    except ValueError:
        raise _refused() from None
    _note_use(services, known, count)
    return known


def keep(
    connection: Connection, new: NewPasskey, administrator_id: str, name: str, now: datetime
) -> None:
    """Gives a proved passkey to an administrator."""
    connection.execute(
        passkey.insert().values(
            id=new_id(),
            administrator=administrator_id,
            name=name,
            credential=new.credential,
            public_key=new.public_key,
            sign_count=new.sign_count,
            created_at=now,
        )
    )


def of(connection: Connection, administrator_id: str) -> list[Passkey]:
    query = sa.select(passkey).where(passkey.c.administrator == administrator_id)
    rows = connection.execute(query.order_by(passkey.c.id)).mappings()
    return [Passkey(**row) for row in rows]


def remove(connection: Connection, administrator_id: str, passkey_id: str) -> str | None:
    """The name of the passkey taken away, or nothing if it is not hers."""
    return connection.scalar(
        sa.delete(passkey)
        .where(passkey.c.id == passkey_id, passkey.c.administrator == administrator_id)
        .returning(passkey.c.name)
    )


def _by_credential(connection: Connection, credential: str) -> Passkey | None:
    query = sa.select(passkey).where(passkey.c.credential == credential)
    row = connection.execute(query).mappings().one_or_none()
    return Passkey(**row) if row else None


def _credential_id(answer: str) -> str:
    try:
        found = json.loads(answer)["id"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return ""
    return found if isinstance(found, str) and storable(found) else ""


def _begun(
    services: Services, ceremony_id: str, purpose: str, asked: tuple[bytes, str]
) -> Ceremony:
    challenge, options = asked
    _keep(services, ceremony_id, purpose, challenge)
    return Ceremony(ceremony_id, options)


def _keep(services: Services, ceremony_id: str, purpose: str, challenge: bytes) -> None:
    now = services.clock.now()
    with services.database.write() as connection:
        connection.execute(sa.delete(ceremony).where(ceremony.c.expires_at <= now))
        connection.execute(
            ceremony.insert().values(
                id=ceremony_id,
                purpose=purpose,
                challenge=challenge,
                expires_at=now + CEREMONY,
            )
        )


def _use(services: Services, ceremony_id: str, purpose: str) -> bytes:
    with services.database.write() as connection:
        challenge: bytes | None = connection.scalar(
            sa.delete(ceremony)
            .where(
                ceremony.c.id == ceremony_id,
                ceremony.c.purpose == purpose,
                ceremony.c.expires_at > services.clock.now(),
            )
            .returning(ceremony.c.challenge)
        )
    if challenge is None:
        raise _refused()
    return challenge


def _note_use(services: Services, known: Passkey, sign_count: int) -> None:
    with services.database.write() as connection:
        connection.execute(
            sa.update(passkey)
            .where(passkey.c.id == known.id)
            .values(sign_count=sign_count, last_used_at=services.clock.now())
        )


def _name(services: Services) -> str:
    return urlsplit(services.settings.address()).hostname or ""


def _origin(services: Services) -> str:
    """As browsers write it: no path, no default port."""
    parts = urlsplit(services.settings.address())
    usual = {"https": 443, "http": 80}[parts.scheme]
    port = "" if parts.port in (None, usual) else f":{parts.port}"
    return f"{parts.scheme}://{parts.hostname}{port}"


def _refused() -> Problem:
    return Problem("field_invalid", fields={"passkey": NOT_ACCEPTED})
