"""Administrators' sessions: rows here, and a cookie that holds nothing but a random id."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin.access.rules import SEEN, SESSION, Who, hashed, new_secret
from plugin.access.store import admin_session, administrator
from plugin.clock import Clock
from plugin.db import new_id
from plugin.ready import Ready


@dataclass(frozen=True, slots=True)
class Session:
    id: str
    administrator: str
    name: str
    device: str
    way: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime

    @property
    def who(self) -> Who:
        return Who(self.administrator, self.name)


_shown = sa.select(
    admin_session.c.id,
    admin_session.c.administrator,
    administrator.c.name,
    admin_session.c.device,
    admin_session.c.way,
    admin_session.c.created_at,
    admin_session.c.seen_at,
    admin_session.c.expires_at,
).join(administrator, administrator.c.id == admin_session.c.administrator)
# Asked for with every page.
_OF_COOKIE = Ready(
    _shown.where(
        admin_session.c.hash == sa.bindparam("hash"),
        admin_session.c.expires_at > sa.bindparam("now"),
    )
)


def start(
    connection: Connection, clock: Clock, administrator_id: str, *, way: str, device: str
) -> str:
    """Signs an administrator in; the secret returned goes into the cookie and is kept nowhere."""
    secret, now = new_secret(), clock.now()
    connection.execute(sa.delete(admin_session).where(admin_session.c.expires_at <= now))
    connection.execute(
        admin_session.insert().values(
            id=new_id(),
            hash=hashed(secret),
            administrator=administrator_id,
            device=device,
            way=way,
            created_at=now,
            seen_at=now,
            expires_at=now + clock.scaled(SESSION),
        )
    )
    return secret


def find(connection: Connection, clock: Clock, secret: str) -> Session | None:
    """The session a cookie belongs to, if it has not ended."""
    row = _OF_COOKIE.one_or_none(connection, {"hash": hashed(secret), "now": clock.now()})
    return Session(**row._asdict()) if row else None


def stale(session: Session, clock: Clock) -> bool:
    """Whether its last use should be noted again."""
    return clock.now() - session.seen_at >= SEEN


def touch(connection: Connection, clock: Clock, session: Session) -> None:
    connection.execute(
        sa.update(admin_session).where(admin_session.c.id == session.id).values(seen_at=clock.now())
    )


def of(connection: Connection, clock: Clock, administrator_id: str) -> list[Session]:
    """An administrator's sessions that go on, the latest used first."""
    query = _shown.where(
        admin_session.c.administrator == administrator_id,
        admin_session.c.expires_at > clock.now(),
    ).order_by(admin_session.c.seen_at.desc(), admin_session.c.id.desc())
    return [Session(**row) for row in connection.execute(query).mappings()]


def end(connection: Connection, administrator_id: str, session_id: str) -> bool:
    """Ends one session of this administrator; false if it is not hers or has ended."""
    ended = connection.execute(
        sa.delete(admin_session).where(
            admin_session.c.id == session_id, admin_session.c.administrator == administrator_id
        )
    )
    return ended.rowcount == 1


def end_others(connection: Connection, administrator_id: str, keep: str = "") -> int:
    """Ends every session of this administrator but the one to keep."""
    ended = connection.execute(
        sa.delete(admin_session).where(
            admin_session.c.administrator == administrator_id, admin_session.c.id != keep
        )
    )
    return ended.rowcount
