"""The HTTP surface as OpenAPI 3.1: what customers' pages, hosts' servers and operators may rely on."""

from importlib.metadata import version
from typing import Any

from plugin.operate.openapi import customers, hosts, hubspot, hubspot_bodies, operators, schemas


def document() -> dict[str, Any]:
    """One OpenAPI document; the administrators' pages are for people and are not in it."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Gensvar",
            "version": version("gensvar"),
            "summary": "NPS inside HubSpot and Salesforce, from a customer's answer to a follow-up.",
            "description": (
                "Errors are problem documents (RFC 9457) with a stable code. A browser that asks for "
                "text/html gets a page that says the same. GET and HEAD never record anything."
            ),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [
            {
                "url": "{base_url}",
                "description": "GENSVAR_BASE_URL",
                "variables": {"base_url": {"default": "https://nps.example.com"}},
            }
        ],
        "tags": [
            {"name": "customers", "description": "What a customer's page and browser speak to."},
            {"name": "hosts", "description": "What a host's own server and administrator use."},
            {"name": "hubspot", "description": "What HubSpot calls, signed."},
            {"name": "operators", "description": "What whoever runs Gensvar looks at."},
        ],
        "paths": customers.PATHS | hosts.PATHS | hubspot.PATHS | operators.PATHS,
        "components": {
            "schemas": schemas.SCHEMAS | hubspot_bodies.SCHEMAS,
            "securitySchemes": {
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
            },
        },
    }
