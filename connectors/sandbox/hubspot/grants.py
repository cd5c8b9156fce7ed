"""Tokens of the app in this account: codes, access and refresh tokens, uninstalling."""

import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass, field

CODE_TTL = 600.0


@dataclass(slots=True)
class Access:
    """A live access token; ``ends`` on the monotonic clock, ``None`` for a static app's."""

    scopes: frozenset[str]
    ends: float | None
    oauth: bool = True


@dataclass(frozen=True, slots=True)
class Code:
    redirect_uri: str
    scopes: frozenset[str]
    ends: float


@dataclass
class Grants:
    """The app's one client, and what was granted to it."""

    client_id: str = "sandbox-hubspot-client"
    client_secret: str = "sandbox-hubspot-secret"
    app_id: int = 42
    user_id: int = 9
    user: str = "admin@nordlys.example"
    access: dict[str, Access] = field(default_factory=dict)
    refresh: dict[str, frozenset[str]] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)

    def issue(self, scopes: Iterable[str], ttl: float | None, *, oauth: bool) -> str:
        token = f"{'CO' if oauth else 'pat'}-{secrets.token_urlsafe(32)}"
        ends = None if ttl is None else time.monotonic() + ttl
        self.access[token] = Access(frozenset(scopes), ends, oauth)
        return token

    def allow(self, scopes: Iterable[str]) -> str:
        """A refresh token for these scopes."""
        token = f"na1-{secrets.token_urlsafe(24)}"
        self.refresh[token] = frozenset(scopes)
        return token

    def code(self, redirect_uri: str, scopes: Iterable[str]) -> str:
        code = secrets.token_urlsafe(24)
        self.codes[code] = Code(redirect_uri, frozenset(scopes), time.monotonic() + CODE_TTL)
        return code

    def redeem(self, code: str, redirect_uri: str) -> frozenset[str] | None:
        """The scopes of a code, once, or ``None``."""
        found = self.codes.pop(code, None)
        good = found and found.redirect_uri == redirect_uri and found.ends > time.monotonic()
        return found.scopes if found and good else None

    def live(self, token: str) -> Access | None:
        found = self.access.get(token)
        if found is None or (found.ends is not None and found.ends <= time.monotonic()):
            return None
        return found

    def expire(self) -> None:
        """All access tokens end now; refresh tokens stay."""
        self.access = {k: v for k, v in self.access.items() if not v.oauth}

    def uninstall(self) -> None:
        self.access = {k: v for k, v in self.access.items() if not v.oauth}
        self.refresh.clear()
        self.codes.clear()
