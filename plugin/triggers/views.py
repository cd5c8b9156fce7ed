"""Triggers: the list, the form, trying out, on and off, and what the last events led to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from plugin.access.guard import who
from plugin.access.rules import plain
from plugin.access.web import field_errors
from plugin.asking.words import because
from plugin.errors import Problem
from plugin.pages import cut
from plugin.services import services
from plugin.touchpoints import reading as touchpoints
from plugin.touchpoints.rules import WAYS
from plugin.triggers import actions, dryrun, pasted, reading, rules, words
from plugin.triggers.forms import draft_of, values_of
from plugin.triggers.pasted import Read, RowError
from plugin.triggers.rules import KINDS, Draft
from plugin.triggers.source import Right

blueprint = Blueprint("triggers", "plugin")
SIZE = 50
FILE_MOST = 2 * 1024 * 1024  # bytes: 2,000 rows with all that an export says of a contact
CHANNELS = (
    ("email", "By e-mail", "Sent by itself."),
    ("widget", "In a page of yours", "The next time your page asks whether to show the question."),
    ("link", "By a link", "Opened here; somebody has to hand the link over."),
)


@dataclass(frozen=True, slots=True)
class Offer:
    """What the CRM offers to choose from, or why it could not be asked."""

    choices: Sequence[tuple[str, str]] = ()
    right: Right = field(default_factory=Right)
    trouble: str = ""


@blueprint.url_value_preprocessor
def _room_for_a_file(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Said before the guard reads the form; other pages take less."""
    request.max_content_length = FILE_MOST


@blueprint.get("/admin/triggers")
def list_triggers() -> ResponseReturnValue:
    with services().database.read() as connection:
        rows = reading.listed(connection)
        accounts = {one.id: one.title for one in services().accounts(connection)}
    return render_template(
        "triggers/list.html", rows=rows, accounts=accounts, kinds=KINDS, words=words
    )


@blueprint.get("/admin/triggers/new")
def new() -> ResponseReturnValue:
    installation, kind = request.args.get("installation", ""), request.args.get("kind", "")
    if kind not in KINDS or not installation:
        with services().database.read() as connection:
            accounts = services().accounts(connection)
        return render_template("triggers/choose.html", accounts=accounts, kinds=KINDS)
    draft = Draft("", "", installation, kind, "")
    return _form(values_of(draft), {}, draft)


@blueprint.post("/admin/triggers/new")
def add() -> ResponseReturnValue:
    kind, installation = request.form.get("kind", ""), request.form.get("installation", "")
    offer = _offer(installation, kind)
    draft = draft_of(request.form, offer.choices)
    read: Sequence[str] = ()
    rows: Sequence[RowError] = ()
    try:
        told = _list(installation, kind)
        if told is not None:
            read, rows = told.contacts, told.errors
            _stop_at(rows)
        actions.add(services(), who(), draft, read)
    except Problem as problem:
        return _form(request.form, field_errors(problem), draft, rows=rows)
    flash("The trigger is added, and off. Try it out before you switch it on.", "good")
    return redirect(url_for("triggers.show", key=draft.key), 303)


@blueprint.get("/admin/triggers/<key>")
def show(key: str) -> ResponseReturnValue:
    return _page(key, {})


@blueprint.get("/admin/triggers/<key>/edit")
def edit(key: str) -> ResponseReturnValue:
    row = _get(key)
    return _form(values_of(_draft(row)), {}, _draft(row), row=row)


@blueprint.post("/admin/triggers/<key>/edit")
def save(key: str) -> ResponseReturnValue:
    row = _get(key)
    offer = _offer(row.installation, row.kind)
    typed = {**request.form.to_dict(), "installation": row.installation}
    draft = draft_of(typed, offer.choices, key, row.kind)
    rows: Sequence[RowError] = ()
    read: Sequence[str] | None = None
    try:
        told = _list(row.installation, row.kind)
        if told is not None:
            read, rows = told.contacts, told.errors
            _stop_at(rows)
        actions.edit(services(), who(), draft, read)
    except Problem as problem:
        return _form(typed, field_errors(problem), draft, row=row, rows=rows)
    flash("Saved. Try it out again before you switch it on.", "good")
    return redirect(url_for("triggers.show", key=key), 303)


@blueprint.post("/admin/triggers/<key>/try")
def try_out(key: str) -> ResponseReturnValue:
    try:
        actions.try_out(services(), key)
    except Problem as problem:
        return _page(key, {"dry_run": f"The CRM could not be read. {problem.detail}"})
    return redirect(url_for("triggers.show", key=key), 303)


