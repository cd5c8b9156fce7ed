"""How callers of the HTTP surface show who they are."""

from typing import Any

SCHEMES: dict[str, Any] = {
    "apiKey": {
        "type": "http",
        "scheme": "bearer",
        "description": "An API key (gv_...), valid for one installation.",
    },
    "metricsToken": {
        "type": "http",
        "scheme": "bearer",
        "description": "GENSVAR_METRICS_TOKEN; without one, this machine only.",
    },
    "hubspotSignature": {
        "type": "apiKey",
        "in": "header",
        "name": "X-HubSpot-Signature-v3",
        "description": "Over method, address, body and time, with the app's client secret.",
    },
    "hubspotTimestamp": {
        "type": "apiKey",
        "in": "header",
        "name": "X-HubSpot-Request-Timestamp",
        "description": "Milliseconds since 1970, at most five minutes ago.",
    },
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "__Host-gensvar",
        "description": "A signed-in administrator.",
    },
}
