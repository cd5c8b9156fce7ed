"""Alive, ready, metrics."""

from typing import Any

from plugin.operate.openapi.parts import json_body, problems, text

_READY = {
    "ready": True, "reasons": [], "warnings": [], "worker_heartbeat_seconds": 0.4,
    "backlog_seconds": 0, "parked": 0, "unsure": 0, "needs_reconnect": [],
    "polled_late": [],
}  # fmt: skip
_REASON = "No worker is alive: start `gensvar worker`, or serve without --no-worker."

PATHS: dict[str, Any] = {
    "/healthz": {
        "get": {
            "tags": ["operators"],
            "operationId": "alive",
            "summary": "The process answers.",
            "responses": {"200": json_body("Alive", {"alive": True}, "Alive.")},
        }
    },
    "/readyz": {
        "get": {
            "tags": ["operators"],
            "operationId": "ready",
            "summary": "Answers can be stored and worked on.",
            "security": [{}, {"metricsToken": []}],
            "responses": {
                "200": json_body("Ready", _READY, "Ready."),
                "503": json_body(
                    "Ready", {**_READY, "ready": False, "reasons": [_REASON]}, "Not ready."
                ),
            },
        }
    },
    "/metrics": {
        "get": {
            "tags": ["operators"],
            "operationId": "metrics",
            "summary": "Prometheus text, the same from every process.",
            "security": [{}, {"metricsToken": []}],
            "responses": {
                "200": text("text/plain", "Metrics."),
                **problems("forbidden", "storage_unavailable"),
            },
        }
    },
}
