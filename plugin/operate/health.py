"""Alive and ready: for whoever runs this, and for whatever restarts it."""

import hmac
from typing import Any

from flask import Blueprint, Response, request

from plugin.operate.readiness import readiness
from plugin.services import services
from plugin.web import json_response

blueprint = Blueprint("health", __name__)

_LEFT_BY_PROXIES = (
    "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Forwarded", "Via",
)  # fmt: skip


@blueprint.get("/healthz")
def alive() -> Response:
    return json_response({"alive": True})


@blueprint.get("/readyz")
def ready() -> Response:
    """200 or 503. The reasons only for whoever may see the metrics."""
    found = readiness(services())
    document: dict[str, Any] = {"ready": found["ready"]}
    if trusted():
        document = found
    return json_response(document, 200 if found["ready"] else 503)


def trusted() -> bool:
    """With a METRICS_TOKEN its bearer; else only this machine, reached without a proxy."""
    token = services().settings.metrics_token
    if token:
        given = request.headers.get("Authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {token}".encode())
    forwarded = any(name in request.headers for name in _LEFT_BY_PROXIES)
    return request.remote_addr in ("127.0.0.1", "::1") and not forwarded
