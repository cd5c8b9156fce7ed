"""Opportunities that were won and cases that were closed, with their contacts; contacts by a date, by a campaign, by
their address; and all of them, page by page.

Records are read by ``SystemModstamp``, as in ``events``: each look goes back a while before the one before it began.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from simple_salesforce.format import format_soql

from connectors.errors import MissingRight, Refused
from connectors.salesforce import ids
from connectors.salesforce.client import Org, Row
from connectors.salesforce.events import OVERLAP
from connectors.salesforce.marks import Mark
from connectors.salesforce.reading import STAMP, own_id, when
from connectors.salesforce.streams import PAGE, Stream
from connectors.watching import Choice, Occurrence, Occurrences, Watch, Watched

NAME = "page"
CHOICE = re.compile(r"(date|datetime):([A-Za-z]\w{0,80})", re.ASCII)
OBJECTS = {
    Watched.DEALS: "Opportunity",
    Watched.CASES: "Case",
    Watched.DATES: "Contact",
    Watched.LIST: "Campaign",
    Watched.EVERYBODY: "Contact",
}
CHOICES = {
    Watched.DEALS: "SELECT ApiName, MasterLabel FROM OpportunityStage "
    "WHERE IsWon = TRUE AND IsActive = TRUE ORDER BY SortOrder",
    Watched.CASES: "SELECT ApiName, MasterLabel FROM CaseStatus WHERE IsClosed = TRUE ORDER BY SortOrder",
    Watched.LIST: "SELECT Id, Name, NumberOfContacts FROM Campaign WHERE IsActive = TRUE ORDER BY Name LIMIT 2000",
}
CAMPAIGN = "SELECT Id FROM Campaign WHERE Id = {}"
ROLES = "SELECT OpportunityId, ContactId, IsPrimary FROM OpportunityContactRole WHERE OpportunityId IN {}"
NO_SUCH_CHOICE = "The org has no such field, status, stage or campaign."


def occurrences(org: Org, watch: Watch, since: datetime, mark: str) -> Occurrences:
    try:
        if watch.what in (Watched.DEALS, Watched.CASES):
            return _events(org, watch, since, mark)
        if watch.what is Watched.DATES:
            return _dates(org, watch, mark)
        return _members(org, watch, mark) if watch.what is Watched.LIST else _everybody(org, mark)
    except MissingRight as error:
        raise _named(error, watch.what) from None


def choices(org: Org, what: Watched) -> list[Choice]:
    try:
        if what is Watched.DATES:
            return _date_fields(org)
        rows = org.query(CHOICES[what]) if what in CHOICES else []
    except MissingRight as error:
        raise _named(error, what) from None
    if what is Watched.LIST:
        return [Choice(own_id(row), str(row["Name"]), _count(row)) for row in rows]
    return [Choice(str(row["ApiName"]), str(row["MasterLabel"])) for row in rows]


def with_addresses(org: Org, addresses: Sequence[str]) -> dict[str, list[str]]:
    wanted = {one.casefold(): one for one in addresses}
    found: dict[str, list[str]] = {one: [] for one in addresses}
    rows = org.query_in(
        lambda some: format_soql("SELECT Id, Email FROM Contact WHERE Email IN {}", some),
        list(wanted),
    )
    for row in rows:
        asked = wanted.get(str(row["Email"]).casefold())
        if asked is not None:
            found[asked].append(own_id(row))
    return found


def _named(error: MissingRight, what: Watched) -> MissingRight:
    """Which object the connected user may not read: that is what an administrator can grant."""
    if error.code != "object_missing":
        return error
    also = " and Opportunity Contact Role" if what is Watched.DEALS else ""
    return MissingRight("scope_missing", f"Read on {OBJECTS[what]}{also}")


def _events(org: Org, watch: Watch, since: datetime, mark: str) -> Occurrences:
    place = Mark.read(mark) if mark else Mark(since)
    cursor = (place.after or {}).get(NAME)
    rows = org.query(_stream(watch).soql(place, cursor))
    began = place.until or org.now()
    more = len(rows) >= PAGE
    if more:
        onwards = Mark(place.since, began, {NAME: (when(rows[-1]), own_id(rows[-1]))})
    else:
        onwards = Mark(max(place.since, began - OVERLAP))
    found = _closed(rows) if watch.what is Watched.CASES else _won(org, rows, watch)
    calls = 1 + (watch.what is Watched.DEALS and bool(rows))
    return Occurrences(onwards.write(), tuple(found), more, calls)


def _stream(watch: Watch) -> Stream:
    if watch.what is Watched.CASES:
        narrowed = format_soql(" AND Status = {}", watch.choice) if watch.choice else ""
        return Stream(f"Id, ContactId, ClosedDate, {STAMP}", "Case", f"IsClosed = TRUE{narrowed}")
    narrowed = format_soql(" AND StageName = {}", watch.choice) if watch.choice else ""
    columns = f"Id, LastStageChangeDate, CloseDate, {STAMP}"
    return Stream(columns, "Opportunity", f"IsWon = TRUE{narrowed}")


def _closed(rows: Sequence[Row]) -> Iterator[Occurrence]:
    for row in rows:
        contact = str(row.get("ContactId") or "")
        if ids.valid(contact, ids.CONTACT):
            yield Occurrence(f"case:{own_id(row)}", ids.long(contact), _moment(row, "ClosedDate"))


def _won(org: Org, rows: Sequence[Row], watch: Watch) -> Iterator[Occurrence]:
    """The close date can be typed, so it comes after what the org noted itself."""
    moments = {own_id(row): _moment(row, "LastStageChangeDate", "CloseDate") for row in rows}
    if not moments:
        return
    roles: dict[str, list[Row]] = defaultdict(list)
    for role in org.query_in(lambda some: format_soql(ROLES, some), list(moments)):
        if ids.valid(str(role.get("ContactId") or ""), ids.CONTACT):
            roles[ids.long(str(role["OpportunityId"]))].append(role)
    for deal, of_it in roles.items():
        for contact in _chosen(of_it, everyone=watch.everyone):
            yield Occurrence(f"deal:{deal}", contact, moments.get(deal))


def _chosen(roles: Sequence[Row], *, everyone: bool) -> list[str]:
    """The primary contact, or the only one; or all of them."""
    primary = [role for role in roles if role.get("IsPrimary")] or (
        roles if len(roles) == 1 else []
    )
    chosen = roles if everyone else primary
    return list(dict.fromkeys(ids.long(str(role["ContactId"])) for role in chosen))


def _moment(row: Row, *names: str) -> datetime:
    for name in names:
        if row.get(name):
            at = datetime.fromisoformat(str(row[name]))
            return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    return when(row)


def _date_fields(org: Org) -> list[Choice]:
    """The contact's date fields, those of the org's own first."""
    ours = ("Gensvar_",)
    fields = [
        one
        for one in org.call("sobjects/Contact/describe")["fields"]
        if one.get("type") in ("date", "datetime")
        and one.get("filterable")
        and not str(one["name"]).startswith(ours)
    ]
    fields.sort(key=lambda one: (not one.get("custom"), str(one["label"]).casefold()))
    return [Choice(f"{one['type']}:{one['name']}", str(one["label"])) for one in fields]


def _dates(org: Org, watch: Watch, mark: str) -> Occurrences:
    chosen = CHOICE.fullmatch(watch.choice)
    if chosen is None or watch.first is None or watch.last is None:
        raise Refused("no_such_choice", NO_SUCH_CHOICE)
    kind, name = chosen.groups()
    first: Any = watch.first if kind == "date" else _midnight(watch.first)
    last: Any = watch.last if kind == "date" else _midnight(watch.last + timedelta(days=1))
    sign = "<=" if kind == "date" else "<"
    where = format_soql(
        "{name:literal} >= {first} AND {name:literal} {sign:literal} {last}",
        name=name, first=first, last=last, sign=sign,
    )  # fmt: skip
    rows = _page(org, f"Id, {name}", "Contact", where, mark)
    found = (
        Occurrence(f"date:{name}:{_moment(row, name):%Y-%m-%d}", own_id(row), _moment(row, name))
        for row in rows
    )
    return _paged(rows, mark, tuple(found))


def _count(row: Row) -> int | None:
    told = row.get("NumberOfContacts")
    return int(told) if isinstance(told, int | float) else None


def _members(org: Org, watch: Watch, mark: str) -> Occurrences:
    """A campaign that was deleted, or may not be seen, has no members either: only a look at it tells that apart."""
    if not ids.valid(watch.choice, "701"):
        raise Refused("no_such_choice", NO_SUCH_CHOICE)
    where = format_soql("CampaignId = {} AND ContactId != null", watch.choice)
    rows = _page(org, "Id, ContactId", "CampaignMember", where, mark)
    if not rows and not mark and not org.query(format_soql(CAMPAIGN, watch.choice)):
        raise Refused("no_such_choice", NO_SUCH_CHOICE)
    record = f"list:{ids.long(watch.choice)}"
    found = (Occurrence(record, ids.long(str(row["ContactId"]))) for row in rows)
    return _paged(rows, mark, tuple(found))


def _everybody(org: Org, mark: str) -> Occurrences:
    rows = _page(org, "Id", "Contact", "IsDeleted = FALSE", mark)
    return _paged(rows, mark, tuple(Occurrence("contact", own_id(row)) for row in rows))


def _page(org: Org, columns: str, kind: str, where: str, mark: str) -> list[Row]:
    """In the order of their ids, behind *mark*."""
    behind = format_soql(" AND Id > {}", mark) if ids.valid(mark) else ""
    text = "SELECT {columns:literal} FROM {kind:literal} WHERE {where:literal} ORDER BY Id LIMIT {most}"
    return org.query(format_soql(text, columns=columns, kind=kind, where=where + behind, most=PAGE))


def _paged(rows: Sequence[Row], mark: str, found: tuple[Occurrence, ...]) -> Occurrences:
    more = len(rows) >= PAGE
    return Occurrences(own_id(rows[-1]) if rows else mark, found, more)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
