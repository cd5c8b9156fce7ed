"""Contacts as they are now: found by what names them, through merges; and what became of one."""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from connectors.errors import Refused
from connectors.hubspot.batch import read
from connectors.hubspot.client import Api
from connectors.hubspot.failures import Answered
from connectors.types import Contact, ContactRef, Fate, Outcome

RECORD_ID = re.compile(r"[0-9]{1,20}")
PROPERTY = re.compile(r"[a-z][a-z0-9_]{0,99}")
FAMILY = "crm.contacts"
PROPERTIES = (
    "email", "firstname", "lastname", "company", "associatedcompanyid", "hubspot_owner_id",
    "hs_language", "hs_timezone", "hs_email_optout",
)  # fmt: skip
SEARCHED = 10
# How many contacts one call to us looks up singly: a mass deletion must not use up the rate limit.
LOOK_UPS = 20
GONE = Outcome(Fate.GONE, code="contact_gone", detail="The contact was deleted in HubSpot.")
LATER = Outcome(Fate.BUSY, code="busy", detail="This contact will be looked up later.")


def valid_id(text: str) -> bool:
    return RECORD_ID.fullmatch(text) is not None


def find(api: Api, ref: ContactRef) -> list[Contact]:
    """None, one or several contacts. Raises ``Refused`` for a property the account does not have."""
    if ref.id is not None:
        found = survivor(api, ref.id) if valid_id(ref.id) else None
        return [found] if found else []
    if not ref.field or not ref.value or not PROPERTY.fullmatch(ref.field):
        return []
    try:
        # In the body, not in the path: an address in a URL ends up in logs.
        rows = read(api, FAMILY, [ref.value], PROPERTIES, by=ref.field)
    except Refused:
        rows = _search(api, ref.field, ref.value)
    return [contact(row) for row in rows]


def by_ids(api: Api, ids: Sequence[str]) -> dict[str, Contact | None]:
    """Each id asked for with its contact, a merged one with its survivor; ``None`` for a gone one."""
    asked = list(dict.fromkeys(ids))
    rows = read(api, FAMILY, [key for key in asked if valid_id(key)], PROPERTIES)
    found: dict[str, Contact | None] = {str(row["id"]): contact(row) for row in rows}
    for key in asked:
        if key not in found:
            # Only a single read follows a merge.
            found[key] = survivor(api, key) if valid_id(key) else None
    return {key: found[key] for key in asked}


def survivor(api: Api, contact_id: str) -> Contact | None:
    """The contact, or the one it was merged into, or ``None``."""
    try:
        row = api.call(f"{FAMILY}.basic_api", "get_by_id", contact_id, properties=list(PROPERTIES))
    except Refused as error:
        if isinstance(error.__cause__, Answered) and error.__cause__.status == 404:
            return None
        raise
    return contact(row)


def fates(api: Api, ids: Iterable[str], *, missing: bool) -> dict[str, Outcome | None]:
    """Why a write to these contacts failed: gone, merged, or ``None`` for one that is there as it was.
    *missing* says that HubSpot already called them missing."""
    asked = list(dict.fromkeys(ids))
    there = set() if missing else {str(row["id"]) for row in read(api, FAMILY, asked, ())}
    away = [key for key in asked if key not in there]
    looked_up = {key: _fate(api, key) for key in away[:LOOK_UPS]}
    return dict.fromkeys(there) | dict.fromkeys(away[LOOK_UPS:], LATER) | looked_up


def contact(row: dict[str, Any]) -> Contact:
    held = {name: value or "" for name, value in row["properties"].items()}
    return Contact(
        id=str(row["id"]),
        name=f"{held.get('firstname', '')} {held.get('lastname', '')}".strip(),
        email=held.get("email", ""),
        company_id=held.get("associatedcompanyid", ""),
        company_name=held.get("company", ""),
        owner_id=held.get("hubspot_owner_id", ""),
        locale=held.get("hs_language", ""),
        time_zone=zone(held.get("hs_timezone", "")),
        opted_out=held.get("hs_email_optout", "") == "true",
    )


def zone(option: str) -> str:
    """HubSpot's option as an IANA name: ``america_slash_new_york`` is America/New_York. Empty for what is none."""
    name = option.casefold().replace("_slash_", "/").replace("_hyphen_", "-")
    return _zones().get(name.replace("_plus_", "+"), "")


@cache
def _zones() -> dict[str, str]:
    return {name.casefold(): name for name in available_timezones()}


def _fate(api: Api, contact_id: str) -> Outcome | None:
    found = survivor(api, contact_id)
    if found is None:
        return GONE
    if found.id == contact_id:
        return None
    words = f"The contact was merged into {found.id}."
    return Outcome(Fate.MERGED, crm_id=found.id, code="contact_merged", detail=words)


def _search(api: Api, name: str, value: str) -> list[dict[str, Any]]:
    body = {
        "filterGroups": [{"filters": [{"propertyName": name, "operator": "EQ", "value": value}]}],
        "properties": list(PROPERTIES),
        "limit": SEARCHED,
        "after": "0",
        "sorts": [],
    }
    rows: list[dict[str, Any]] = api.call(f"{FAMILY}.search_api", "do_search", body)["results"]
    return rows
