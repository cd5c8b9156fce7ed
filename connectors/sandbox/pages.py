"""The record page and the list of contacts: one look for every sandbox CRM."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, render_template, request
from markupsafe import Markup

from connectors.manifest import manifest
from connectors.sandbox import card as cards
from connectors.sandbox.card import Card, shown_time

TEMPLATES = Path(__file__).parent / "templates"
# The colour of the bar, so that two open tabs are told apart.
COLOURS = {"HubSpot": "#33475b", "Salesforce": "#0b5cab"}
SECURITY = "default-src 'none'; style-src 'unsafe-inline'; form-action *; frame-ancestors 'none'"
OPEN = ("ask", "handled", "record", "said")

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
    """A note, an answer, what was told, or a task; ``body`` is safe markup. ``due`` only with tasks."""

    kind: str
    title: str
    body: Markup
    at: datetime | None = None
    due: datetime | None = None
    owner: str = ""
    status: str = ""
    values: Sequence[Value] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """One field of a form: values and what a person reads; without *options* a person writes (*kind* is the
    input's type)."""

    name: str
    label: str
    options: Sequence[tuple[str, str]]
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Act:
    """Something a person does to the record in the CRM itself, as a form that posts to *address*. *grave* cannot be
    undone; *hidden* are values that go along."""

    label: str
    address: str
    fields: Sequence[Choice] = ()
    hidden: Mapping[str, str] = field(default_factory=dict)
    about: str = ""
    grave: bool = False


@dataclass(frozen=True, slots=True)
class RecordPage:
    """All that stands on a contact's page. *opened* is which of ``OPEN`` forms is shown: the page then stands still;
    otherwise it looks for news every three seconds."""

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
    card: Card | None = None
    acts: Sequence[Act] = ()
    address: str = ""
    opened: str = ""


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


def opened() -> str:
    """Which form the address asks for."""
    asked = request.args.get("open", "")
    return asked if asked in OPEN else ""


def own_form() -> None:
    """Refuses a form that another site's page sent."""
    origin = request.headers.get("Origin")
    if origin is not None and origin != request.host_url.rstrip("/"):
        abort(403)


@pages.app_template_filter("shown_time")
def _shown_time(at: datetime | None) -> str:
    return shown_time(at)


@pages.app_template_filter("web_address")
def _web_address(address: str) -> str:
    """*address* where it leads to a page, else nowhere: it may come from anybody."""
    return address if urlsplit(address).scheme in ("http", "https") else "#"


@pages.app_context_processor
def _card_words() -> dict[str, Any]:
    return {
        "words": cards.words,
        "causes": cards.causes,
        "outcomes": cards.outcomes,
        "card_words": manifest().card.texts,
        "card_title": manifest().card.title,
    }


def _rendered(template: str, crm: str, account: str, **values: Any) -> str:
    colour = COLOURS.get(crm, "#444")
    return render_template(template, crm=crm, account=account, colour=colour, **values)
