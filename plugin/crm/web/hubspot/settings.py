"""The app's settings page in HubSpot: how the connection is, and the way to the administrators' pages."""

from importlib.metadata import version
from typing import Any

from flask import Blueprint, Response
from sqlalchemy.engine import Row

from connectors.manifest import manifest
from plugin.crm import health
from plugin.crm.card import iso
from plugin.crm.health import Health
from plugin.crm.web.hubspot.door import NOT_CONNECTED, caller
from plugin.errors import Problem
from plugin.services import services
from plugin.web import json_response

blueprint = Blueprint("settings", __name__)


@blueprint.get("/settings")
def show() -> Response:
    with services().database.read() as connection:
        found = health.one(connection, caller(connection).installation.id)
    if found is None:
        raise Problem("not_found", NOT_CONNECTED)
    return json_response(_document(found))


def _document(found: Health) -> dict[str, Any]:
    row = found.row
    return {
        "account": row.name,
        "state": row.state,
        "words": found.reason or found.waits,
        "last_success_at": iso(found.last_success),
        "backlog": found.backlog,
        "parked": found.parked_count,
        "scopes": _scopes(row),
        "admin_url": f"{services().settings.address()}/admin/installations/{row.id}",
        "version": version("gensvar"),
    }


def _scopes(row: Row[Any]) -> list[dict[str, Any]]:
    """What we ask for, and whether it was granted; a ready token does not tell what it may."""
    wanted = manifest().hubspot.scopes
    return [
        {
            "name": name,
            "purpose": purpose,
            "granted": name in row.scopes or not row.scopes,
            "required": name in wanted.required,
        }
        for name, purpose in {**wanted.required, **wanted.optional}.items()
    ]
