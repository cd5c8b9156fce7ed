"""API keys: what a host's server shows us. Valid for one installation, shown once, kept as a hash."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin.access.audit import audit
from plugin.access.rules import API_KEY_PREFIX, NAME_LENGTH, SEEN, Who, hashed, new_secret, plain
from plugin.access.store import api_key
from plugin.accounts import find
from plugin.db import new_id
from plugin.errors import Problem
from plugin.services import Services


@dataclass(frozen=True, slots=True)
class ApiKey:
    id: str
    name: str
    installation: str
    hint: str
    created_at: datetime
    created_by: str
    last_used_at: datetime | None
    revoked_at: datetime | None


_shown = sa.select(*(api_key.c[name] for name in ApiKey.__slots__))


def add(services: Services, who: Who, name: str, installation: str) -> tuple[ApiKey, str]:
    """A new key and its text, which is shown once. Raises ``Problem("field_invalid")``."""
    text, now = API_KEY_PREFIX + new_secret(), services.clock.now()
    new = ApiKey(new_id(), _checked(name), installation, text[:7], now, who.name, None, None)
    with services.database.write() as connection:
        if find(services.accounts(connection), installation) is None:
            raise Problem("field_invalid", fields={"installation": "Choose an installation."})
        connection.execute(
            api_key.insert().values(
                id=new.id,
                name=new.name,
                installation=installation,
                hash=hashed(text),
                hint=new.hint,
                created_at=now,
                created_by=who.name,
            )
        )
        audit(connection, who, "added", f"API key {new.name}", f"for {installation}")
    return new, text


def revoke(services: Services, who: Who, key_id: str) -> ApiKey:
    """From now on the key opens nothing. Raises ``Problem("not_found")``; twice is as good as once."""
    with services.database.write() as connection:
        row = connection.execute(_shown.where(api_key.c.id == key_id)).mappings().one_or_none()
        if row is None:
            raise Problem("not_found", "There is no such API key.")
        found = ApiKey(**row)
        if found.revoked_at is None:
            connection.execute(
                sa.update(api_key)
                .where(api_key.c.id == key_id)
                .values(revoked_at=services.clock.now())
            )
            audit(connection, who, "revoked", f"API key {found.name}", f"for {found.installation}")
    return found


def listed(connection: Connection) -> list[ApiKey]:
    """Those that work first, then the newest first."""
    query = _shown.order_by(api_key.c.revoked_at.is_not(None), api_key.c.id.desc())
    return [ApiKey(**row) for row in connection.execute(query).mappings()]


def verify(connection: Connection, text: str) -> ApiKey | None:
    """The key somebody showed, if it is one of ours and was not revoked. Changes nothing."""
    query = _shown.where(api_key.c.hash == hashed(text), api_key.c.revoked_at.is_(None))
    row = connection.execute(query).mappings().one_or_none()
    return ApiKey(**row) if row else None


def authenticate(services: Services, authorization: str) -> ApiKey:
    """The key in an ``Authorization: Bearer`` header; raises ``Problem("unauthenticated")``."""
    scheme, _, text = authorization.partition(" ")
    with services.database.read() as connection:
        found = verify(connection, text.strip()) if scheme.lower() == "bearer" else None
    if found is None:
        raise Problem("unauthenticated", "Send a valid API key: Authorization: Bearer gv_...")
    _note_use(services, found)
    return found


def _note_use(services: Services, key: ApiKey) -> None:
    """At most once a minute: a busy key must not write on every request."""
    now = services.clock.now()
    if key.last_used_at is not None and now - key.last_used_at < SEEN:
        return
    with services.database.write() as connection:
        connection.execute(
            sa.update(api_key).where(api_key.c.id == key.id).values(last_used_at=now)
        )


def _checked(typed: str) -> str:
    name = plain(typed)
    if not name:
        raise Problem("field_invalid", fields={"name": "Say what the key is for."})
    if len(name) > NAME_LENGTH:
        raise Problem("field_invalid", fields={"name": f"Use at most {NAME_LENGTH} characters."})
    return name
