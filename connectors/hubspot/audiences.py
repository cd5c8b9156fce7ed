"""Contacts by a date of theirs, by a list, by their address; and all of them, page by page."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

from connectors.errors import Refused
from connectors.hubspot import people
from connectors.hubspot.batch import read
from connectors.hubspot.client import Api
from connectors.hubspot.schema import properties
from connectors.hubspot.watching import PAGE, milliseconds, moment, search
from connectors.watching import Choice, Occurrence, Occurrences, Watch

CONTACTS = "0-1"
MEMBERS, EVERYBODY, LISTS = 250, 100, 500  # a page of each
LISTS_MOST = 2_000  # to choose from
ID = re.compile(r"[0-9]{1,20}", re.ASCII)
SIZE = "hs_list_size"
LAST_MOMENT = timedelta(days=1) - timedelta(milliseconds=1)
NO_SUCH_FIELD = "That is not a date property of the contacts."
NO_SUCH_LIST = "That is not a list of contacts."


def date_fields(api: Api) -> list[Choice]:
    """The contact's date properties, those of the account's own first."""
    every = [
        one
        for one in properties(api, "contacts").values()
        if one.get("type") in ("date", "datetime") and not str(one["name"]).startswith("gensvar_")
    ]
    every.sort(key=lambda one: (bool(one.get("hubspotDefined")), str(one["label"]).casefold()))
    return [Choice(str(one["name"]), str(one["label"])) for one in every]


def dates(api: Api, watch: Watch, mark: str) -> Occurrences:
    """Contacts whose date lies in the range, in the order of their ids: a search shows ten thousand and no more."""
    if not people.PROPERTY.fullmatch(watch.choice) or watch.first is None or watch.last is None:
        raise Refused("no_such_choice", NO_SUCH_FIELD)
    first, last = (datetime.combine(day, time(), UTC) for day in (watch.first, watch.last))
    filters = [
        {"propertyName": watch.choice, "operator": "GTE", "value": milliseconds(first)},
        {
            "propertyName": watch.choice,
            "operator": "LTE",
            "value": milliseconds(last + LAST_MOMENT),
        },
        *([{"propertyName": "hs_object_id", "operator": "GT", "value": mark}] if mark else []),
    ]
    body = {
        "filterGroups": [{"filters": filters}],
        "properties": [watch.choice],
        "sorts": ["hs_object_id"],
        "limit": PAGE,
        "after": "0",
    }
    answer = search(api, "contacts", body)
    rows, more = answer["results"], "paging" in answer
    return Occurrences(_last(rows, mark), tuple(_dated(watch.choice, rows)), more and bool(rows))


def _dated(name: str, rows: Sequence[Mapping[str, Any]]) -> Iterator[Occurrence]:
    for row in rows:
        at = moment(str(row["properties"].get(name) or ""))
        if at is not None:
            yield Occurrence(f"date:{name}:{at:%Y-%m-%d}", str(row["id"]), at)


def lists(api: Api) -> list[Choice]:
    """Lists of contacts by name. https://developers.hubspot.com/docs/api-reference/latest/crm/lists"""
    found = [
        Choice(str(one["listId"]), str(one["name"]), _size(one))
        for one in _every_list(api)
        if one.get("objectTypeId") == CONTACTS
    ]
    return sorted(found, key=lambda one: one.label.casefold())


def _every_list(api: Api) -> Iterator[Mapping[str, Any]]:
    path = f"/crm/lists/{api.connection.api_version}/search"
    asked = {"listIds": [], "processingTypes": [], "objectTypeId": CONTACTS, "count": LISTS}
    for offset in range(0, LISTS_MOST, LISTS):
        answer = api.plain(
            "POST", path, body={**asked, "additionalProperties": [SIZE], "offset": offset}
        )
        yield from answer["lists"]
        if not answer.get("hasMore"):
            return


def _size(one: Mapping[str, Any]) -> int | None:
    told = str((one.get("additionalProperties") or {}).get(SIZE) or "")
    return int(told) if ID.fullmatch(told) else None


def members(api: Api, watch: Watch, mark: str) -> Occurrences:
    if not ID.fullmatch(watch.choice):
        raise Refused("no_such_choice", NO_SUCH_LIST)
    after = f"&after={mark}" if re.fullmatch(r"[\w=-]{1,200}", mark) else ""
    path = f"/crm/lists/{api.connection.api_version}/{watch.choice}/memberships"
    answer = api.plain("GET", f"{path}?limit={MEMBERS}{after}")
    found = tuple(
        Occurrence(f"list:{watch.choice}", str(one["recordId"]))
        for one in answer["results"]
        if people.valid_id(str(one["recordId"]))
    )
    onwards = _after(answer)
    return Occurrences(onwards, found, bool(onwards))


def everybody(api: Api, mark: str) -> Occurrences:
    after = f"&after={mark}" if ID.fullmatch(mark) else ""
    path = f"/crm/objects/{api.connection.api_version}/contacts"
    answer = api.plain("GET", f"{path}?limit={EVERYBODY}{after}")
    found = tuple(Occurrence("contact", str(row["id"])) for row in answer["results"])
    onwards = _after(answer)
    return Occurrences(onwards, found, bool(onwards))


def with_addresses(api: Api, addresses: Sequence[str]) -> dict[str, list[str]]:
    wanted = {one.casefold(): one for one in addresses}
    found: dict[str, list[str]] = {one: [] for one in addresses}
    for row in read(api, people.FAMILY, list(wanted), ("email",), by="email"):
        asked = wanted.get(str(row["properties"].get("email") or "").casefold())
        if asked is not None:
            found[asked].append(str(row["id"]))
    return found


def _last(rows: Sequence[Mapping[str, Any]], mark: str) -> str:
    return str(rows[-1]["id"]) if rows else mark


def _after(answer: Mapping[str, Any]) -> str:
    following = (answer.get("paging") or {}).get("next") or {}
    return str(following.get("after") or "")
