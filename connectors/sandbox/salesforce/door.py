"""What the views share, and the door every API call passes: version, token, edition, daily budget."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import g, request

from connectors.sandbox.salesforce.deploy import Deploy
from connectors.sandbox.salesforce.oauth import OAuth
from connectors.sandbox.salesforce.org import Org
from connectors.sandbox.salesforce.problems import Refusal

URI_LIMIT = 16_384
SERVICE = "sandbox.salesforce"
P = ParamSpec("P")
R = TypeVar("R")


@dataclass
class Service:
    """An org with its client app, its deploys and its open query cursors."""

    org: Org
    oauth: OAuth = field(init=False)
    deploys: dict[str, Deploy] = field(default_factory=dict)
    cursors: dict[str, tuple[list[dict[str, Any]], int]] = field(default_factory=dict)
    admin: str = ""

    def __post_init__(self) -> None:
        self.oauth = OAuth(self.org)


def service() -> Service:
    found: Service = request.environ[SERVICE]
    return found


def org() -> Org:
    return service().org


def api(view: Callable[P, R]) -> Callable[P, R]:
    """A view below ``/services/data/v<version>``; nobody else touches the org meanwhile."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        version = str(kwargs.pop("version"))
        with org().lock:
            _check_size()
            _check_version(version)
            g.user, g.version = _authenticated(), version
            _spend()
            return view(*args, **kwargs)

    return guarded


def user() -> str:
    return str(g.user)


def json_body() -> dict[str, Any]:
    """The body as an object; raises ``Refusal``."""
    if request.mimetype != "application/json":
        raise Refusal(415, "UNSUPPORTED_MEDIA_TYPE", "Content type must be application/json")
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise Refusal(400, "JSON_PARSER_ERROR", "The HTTP entity body is required to be an object")
    return body


def _check_size() -> None:
    if len(request.full_path) > URI_LIMIT:
        raise Refusal(414, "URI_TOO_LONG", "The address is longer than 16,384 bytes")


def _check_version(version: str) -> None:
    options = org().options
    if re.fullmatch(r"\d{1,3}\.0", version) is None:
        raise Refusal(404, "NOT_FOUND", "The requested resource does not exist")
    number = int(version.split(".")[0])
    if number < options.oldest_version:
        raise Refusal(410, "UNSUPPORTED_API_VERSION", "The API version is retired")
    if number > options.newest_version:
        raise Refusal(404, "NOT_FOUND", "The requested resource does not exist")


def _authenticated() -> str:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    found = service().oauth.user_of(token) if kind == "Bearer" else None
    if found is None or not org().rows["User"][found]["IsActive"]:
        raise Refusal(401, "INVALID_SESSION_ID", "Session expired or invalid")
    return found


def _spend() -> None:
    if not org().options.api_enabled:
        message = "The REST API is not enabled for this Organization."
        raise Refusal(403, "API_DISABLED_FOR_ORG", message)
    if org().used_today >= org().options.daily_limit:
        raise Refusal(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")
    org().used_today += 1
