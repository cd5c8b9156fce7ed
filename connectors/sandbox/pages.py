"""The record page and the list of contacts: one look for every sandbox CRM."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, render_template
from markupsafe import Markup

TEMPLATES = Path(__file__).parent / "templates"
# The colour of the bar, so that two open tabs are told apart.
COLOURS = {"HubSpot": "#33475b", "Salesforce": "#0b5cab"}
SECURITY = "default-src 'none'; style-src 'unsafe-inline'; form-action *; frame-ancestors 'none'"

pages = Blueprint("pages", __name__, template_folder=str(TEMPLATES))
"""To be registered by each sandbox's app: brings the templates."""


@dataclass(frozen=True, slots=True)
class Value:
    """One field as a rep reads it; ``kind`` is ``text``, ``score``, ``category``, ``follow_up``
    or ``time`` (then *value* is what is shown, ready formatted)."""

    label: str
    value: str
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    values: Sequence[Value]


@dataclass(frozen=True, slots=True)
class Activity:
    """A note, an answer or a task; ``body`` is safe markup. ``due`` only with tasks."""

    kind: str
    title: str
    body: Markup
    at: datetime | None = None
    due: datetime | None = None
    owner: str = ""
    status: str = ""
    values: Sequence[Value] = ()


@dataclass(frozen=True, slots=True)
class RecordPage:
    """All that stands on a contact's page."""

    crm: str
    account: str
    name: str
    company: str = ""
    owner: str = ""
    facts: Sequence[Value] = ()
    groups: Sequence[Group] = ()
    tasks: Sequence[Activity] = ()
    answers: Sequence[Activity] = ()
    notice: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One contact in the list."""

    url: str
    name: str
    company: str = ""
    owner: str = ""
    score: str = ""
    category: str = ""
    open_tasks: int = 0
    notice: str = ""


def record(page: RecordPage) -> str:
    return _rendered("record.html", page.crm, page.account, page=page)


def index(crm: str, account: str, rows: Iterable[Row]) -> str:
    return _rendered("contacts.html", crm, account, rows=list(rows))


def consent(crm: str, account: str, user: str, required: list[str], optional: list[str]) -> str:
    """The page on which an administrator approves or denies; the form posts to its own address:
    ``decision`` is ``approve`` or ``deny``, and each optional scope left ticked is named."""
    return _rendered("consent.html", crm, account, user=user, required=required, optional=optional)


def message(crm: str, title: str, text: str) -> str:
    return _rendered("message.html", crm, "", title=title, text=text)


def guard(answer: Response) -> None:
    """A page runs nothing, is framed nowhere and is kept by nobody; other answers stay as they are."""
    if answer.mimetype == "text/html":
        answer.headers["Content-Security-Policy"] = SECURITY
        answer.headers["Cache-Control"] = "no-store"


def shown_time(at: datetime | None) -> str:
    """As ``21 Nov 2026, 22:05 UTC``; empty for none."""
    return f"{at:%-d %b %Y, %H:%M} UTC" if at else ""


@pages.app_template_filter("shown_time")
def _shown_time(at: datetime | None) -> str:
    return shown_time(at)


def _rendered(template: str, crm: str, account: str, **values: Any) -> str:
    colour = COLOURS.get(crm, "#444")
    return render_template(template, crm=crm, account=account, colour=colour, **values)