@blueprint.post("/admin/triggers/<key>/on")
def switch_on(key: str) -> ResponseReturnValue:
    return _switched(key, actions.switch_on, "The trigger is on.")


@blueprint.post("/admin/triggers/<key>/off")
def switch_off(key: str) -> ResponseReturnValue:
    return _switched(key, actions.switch_off, "The trigger is off.")


@blueprint.post("/admin/triggers/<key>/remove")
def remove(key: str) -> Response:
    actions.remove(services(), who(), key)
    flash("The trigger is removed. What its events led to stays.", "good")
    return redirect(url_for("triggers.list_triggers"), 303)


def _switched(key: str, verb: Any, done: str) -> ResponseReturnValue:
    try:
        verb(services(), who(), key, plain(request.form.get("why", "")))
    except Problem as problem:
        return _page(key, field_errors(problem))
    flash(done, "good")
    return redirect(url_for("triggers.show", key=key), 303)


def _page(key: str, errors: Mapping[str, str]) -> ResponseReturnValue:
    row, after = _get(key), request.args.get("after", "")
    with services().database.read() as connection:
        found = reading.events(connection, key, after=after, limit=SIZE + 1)
        counts = reading.counts(connection, key)
        waits = reading.waits(connection, row.installation) if row.is_on else ""
        accounts = {one.id: one.title for one in services().accounts(connection)}
    events, older = cut(found, SIZE, lambda one: str(one.id))
    told = dryrun.of(row.dry_run)
    html = render_template(
        "triggers/show.html",
        trigger=row, kind=KINDS[row.kind], words=words, errors=errors, because=because,
        account=accounts.get(row.installation, row.installation), way=WAYS[row.channel],
        right=_right(row.installation, row.kind), given=rules.parameters_of(row),
        told=told, sentence=dryrun.sentence(told, row.kind) if told else "", days=dryrun.DAYS,
        waits=services().explain(waits) if waits else None, events=events, older=older, first=not after, counts=counts,
    )  # fmt: skip
    return make_response(html, 422 if errors else 200)


def _form(
    values: Mapping[str, str],
    errors: Mapping[str, str],
    draft: Draft,
    *,
    row: Any = None,
    rows: Sequence[RowError] = (),
) -> ResponseReturnValue:
    kind = KINDS[draft.kind] if draft.kind in KINDS else next(iter(KINDS.values()))
    with services().database.read() as connection:
        known = [one for one in touchpoints.listed(connection) if one.archived_at is None]
    html = render_template(
        "triggers/form.html",
        trigger=row, kind=kind, offer=_offer(draft.installation, draft.kind), values=values,
        errors=errors, rows=rows, most=pasted.ROWS_MOST, channels=CHANNELS,
        touchpoints=[(one.key, one.name) for one in known if kind.fits(one.kind)],
    )  # fmt: skip
    return make_response(html, 422 if errors else 200)


def _offer(installation: str, kind: str) -> Offer:
    source = services().source
    if source is None or kind not in KINDS or not installation:
        return Offer()
    right = _right(installation, kind)
    try:
        choices = source.choices(installation, kind) if KINDS[kind].choice else []
    except Problem as problem:
        return Offer(right=right, trouble=problem.detail)
    return Offer(choices, right)


def _right(installation: str, kind: str) -> Right:
    source = services().source
    try:
        return source.right(installation, kind) if source is not None else Right()
    except Problem:
        return Right()


def _list(installation: str, kind: str) -> Read | None:
    """What was pasted, or what stands in the file that was chosen; ``None`` for neither. Raises ``Problem``."""
    text, file = request.form.get("pasted", ""), request.files.get("file")
    if kind != "list":
        return None
    if text.strip() and file:
        words = "Paste a list or choose a file, not both."
        raise Problem("field_invalid", words, fields={"file": words})
    if file:
        return pasted.read_file(services(), installation, file.read())
    return pasted.read(services(), installation, text) if text.strip() else None


def _stop_at(rows: Sequence[RowError]) -> None:
    if rows:
        words = "Correct the rows that are named, or take them out."
        raise Problem("field_invalid", words, fields={"pasted": words})


def _get(key: str) -> Any:
    with services().database.read() as connection:
        return reading.get(connection, key)


def _draft(row: Any) -> Draft:
    return Draft(
        row.key, row.name, row.installation, row.kind, row.touchpoint, row.channel,
        rules.parameters_of(row),
    )  # fmt: skip
