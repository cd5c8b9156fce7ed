"""The access token of one installation, refreshed once however many workers and processes ask.

Whoever wins a conditional update refreshes, outside any transaction; the others go on with the token they hold while
it is good, else wait for the winner's. What a refresh brings is stored before it is used, because a CRM
that rotates refresh tokens kills the old one at once.
"""

import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Row

import connectors
from connectors.accounts import Grant
from connectors.errors import NeedsReconnect, OAuthFailed, RateLimited, Unreachable
from plugin.crm.clients import client_of
from plugin.crm.seals import opened, sealed
from plugin.crm.store import change_version, claim_refresh, find, refresh_under_way
from plugin.db import now_ms
from plugin.sealing import SealBroken
from plugin.services import Services

HOLD_MS = 45_000  # two tries of 15 s each, and time to store what came of them
REST_MS = 20_000  # after an early refresh that failed: the old token is still good
WAIT = 15.0
PAUSE = 0.05
KEPT = 2.0  # seconds in memory: how late another process may learn of a newer token
USED_UP = 0.8  # of its lifetime: then a token is refreshed before it runs out
CLEARED = {"reason": "", "reason_detail": ""}
NO_ANSWER = ("timeout", "no_connection", "answer_unreadable")


@dataclass(frozen=True, slots=True)
class Held:
    """A token as it was read from the row."""

    version: int
    access: str = field(repr=False)
    expires_at: datetime | None
    refresh_at: datetime | None
    read_at: float


