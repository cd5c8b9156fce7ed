"""The audit log, newest first."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from plugin.access.audit import entries
from plugin.access.web import blueprint
from plugin.pages import cut
from plugin.services import services


@blueprint.get("/admin/audit")
def audit_log() -> ResponseReturnValue:
    after, size = request.args.get("after", ""), 50
    with services().database.read() as connection:
        found = entries(connection, before=after, limit=size + 1)
    shown, older = cut(found, size, lambda entry: entry.id)
    return render_template("access/audit.html", entries=shown, older=older, first=not after)
