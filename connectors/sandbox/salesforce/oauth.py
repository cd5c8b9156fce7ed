"""The OAuth web server flow with PKCE: consent page, codes, tokens, refresh with rotation,
revocation.
"""

import base64
import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass
from typing import Any

from connectors.sandbox.salesforce.org import Org

CODE_LIFETIME = 15 * 60
LOOPBACK = ("http://127.0.0.1:", "http://localhost:", "http://[::1]:")


class OAuthRefusal(Exception):
    """``{"error": ..., "error_description": ...}`` with 400."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(error)
        self.body = {"error": error, "error_description": description}


@dataclass(slots=True)
class Code:
    client_id: str
    redirect_uri: str
    challenge: str
    scope: str
    user: str
    ends: float


class OAuth:
    """Client app, codes and tokens of one org."""

    def __init__(self, org: Org) -> None:
        self.org = org
        self.client_id = "3MVG9.gensvar.sandbox.consumer.key"
        self.client_secret = "SANDBOX-CONSUMER-SECRET"
        self.redirect_uris: set[str] = set()
        self.codes: dict[str, Code] = {}
        self.access: dict[str, str] = {}
        self.scopes: dict[str, str] = {}
        self.refreshes: dict[str, tuple[str, str]] = {}
        self.expired: set[str] = set()

    def token_for(self, user: str) -> str:
        """A ready access token, as an admin would copy it from a tool."""
        token = f"{self.org.id[:15]}!{secrets.token_urlsafe(24)}"
        self.access[token] = user
        return token

    def allow(self, user: str, scope: str = "api refresh_token") -> str:
        """A refresh token, as if *user* had approved."""
        return self._new_refresh(user, scope)

    def user_of(self, token: str) -> str | None:
        return None if token in self.expired else self.access.get(token)

    def expire(self) -> None:
        """All access tokens end; refresh tokens stay."""
        self.expired |= set(self.access)

    def known_redirect(self, uri: str) -> bool:
        return uri in self.redirect_uris or (not self.redirect_uris and uri.startswith(LOOPBACK))

    def wrong_request(self, asked: dict[str, str]) -> str | None:
        """Why the authorize page is not even shown: nothing may go to an address nobody registered."""
        if asked.get("client_id") != self.client_id:
            return "error=invalid_client_id&error_description=client identifier invalid"
        if not self.known_redirect(asked.get("redirect_uri", "")):
            return "error=redirect_uri_mismatch&error_description=redirect_uri must match"
        return None

    def invalid_request(self, asked: dict[str, str]) -> dict[str, str] | None:
        """What the client did wrong, told to its redirect address."""
        if asked.get("response_type") != "code":
            return {"error": "unsupported_response_type", "error_description": "must be code"}
        challenge = asked.get("code_challenge", "")
        if asked.get("code_challenge_method") != "S256" or len(challenge) != 43:
            return {
                "error": "invalid_request",
                "error_description": "missing required code challenge",
            }
        return None

    def consent(self, asked: dict[str, str], user: str) -> str:
        """A code for *user*'s consent."""
        code = "aPrx" + secrets.token_urlsafe(30)
        self.codes[code] = Code(
            asked["client_id"],
            asked["redirect_uri"],
            asked["code_challenge"],
            asked.get("scope", "api refresh_token"),
            user,
            time.monotonic() + CODE_LIFETIME,
        )
        return code

    def token(self, form: dict[str, str], url: str) -> dict[str, Any]:
        """The token endpoint; raises ``OAuthRefusal``."""
        self._check_client(form)
        if form.get("grant_type") == "authorization_code":
            code = self._code(form)
            refresh = self._new_refresh(code.user, code.scope) if "refresh" in code.scope else None
            return self._answer(code.user, code.scope, url, refresh)
        if form.get("grant_type") == "refresh_token":
            return self._refreshed(form, url)
        raise OAuthRefusal("unsupported_grant_type", "grant type not supported")

    def introspect(self, form: dict[str, str]) -> dict[str, Any]:
        """What a token may do; raises ``OAuthRefusal``."""
        self._check_client(form)
        token = form.get("token", "")
        if self.user_of(token) is None:
            return {"active": False}
        return {"active": True, "scope": self.scopes.get(token, "api refresh_token")}

    def revoke(self, token: str) -> None:
        """Ends a token; with a refresh token all access of its user ends too. Raises
        ``OAuthRefusal``.
        """
        if token in self.refreshes:
            user, _ = self.refreshes.pop(token)
            self.expired |= {access for access, holder in self.access.items() if holder == user}
        elif token in self.access and token not in self.expired:
            self.expired.add(token)
        else:
            raise OAuthRefusal("invalid_token", "expired access/refresh token")

    def revoke_everything(self) -> None:
        """What an admin does who takes the app away."""
        self.refreshes.clear()
        self.expire()

    def _check_client(self, form: dict[str, str]) -> None:
        if form.get("client_id") != self.client_id:
            raise OAuthRefusal("invalid_client_id", "client identifier invalid")
        if not hmac.compare_digest(form.get("client_secret", ""), self.client_secret):
            raise OAuthRefusal("invalid_client", "invalid client credentials")

    def _code(self, form: dict[str, str]) -> Code:
        code = self.codes.pop(form.get("code", ""), None)
        if code is None or code.ends < time.monotonic():
            raise OAuthRefusal("invalid_grant", "expired authorization code")
        if form.get("redirect_uri") != code.redirect_uri:
            raise OAuthRefusal("redirect_uri_mismatch", "redirect_uri must match configuration")
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != code.challenge:
            raise OAuthRefusal("invalid_grant", "invalid code verifier")
        return code

    def _refreshed(self, form: dict[str, str], url: str) -> dict[str, Any]:
        held = self.refreshes.get(form.get("refresh_token", ""))
        if held is None:
            raise OAuthRefusal("invalid_grant", "expired access/refresh token")
        rotated = None
        if self.org.options.rotate_refresh_tokens:
            del self.refreshes[form["refresh_token"]]
            rotated = self._new_refresh(*held)
        return self._answer(*held, url, rotated)

    def _new_refresh(self, user: str, scope: str) -> str:
        token = "5Aep861" + secrets.token_urlsafe(40)
        self.refreshes[token] = (user, scope)
        return token

    def _answer(self, user: str, scope: str, url: str, refresh: str | None) -> dict[str, Any]:
        identity = f"{url}/id/{self.org.id}/{user}"
        issued = str(int(time.time() * 1000))
        signed = hmac.digest(self.client_secret.encode(), (identity + issued).encode(), "sha256")
        access = self.token_for(user)
        self.scopes[access] = scope
        answer = {
            "access_token": access,
            "signature": base64.b64encode(signed).decode(),
            "scope": scope,
            "instance_url": self.org.options.claimed_instance_url or url,
            "id": identity,
            "token_type": "Bearer",
            "issued_at": issued,
        }
        return answer if refresh is None else answer | {"refresh_token": refresh}
