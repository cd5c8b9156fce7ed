"""Values of contact properties: of known contacts a hundred a call, of changed ones two hundred.

A property that is no longer there is not refused: it looks as if it were empty. So a property is believed only after a
look at those there are. Search shows what is new with a delay and ten thousand rows of a query: each
look goes back a while, and reads in the order of the ids. https://developers.hubspot.com/docs/api-reference/latest/crm/search-the-crm
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from connectors.attributes import ContactField, Kind, Values, Window, told
from connectors.hubspot import people
from connectors.hubspot.batch import read
from connectors.hubspot.client import Api
from connectors.hubspot.wanted import Property
from connectors.hubspot.watching import OVERLAP, PAGE, milliseconds, search

MODIFIED = "lastmodifieddate"  # of contacts; other records have another
KINDS = {
    "string": Kind.TEXT,
    "enumeration": Kind.TEXT,
    "bool": Kind.TEXT,
    "number": Kind.NUMBER,
    "date": Kind.DATE,
    "datetime": Kind.DATE,
}
WIDGETS = {"text", "select", "radio", "booleancheckbox", "number", "date"}
# What names a person, reaches her or tells of her life; and what we keep anyway.
OF_A_PERSON = {
    "email", "firstname", "lastname", "salutation", "company", "phone", "mobilephone", "fax", "address", "zip",
    "hs_full_name_or_email", "hs_email_domain", "work_email", "date_of_birth", "gender", "marital_status",
    "relationship_status", "military_status", "ip_city", "ip_latlon", "ip_zipcode", "twitterhandle", "website",
    "hubspot_owner_id", "associatedcompanyid", "hs_object_id",
}  # fmt: skip
Row = Mapping[str, Any]


def choices(api: Api) -> list[ContactField]:
    """Those of the account's own first."""
    chosen = [one for one in _properties(api).values() if _may_be_chosen(one)]
    chosen.sort(key=lambda one: (bool(one.get("hubspotDefined")), str(one["label"]).casefold()))
    return [ContactField(str(p["name"]), str(p["label"]), KINDS[p["type"]]) for p in chosen]


def values_of(api: Api, fields: Mapping[str, Kind], contact_ids: Sequence[str]) -> Values:
    before = api.made
    there = _there(api, fields)
    known = [one for one in contact_ids if people.valid_id(one)]
    rows = read(api, people.FAMILY, known, list(there)) if there else []
    asked = [row for row in rows if str(row["id"]) in contact_ids]
    held, wrong = told(there, _held(asked, there))
    return Values(held, _missing(fields, there), wrong, calls=api.made - before)


def changed(api: Api, fields: Mapping[str, Kind], since: datetime, mark: str) -> Values:
    before = api.made
    window = Window.read(mark) if mark else Window(since)
    answer = search(api, "contacts", _changed(window, list(fields)))
    began = window.began or api.their_time()
    rows = answer["results"]
    there = _there(api, fields) if rows else dict(fields)
    held, wrong = told(there, _held(rows, there))
    more = "paging" in answer and bool(rows)
    onwards = Window(max(window.since, began - OVERLAP))
    if more:
        onwards = Window(window.since, began, str(rows[-1]["id"]))
    missing = _missing(fields, there)
    return Values(held, missing, wrong, onwards.write(), more, api.made - before)


def _changed(window: Window, names: Sequence[str]) -> dict[str, Any]:
    since = {"propertyName": MODIFIED, "operator": "GTE", "value": milliseconds(window.since)}
    behind = {"propertyName": "hs_object_id", "operator": "GT", "value": window.after}
    return {
        "filterGroups": [{"filters": [since, behind] if window.after else [since]}],
        "properties": list(names),
        "sorts": ["hs_object_id"],
        "limit": PAGE,
        "after": "0",
    }


def _held(rows: Iterable[Row], names: Iterable[str]) -> Iterable[tuple[str, Row]]:
    wanted = frozenset(names)
    for row in rows:
        found = row["properties"]
        yield str(row["id"]), {name: found[name] for name in wanted & found.keys()}


def _there(api: Api, fields: Mapping[str, Kind]) -> dict[str, Kind]:
    found = _properties(api)
    return {name: kind for name, kind in fields.items() if name in found}


def _missing(fields: Iterable[str], there: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(fields) - set(there)))


def _properties(api: Api) -> dict[str, Property]:
    """https://developers.hubspot.com/docs/api-reference/latest/crm/properties/get-properties: without the sensitive
    ones, and without those in the bin."""
    rows = api.plain("GET", f"/crm/properties/{api.connection.api_version}/contacts")["results"]
    return {str(row["name"]): row for row in rows if not row.get("archived")}


def _may_be_chosen(one: Property) -> bool:
    name = str(one["name"])
    return (
        one.get("type") in KINDS
        and (one["fieldType"] in WIDGETS or str(one["fieldType"]).startswith("calculation_"))
        and not one.get("hidden")
        and one.get("dataSensitivity", "non_sensitive") == "non_sensitive"
        and name not in OF_A_PERSON
        and not name.startswith("gensvar_")
        and people.PROPERTY.fullmatch(name) is not None
    )
