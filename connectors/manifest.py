"""``manifest.json``, typed: the one place that names what goes into a CRM."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeAlias

from connectors.manifest_check import check

MANIFEST = Path(__file__).parent.parent / "manifest.json"

PARTS = ("contact", "answer", "task", "request")
FieldType = Literal["integer", "choice", "text", "long_text", "datetime", "key", "contact"]


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a choice: what is stored and what a rep reads."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Field:
    """One field by its neutral key. ``hubspot`` or ``salesforce`` is ``None`` where that CRM does not keep it;
    ``length`` is in characters, ``min`` and ``max`` bound an integer."""

    key: str
    label: str
    type: FieldType
    description: str
    hubspot: str | None
    salesforce: str | None
    length: int | None = None
    min: int | None = None
    max: int | None = None
    options: tuple[Option, ...] = ()

    def label_of(self, value: str) -> str:
        """What a rep reads for *value* of a choice."""
        return next((one.label for one in self.options if one.value == value), value)


@dataclass(frozen=True, slots=True)
class Scopes:
    """Scope names, each with what it is for."""

    required: Mapping[str, str]
    optional: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Associated:
    """A HubSpot object that is put on a contact, and the id of that kind of association."""

    object: str
    association_type_id: int


@dataclass(frozen=True, slots=True)
class App:
    """The app project a self-hoster uploads to HubSpot."""

    project: str
    platform_version: str
    uid: str
    name: str
    description: str


@dataclass(frozen=True, slots=True)
class Action:
    """What the workflow action says in HubSpot's editor; ``{{touchpoint}}`` in ``card`` is HubSpot's to fill."""

    name: str
    description: str
    card: str
    touchpoint: str
    touchpoint_help: str
    channel: str
    channel_help: str
    channel_link: str
    ask_id: str
    link: str
    reason: str


@dataclass(frozen=True, slots=True)
class HubSpot:
    api_version: str
    group_name: str
    group_label: str
    scopes: Scopes
    answer_record: Associated
    task: Associated
    app: App
    action: Action
    settings: "Words"


@dataclass(frozen=True, slots=True)
class CustomObject:
    """An object of ours in Salesforce; ``number_format`` is its auto number's."""

    object: str
    label: str
    plural: str
    number_format: str
    number_label: str
    description: str


@dataclass(frozen=True, slots=True)
class PermissionSet:
    name: str
    label: str
    description: str


@dataclass(frozen=True, slots=True)
class Property:
    """What an administrator may set where the panel is put on a page."""

    label: str
    description: str
    default: str


@dataclass(frozen=True, slots=True)
class Panel:
    """The Lightning web component on the contact's page."""

    name: str
    label: str
    description: str
    properties: Mapping[str, Property]


@dataclass(frozen=True, slots=True)
class Salesforce:
    """``marker`` stands in the description of all we make, so that we recognise it as ours."""

    api_version: str
    scopes: Scopes
    answer_record: CustomObject
    request: CustomObject
    task_object: str
    integration: PermissionSet
    viewer: PermissionSet
    panel: Panel
    marker: str


@dataclass(frozen=True, slots=True)
class TaskTexts:
    """What a follow-up task says, with ``{names}`` to be filled in."""

    subject: str
    no_contact: str
    body: str
    no_comment: str
    unassigned: str
    revised: str
    commented: str
    handled: str
    not_counted: str
    counted_again: str


@dataclass(frozen=True, slots=True)
class TellingTexts:
    """What stands on the timeline of a contact who was told something; ``channels`` are words for how."""

    subject: str
    body: str
    channels: Mapping[str, str]


Words: TypeAlias = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Card:
    """What the cards in both CRMs say: by key, then by language."""

    title: str
    languages: tuple[str, ...]
    texts: Words
    causes: Words
    outcomes: Words
    reasons: Words


@dataclass(frozen=True, slots=True)
class Manifest:
    """``contact``, ``answer``, ``task`` and ``request`` hold the fields of each, by neutral key and in the order
    of the file."""

    version: int
    hubspot: HubSpot
    salesforce: Salesforce
    contact: Mapping[str, Field]
    answer: Mapping[str, Field]
    task: Mapping[str, Field]
    request: Mapping[str, Field]
    task_texts: TaskTexts
    note_body: str
    telling: TellingTexts
    card: Card


@cache
def manifest() -> Manifest:
    """The manifest of this version. Raises ``ManifestError``."""
    return load(MANIFEST)


def load(path: Path) -> Manifest:
    """The manifest in *path*. Raises ``ManifestError`` naming the place that is wrong."""
    raw = json.loads(path.read_text(encoding="utf-8"))
    check(raw)
    fields = {part: _fields(raw["fields"][part]) for part in PARTS}
    return Manifest(
        version=raw["version"],
        hubspot=_hubspot(raw["hubspot"]),
        salesforce=_salesforce(raw["salesforce"]),
        contact=fields["contact"],
        answer=fields["answer"],
        task=fields["task"],
        request=fields["request"],
        task_texts=TaskTexts(**raw["task"]),
        note_body=raw["note"]["body"],
        telling=TellingTexts(**raw["telling"]),
        card=Card(**{**raw["card"], "languages": tuple(raw["card"]["languages"])}),
    )


def _fields(raw: Mapping[str, Any]) -> dict[str, Field]:
    return {key: _field(key, values) for key, values in raw.items()}


def _field(key: str, values: Mapping[str, Any]) -> Field:
    return Field(key=key, **{**values, "options": _options(values.get("options", ()))})


def _options(raw: Iterable[Mapping[str, str]]) -> tuple[Option, ...]:
    return tuple(Option(**option) for option in raw)


def _hubspot(raw: Mapping[str, Any]) -> HubSpot:
    return HubSpot(
        api_version=raw["api_version"],
        group_name=raw["group"]["name"],
        group_label=raw["group"]["label"],
        scopes=Scopes(**raw["scopes"]),
        answer_record=Associated(**raw["answer_record"]),
        task=Associated(**raw["task"]),
        app=App(**raw["app"]),
        action=Action(**raw["action"]),
        settings=raw["settings"],
    )


def _salesforce(raw: Mapping[str, Any]) -> Salesforce:
    return Salesforce(
        api_version=raw["api_version"],
        scopes=Scopes(**raw["scopes"]),
        answer_record=CustomObject(**raw["answer_record"]),
        request=CustomObject(**raw["request"]),
        task_object=raw["task"]["object"],
        integration=PermissionSet(**raw["permission_sets"]["integration"]),
        viewer=PermissionSet(**raw["permission_sets"]["viewer"]),
        panel=_panel(raw["panel"]),
        marker=raw["marker"],
    )


def _panel(raw: Mapping[str, Any]) -> Panel:
    properties = {name: Property(**values) for name, values in raw["properties"].items()}
    return Panel(**{**raw, "properties": properties})
