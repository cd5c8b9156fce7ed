"""Values of fields of contacts and their accounts: of known contacts four hundred a call, of changed ones a thousand.

``SystemModstamp`` is set when a change begins and seen when it is committed: each look goes back a while before the one
before it began. A formula changes without it; whoever keeps such a field reads everybody now and then.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from simple_salesforce.format import format_soql

from connectors.attributes import ContactField, Kind, Values, Window, told
from connectors.errors import MissingRight
from connectors.salesforce import ids
from connectors.salesforce.client import Org, Row
from connectors.salesforce.events import OVERLAP
from connectors.salesforce.look import describe
from connectors.salesforce.reading import STAMP, own_id
from connectors.salesforce.streams import PAGE

ACCOUNT = "Account."
NAME = re.compile(r"(Account\.)?[A-Za-z]\w{0,79}", re.ASCII)
KINDS = {
    "string": Kind.TEXT,
    "picklist": Kind.TEXT,
    "combobox": Kind.TEXT,
    "boolean": Kind.TEXT,
    "double": Kind.NUMBER,
    "currency": Kind.NUMBER,
    "percent": Kind.NUMBER,
    "int": Kind.NUMBER,
    "long": Kind.NUMBER,
    "date": Kind.DATE,
    "datetime": Kind.DATE,
}
# What names a person, reaches her or tells of her life; and what is about the record, not the customer.
OF_A_PERSON = {
    "Name", "FirstName", "MiddleName", "LastName", "Suffix", "Salutation", "Birthdate", "AssistantName",
    "MailingCity", "MailingPostalCode", "OtherCity", "OtherPostalCode", "MailingGeocodeAccuracy",
    "OtherGeocodeAccuracy", "MailingLatitude", "MailingLongitude", "OtherLatitude", "OtherLongitude",
    "GenderIdentity", "Pronouns", "Jigsaw", "JigsawContactId", "EmailBouncedReason", "EmailBouncedDate",
    "IsDeleted", "HasOptedOutOfEmail", "SystemModstamp", "LastModifiedDate", "LastViewedDate", "LastReferencedDate",
}  # fmt: skip


def choices(org: Org) -> list[ContactField]:
    """The contact's, then the account's; in each those of the org's own first."""
    return [
        ContactField(name, f"{'Account: ' if name.startswith(ACCOUNT) else ''}{one['label']}", kind)
        for name, one in _described(org).items()
        if (kind := _kind(one)) is not None
    ]


def values_of(org: Org, fields: Mapping[str, Kind], contact_ids: Sequence[str]) -> Values:
    known = [ids.long(one) for one in contact_ids if ids.valid(one, ids.CONTACT)]
    soql = "SELECT Id{more:literal} FROM Contact WHERE Id IN {some}"

    def ask(names: Sequence[str]) -> list[Row]:
        more = "".join(f", {name}" for name in names)
        return org.query_in(lambda some: format_soql(soql, more=more, some=some), known)

    before = org.made
    rows, there = _asked(org, fields, ask)
    held, wrong = told(there, _held(rows, there))
    return Values(held, _missing(fields, there), wrong, calls=org.made - before)


def changed(org: Org, fields: Mapping[str, Kind], since: datetime, mark: str) -> Values:
    window = Window.read(mark) if mark else Window(since)
    before = org.made
    rows, there = _asked(org, fields, lambda names: org.query(_changed(window, names)))
    began = window.began or org.now()
    held, wrong = told(there, _held(rows, there))
    more = len(rows) >= PAGE
    onwards = Window(max(window.since, began - OVERLAP))
    if more:
        onwards = Window(window.since, began, own_id(rows[-1]))
    missing = _missing(fields, there)
    return Values(held, missing, wrong, onwards.write(), more, org.made - before)


def _changed(window: Window, names: Sequence[str]) -> str:
    """An account that changes changes its contacts, where a field of it is kept."""
    since = format_soql("{:literal} >= {}", STAMP, window.since)
    if any(name.startswith(ACCOUNT) for name in names):
        since += format_soql(" OR {:literal} >= {}", ACCOUNT + STAMP, window.since)
    behind = format_soql(" AND Id > {}", window.after) if ids.valid(window.after) else ""
    return format_soql(
        "SELECT Id{more:literal} FROM Contact WHERE ({since:literal}){behind:literal} ORDER BY Id LIMIT {most}",
        more="".join(f", {name}" for name in names), since=since, behind=behind, most=PAGE,
    )  # fmt: skip


def _asked(
    org: Org, fields: Mapping[str, Kind], ask: Callable[[Sequence[str]], list[Row]]
) -> tuple[list[Row], dict[str, Kind]]:
    """The rows, and the fields that they hold: one that is gone or hidden refuses the whole query, so the others are
    asked for once more."""
    there = {name: kind for name, kind in fields.items() if NAME.fullmatch(name)}
    if not there:
        return [], {}
    try:
        return ask(list(there)), there
    except MissingRight as error:
        if error.code != "field_missing":
            raise
    seen = _described(org)
    left = {name: kind for name, kind in there.items() if name in seen}
    return (ask(list(left)) if left else []), left


def _described(org: Org) -> dict[str, Row]:
    """The fields that the connected user sees, by the name under which a contact's query has them."""
    found: dict[str, Row] = {}
    for kind, before in (("Contact", ""), ("Account", ACCOUNT)):
        seen = describe(org, kind) or {"fields": []}
        rows = sorted(
            seen["fields"], key=lambda one: (not one.get("custom"), str(one["label"]).casefold())
        )
        found |= {before + str(one["name"]): one for one in rows}
    return found


def _kind(one: Row) -> Kind | None:
    name = str(one["name"])
    if name in OF_A_PERSON or name.startswith("Gensvar_") or one.get("encrypted"):
        return None
    return KINDS.get(str(one.get("type")))


def _held(rows: Sequence[Row], names: Mapping[str, Kind]) -> Iterator[tuple[str, dict[str, Any]]]:
    for row in rows:
        yield own_id(row), {name: _at(row, name) for name in names}


def _at(row: Row, name: str) -> Any:
    """A contact without an account has nothing in any field of it."""
    if name.startswith(ACCOUNT):
        return (row.get("Account") or {}).get(name.removeprefix(ACCOUNT))
    return row.get(name)


def _missing(fields: Mapping[str, Kind], there: Mapping[str, Kind]) -> tuple[str, ...]:
    return tuple(sorted(set(fields) - set(there)))
