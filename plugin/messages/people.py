"""The people behind the numbers, and the mail of each of them to look at."""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.engine import Connection

from plugin.access.rules import plain
from plugin.errors import Problem
from plugin.messages import audience, drafts, previewing, progress, words
from plugin.messages.drafts import Draft
from plugin.messages.previewing import Preview
from plugin.messages.routes import blueprint
from plugin.pages import cut
from plugin.services import Services, services
from plugin.strict import storable
from plugin.web import PAGE_POLICY

SIZE = 50
TO_BE_TOLD = "told"
_FRAMING = f"{PAGE_POLICY}; frame-src 'self'"
# The letter's own styles stand in it; it runs nothing and loads nothing.
_FRAMED = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'"
)


@blueprint.get("/admin/changes/<change_id>/message/people")
def list_people(change_id: str) -> ResponseReturnValue:
    show, typed = request.args.get("show", ""), plain(request.args.get("q", ""))
    after = request.args.get("after", "")
    after = after if storable(after) else ""
    with services().database.read() as connection:
        draft = drafts.load(connection, change_id)
        found = reader(connection, services(), draft, show, typed)(connection, after, SIZE + 1)
    shown, older = cut(found, SIZE, lambda row: str(row.id))
    return render_template(
        "messages/people.html",
        draft=draft,
        change=draft.change,
        rows=shown,
        older=older,
        first=not after,
        show=show,
        choices=choices(draft),
        words=words,
    )


@blueprint.get("/admin/changes/<change_id>/message/preview/<person_id>")
def preview(change_id: str, person_id: str) -> ResponseReturnValue:
    found = _preview(change_id, person_id)
    html = render_template(
        "messages/preview.html",
        found=found,
        change_id=change_id,
        words=words,
        frame=url_for("messages.letter", change_id=change_id, person_id=person_id),
    )
    response = Response(html, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = _FRAMING
    return response


@blueprint.get("/admin/changes/<change_id>/message/preview/<person_id>/letter")
def letter(change_id: str, person_id: str) -> ResponseReturnValue:
    html = _preview(change_id, person_id).letter.html
    response = Response(html, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = _FRAMED
    response.headers["Cache-Control"] = "no-store"
    return response


Read: TypeAlias = Callable[[Connection, str, int], Sequence[Any]]


def reader(connection: Connection, here: Services, draft: Draft, show: str, typed: str) -> Read:
    """Reads rows after an id, at most so many: as they were written down, or as they would be if it began now. What
    cannot be meant does not narrow."""
    show = show if show in choices(draft) else ""
    typed = typed if storable(typed) else ""
    if draft.begun:
        return lambda connection, after, limit: progress.page(
            connection, draft.change.id, show=show, words=typed, after=after, limit=limit
        )
    found = audience.audience(
        connection, here, draft.change, draft.plan, draft.languages, here.clock.now()
    )
    reason = None if show in ("", TO_BE_TOLD) else show
    return lambda connection, after, limit: audience.page(
        connection, found, reason=reason, every=not show, words=typed, after=after, limit=limit
    )


def choices(draft: Draft) -> dict[str, str]:
    """What the list may be narrowed to, with its words."""
    if draft.begun:
        return progress.SHOWN | words.REASONS
    return {TO_BE_TOLD: "to be told"} | words.REASONS


def _preview(change_id: str, person_id: str) -> Preview:
    if not storable(person_id):
        raise Problem("not_found", "There is no mail for this person.")
    with services().database.read() as connection:
        draft = drafts.load(connection, change_id)
        return previewing.preview(connection, services(), draft, person_id)
