"""Deals that were won and tickets that were closed, with their contacts.

Search shows what is new with a delay, and times are when a change was made: each look goes back a while before the one
before it began. https://developers.hubspot.com/docs/api-reference/latest/crm/search-the-crm
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from connectors.hubspot import people
from connectors.hubspot.batch import chunks
from connectors.hubspot.client import Api
from connectors.hubspot.pipelines import Pipelines
from connectors.watching import Occurrence, Occurrences, Watch, Watched

PAGE, DEPTH = 200, 10_000  # of a search
OVERLAP = timedelta(minutes=10)
MODIFIED = "hs_lastmodifieddate"
Row = Mapping[str, Any]
TYPES = {Watched.DEALS: "deals", Watched.CASES: "tickets"}
NAMES = {Watched.DEALS: "deal", Watched.CASES: "ticket"}
# When it happened: the first that is filled in. A close date can be typed, so it comes after what HubSpot noted itself.
MOMENTS = {
    Watched.DEALS: ("hs_closed_won_date", "closedate", MODIFIED),
    Watched.CASES: ("hs_lastclosedate", "closed_date", MODIFIED),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Records changed since *since* are read, behind the first *offset* of them. In the middle of a look *began* is
    when it began, by HubSpot's clock."""

    since: datetime
    offset: int = 0
    began: datetime | None = None

    @classmethod
    def read(cls, text: str) -> Self:
        """Raises ``ValueError`` or ``KeyError`` for what ``write`` never wrote."""
        held = json.loads(text)
        began = datetime.fromisoformat(held["began"]) if held.get("began") else None
        return cls(datetime.fromisoformat(held["since"]), int(held["offset"]), began)

    def write(self) -> str:
        began = self.began.isoformat() if self.began else ""
        return json.dumps({"since": self.since.isoformat(), "offset": self.offset, "began": began})


def events(api: Api, pipelines: Pipelines, watch: Watch, since: datetime, mark: str) -> Occurrences:
    """A page of deals or tickets, those changed first first."""
    place = Place.read(mark) if mark else Place(since)
    before = api.made
    body = {
        "filterGroups": [{"filters": [_changed(place), *_wanted(pipelines, watch)]}],
        "properties": [*MOMENTS[watch.what]],
        "sorts": [MODIFIED],
        "limit": PAGE,
        "after": str(place.offset),
    }
    answer = search(api, TYPES[watch.what], body)
    began = place.began or api.their_time()
    rows, more = answer["results"], "paging" in answer
    found = tuple(_found(api, watch.what, rows))
    onwards = _next(place, rows, began) if more else Place(max(place.since, began - OVERLAP))
    return Occurrences(onwards.write(), found, more, api.made - before)


def search(api: Api, kind: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
    path = f"/crm/objects/{api.connection.api_version}/{kind}/search"
    answer: Mapping[str, Any] = api.plain("POST", path, body=body)
    return answer


def milliseconds(at: datetime) -> str:
    return str(round(at.timestamp() * 1000))


def moment(text: str) -> datetime | None:
    """A time as HubSpot writes it; ``None`` for what is none."""
    if text.isascii() and text.isdigit() and len(text) < 15:
        return datetime.fromtimestamp(int(text) / 1000, UTC)
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def _changed(place: Place) -> dict[str, Any]:
    return {"propertyName": MODIFIED, "operator": "GTE", "value": milliseconds(place.since)}


def _wanted(pipelines: Pipelines, watch: Watch) -> list[dict[str, Any]]:
    if watch.what is Watched.CASES:
        closed = pipelines.closed(watch.choice)
        return [{"propertyName": "hs_pipeline_stage", "operator": "IN", "values": closed}]
    won = {"propertyName": "hs_is_closed_won", "operator": "EQ", "value": "true"}
    if not watch.choice:
        return [won]
    return [won, {"propertyName": "pipeline", "operator": "EQ", "value": watch.choice}]


def _next(place: Place, rows: list[Row], began: datetime) -> Place:
    """From the last one read on; among many of the very same time by how many of them were read."""
    last = moment(_value(rows[-1], MODIFIED)) if rows else None
    if last is not None and last > place.since:
        return Place(last, 0, began)
    offset = place.offset + PAGE
    if offset + PAGE > DEPTH:
        return Place(place.since + timedelta(milliseconds=1), 0, began)
    return Place(place.since, offset, began)


def _found(api: Api, what: Watched, rows: list[Row]) -> Iterator[Occurrence]:
    moments = {str(row["id"]): _when(row, MOMENTS[what]) for row in rows}
    for record, contacts in _contacts(api, TYPES[what], list(moments)):
        for contact in contacts:
            yield Occurrence(f"{NAMES[what]}:{record}", contact, moments.get(record))


def _contacts(api: Api, kind: str, ids: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Each record that has contacts, with them. https://developers.hubspot.com/docs/api-reference/latest/crm/associations"""
    path = f"/crm/associations/{api.connection.api_version}/{kind}/contacts/batch/read"
    for some in chunks(ids):
        answer = api.plain("POST", path, body={"inputs": [{"id": one} for one in some]})
        for row in answer["results"]:
            linked = dict.fromkeys(str(to["toObjectId"]) for to in row["to"])
            yield str(row["from"]["id"]), [one for one in linked if people.valid_id(one)]


def _when(row: Row, names: tuple[str, ...]) -> datetime | None:
    return next(filter(None, (moment(_value(row, name)) for name in names)), None)


def _value(row: Row, name: str) -> str:
    return str(row["properties"].get(name) or "")
