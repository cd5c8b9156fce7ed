"""The administrators' rows: who there is, and how a new one is written."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin.access.rules import Who, login, name_error, password_error, plain
from plugin.access.store import admin_session, administrator, passkey
from plugin.errors import Problem


@dataclass(frozen=True, slots=True)
class Administrator:
    id: str
    name: str
    password_hash: str | None
    email: str
    created_at: datetime
    passkeys: int
    seen_at: datetime | None

    @property
    def who(self) -> Who:
        return Who(self.id, self.name)

    @property
    def ways(self) -> str:
        """How she can sign in, in words."""
        keys = {0: "", 1: "a passkey"}.get(self.passkeys, f"{self.passkeys} passkeys")
        return " and ".join(
            way for way in ("a password" if self.password_hash else "", keys) if way
        )


_passkeys = (
    sa.select(sa.func.count())
    .where(passkey.c.administrator == administrator.c.id)
    .scalar_subquery()
)
_seen = (
    sa.select(sa.func.max(admin_session.c.seen_at))
    .where(admin_session.c.administrator == administrator.c.id)
    .scalar_subquery()
)
_shown = sa.select(
    administrator.c.id,
    administrator.c.name,
    administrator.c.password_hash,
    administrator.c.email,
    administrator.c.created_at,
    _passkeys.label("passkeys"),
    _seen.label("seen_at"),
)


def there_are(connection: Connection) -> bool:
    return connection.scalar(sa.select(sa.exists(sa.select(administrator.c.id)))) is True


def listed(connection: Connection) -> list[Administrator]:
    query = _shown.order_by(administrator.c.login)
    return [Administrator(**row) for row in connection.execute(query).mappings()]


def find(connection: Connection, administrator_id: str) -> Administrator | None:
    query = _shown.where(administrator.c.id == administrator_id)
    row = connection.execute(query).mappings().one_or_none()
    return Administrator(**row) if row else None


def get(connection: Connection, administrator_id: str) -> Administrator:
    """As ``find``; raises ``Problem("not_found")``."""
    found = find(connection, administrator_id)
    if found is None:
        raise Problem("not_found", "There is no such administrator.")
    return found


def by_name(connection: Connection, name: str) -> Administrator | None:
    query = _shown.where(administrator.c.login == login(name))
    row = connection.execute(query).mappings().one_or_none()
    return Administrator(**row) if row else None


def checked_name(connection: Connection, typed: str, keep: str = "") -> str:
    """The name as it will be kept; raises ``Problem("field_invalid")``. *keep*: who may have it already."""
    name = plain(typed)
    holder = by_name(connection, name)
    if error := name_error(name, taken=holder is not None and holder.id != keep):
        raise Problem("field_invalid", fields={"name": error})
    return name


def checked_password(password: str, name: str) -> str:
    """The password; raises ``Problem("field_invalid")``."""
    if error := password_error(password, name):
        raise Problem("field_invalid", fields={"password": error})
    return password


def add(
    connection: Connection, administrator_id: str, name: str, hash_: str | None, now: datetime
) -> Who:
    connection.execute(
        administrator.insert().values(
            id=administrator_id, name=name, login=login(name), password_hash=hash_, created_at=now
        )
    )
    return Who(administrator_id, name)


def set_password(connection: Connection, administrator_id: str, hash_: str | None) -> None:
    connection.execute(
        sa.update(administrator)
        .where(administrator.c.id == administrator_id)
        .values(password_hash=hash_)
    )


def rename(connection: Connection, administrator_id: str, name: str) -> None:
    connection.execute(
        sa.update(administrator)
        .where(administrator.c.id == administrator_id)
        .values(name=name, login=login(name))
    )


def set_email(connection: Connection, administrator_id: str, email: str) -> None:
    connection.execute(
        sa.update(administrator).where(administrator.c.id == administrator_id).values(email=email)
    )


def remove_unless_last(connection: Connection, administrator_id: str) -> bool:
    """Removes an administrator with sessions and passkeys; false, and nothing happens, for the last.

    All rows are locked first, so that two who remove each other at once cannot both succeed.
    """
    everybody = connection.scalars(sa.select(administrator.c.id).with_for_update()).all()
    if administrator_id not in everybody or len(everybody) < 2:
        return False
    connection.execute(sa.delete(administrator).where(administrator.c.id == administrator_id))
    return True
