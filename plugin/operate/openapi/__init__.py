"""The HTTP surface as OpenAPI 3.1: what customers' pages, hosts' servers and operators may rely on."""

from importlib.metadata import version
from typing import Any

from plugin.operate.openapi import (
    customers,
    figures,
    hosts,
    hubspot,
    hubspot_bodies,
    operators,
    schemas,
    security,
)


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
        "paths": _paths(),
        "components": {
            "schemas": schemas.SCHEMAS | figures.SCHEMAS | hubspot_bodies.SCHEMAS,
            "securitySchemes": security.SCHEMES,
        },
    }


def _paths() -> dict[str, Any]:
    """The rooms' paths together; one address may be asked by customers and by hosts."""
    found: dict[str, Any] = {}
    for room in (customers, hosts, figures, hubspot, operators):
        for path, operations in room.PATHS.items():
            found[path] = found.get(path, {}) | operations
    return found