class InstallationTokens:
    """``connectors.protocol.Tokens`` for one installation; used by any number of threads."""

    def __init__(self, services: Services, installation_id: str) -> None:
        self._services = services
        self._id = installation_id
        self._held: Held | None = None

    @property
    def version(self) -> int:
        """Which tokens were handed out last: whoever finds them dead says so of these only."""
        return self._held.version if self._held else 0

    def access(self) -> str:
        held = self._fresh()
        now = self._services.clock.now()
        if held.refresh_at is None or now < held.refresh_at:
            return held.access
        needed = held.expires_at is not None and now >= held.expires_at
        return self._newer(held, needed=needed).access

    def renew(self, failed: str) -> str:
        held = self._read()
        return held.access if held.access != failed else self._newer(held, needed=True).access

    def _fresh(self) -> Held:
        held = self._held
        if held is None or self._services.clock.monotonic() - held.read_at > KEPT:
            return self._read()
        return held

    def _read(self) -> Held:
        row = self._row()
        if row.state != "connected":
            raise NeedsReconnect(row.reason or row.state, row.reason_detail)
        self._held = Held(
            version=row.token_version,
            access=self._opened(row, "access_token"),
            expires_at=row.token_expires_at,
            refresh_at=row.refresh_at,
            read_at=self._services.clock.monotonic(),
        )
        return self._held

    def _row(self) -> Row[Any]:
        with self._services.database.read() as connection:
            row = find(connection, self._id)
        if row is None:
            raise NeedsReconnect("disconnected")
        return row

    def _opened(self, row: Row[Any], name: str) -> str:
        try:
            return opened(self._services.sealer, row, name)
        except SealBroken:
            raise NeedsReconnect("seal_broken") from None

    def _newer(self, held: Held, *, needed: bool) -> Held:
        """A token newer than *held*, or *held* itself while it is not *needed*."""
        with self._services.database.write() as connection:
            mine = claim_refresh(connection, self._id, held.version, HOLD_MS)
        if mine:
            return self._refresh(held, needed=needed)
        return self._await(held) if needed else held

    def _await(self, held: Held) -> Held:
        until = self._services.clock.monotonic() + WAIT
        while self._services.clock.monotonic() < until:
            with self._services.database.read() as connection:
                under_way = refresh_under_way(connection, self._id)
            newer = self._read()  # after looking: who stores a token ends its refresh with it
            if newer.version != held.version:
                return newer
            if not under_way:
                break
            time.sleep(PAUSE)
        raise Unreachable("refresh_pending", unknown=False)

    def _refresh(self, held: Held, *, needed: bool) -> Held:
        row = self._row()
        try:
            self._store(row, self._ask(row))
        except NeedsReconnect as error:
            self._settle(held, state="needs_reconnect", reason=error.code)
            raise
        except OAuthFailed as error:  # our client is wrong: nobody revoked anything
            self._settle(held, reason="client_refused", detail=error.detail)
            raise
        except (Unreachable, RateLimited):
            self._settle(held, rest_ms=None if needed else REST_MS)
            if needed:
                raise
            return held
        return self._read()

    def _ask(self, row: Row[Any]) -> Grant:
        """Asks once more when there was no answer: the CRM may have replaced the refresh token, or not."""
        try:
            return self._call(row)
        except Unreachable as error:
            if not unanswered(error):
                raise
        try:
            return self._call(row)
        except Unreachable as error:
            if unanswered(error) and row.rotates:
                raise NeedsReconnect("refresh_unanswered") from None
            raise

    def _call(self, row: Row[Any]) -> Grant:
        services = self._services
        refresh_token = self._opened(row, "refresh_token")
        if not refresh_token:
            raise NeedsReconnect("token_ended")
        return connectors.crm(row.crm).refresh(
            client_of(services.settings, services.sealer, row),
            refresh_token,
            api_url=row.api_url,
            loopback=services.settings.relaxed,
        )

    def _store(self, row: Row[Any], grant: Grant) -> None:
        """Tries for a while: this grant is the only copy of a refresh token that has replaced the stored one."""
        values = self._values(row, grant)
        for pause in (0.2, 1.0, 3.0, None):
            try:
                with self._services.database.write() as connection:
                    change_version(connection, row.id, row.token_version, **values)
                return
            except sa.exc.OperationalError:
                if pause is None:
                    raise
                time.sleep(pause)

    def _values(self, row: Row[Any], grant: Grant) -> dict[str, Any]:
        now = self._services.clock.now()
        new = {"access_token": grant.access_token}
        if grant.refresh_token:
            new["refresh_token"] = grant.refresh_token
        replaced = grant.refresh_token not in (None, "", self._opened(row, "refresh_token"))
        return {
            **sealed(self._services.sealer, row.id, **new),
            "rotates": row.rotates or replaced,
            "token_version": row.token_version + 1,
            "token_expires_at": grant.expires_at,
            "refresh_at": refresh_at(now, grant.expires_at),
            "refreshing_until": None,
            "api_url": grant.api_url or row.api_url,
            "scopes": list(grant.scopes or row.scopes),
            **(CLEARED if row.reason == "client_refused" else {}),
        }

    def _settle(
        self,
        held: Held,
        *,
        state: str = "",
        reason: str = "",
        detail: str = "",
        rest_ms: int | None = None,
    ) -> None:
        values: dict[str, Any] = {
            "refreshing_until": None if rest_ms is None else now_ms() + rest_ms
        }
        if state:
            values["state"] = state
        if reason:
            values |= {"reason": reason, "reason_detail": detail}
        with self._services.database.write() as connection:
            change_version(connection, self._id, held.version, **values)


class ReadyToken:
    """A bare token, before or without an installation: it can be used but never renewed."""

    def __init__(self, token: str) -> None:
        self._token = token

    def access(self) -> str:
        return self._token

    def renew(self, failed: str) -> str:
        raise NeedsReconnect("token_refused")


def refresh_at(now: datetime, expires_at: datetime | None) -> datetime | None:
    """When a token is refreshed although the CRM still takes it; never where the CRM tells no end."""
    if expires_at is None:
        return None
    return now + max(expires_at - now, timedelta(0)) * USED_UP


def unanswered(error: Unreachable) -> bool:
    """Whether the CRM may have done what was asked without our having heard."""
    return error.unknown and error.code in NO_ANSWER
