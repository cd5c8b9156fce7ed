"""Events and audiences read from the connected CRMs, for whatever asks by itself."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy.engine import Row

import connectors
from connectors.errors import CrmError, MissingRight, NeedsReconnect, Refused
from connectors.protocol import Connector
from connectors.watching import Occurrences, Watch, Watched
from plugin.crm.clients import CRM_NAMES
from plugin.crm.directory import CrmDirectory
from plugin.crm.rules import explain
from plugin.errors import Problem
from plugin.people.rules import FoundContact
from plugin.triggers.rules import Happening, Wanted
from plugin.triggers.source import Page, Right

T = TypeVar("T")
WATCHED = {
    "deal_won": Watched.DEALS,
    "case_closed": Watched.CASES,
    "date_nearing": Watched.DATES,
    "days_after": Watched.DATES,
    "list": Watched.LIST,
    "steady_flow": Watched.EVERYBODY,
}
HOW = {
    "hubspot": "Add it to your HubSpot app under Scopes, then connect the account again and leave it ticked.",
    "salesforce": "Give the connected user that right in Salesforce, with a permission set of your own.",
}


class CrmSource:
    """``plugin.triggers.source.Source``."""

    def __init__(self, directory: CrmDirectory) -> None:
        self._directory = directory
        self._connections = directory.connections

    def right(self, installation: str, kind: str) -> Right:
        return right(self._row(installation), kind)

    def choices(self, installation: str, kind: str) -> list[tuple[str, str]]:
        found = self._asked(installation, lambda crm: crm.choices(WATCHED[kind]))
        return [(one.value, one.label) for one in found]

    def page(self, installation: str, wanted: Wanted, since: datetime, mark: str) -> Page:
        watch = watch_of(wanted)
        return page_of(self._asked(installation, lambda crm: crm.occurrences(watch, since, mark)))

    def people(
        self, installation: str, contacts: Sequence[str]
    ) -> Mapping[str, FoundContact | None]:
        return self._directory.known(installation, contacts)

    def with_addresses(
        self, installation: str, addresses: Sequence[str]
    ) -> Mapping[str, Sequence[str]]:
        return self._asked(installation, lambda crm: crm.contacts_with(addresses))

    def is_record_id(self, installation: str, text: str) -> bool:
        return connectors.crm(installation.partition(":")[0]).valid_record_id(text)

    def _row(self, installation: str) -> Row[Any]:
        try:
            return self._connections.row(installation)
        except LookupError:
            raise Problem("not_found", "There is no such installation.") from None

    def _asked(self, installation: str, ask: Callable[[Connector], T]) -> T:
        row = self._row(installation)
        if row.state != "connected":
            raise Problem("needs_reconnect", explain(row.reason or row.state, row.reason_detail))
        try:
            return ask(self._connections.connector(row))
        except CrmError as error:
            if not isinstance(error, MissingRight):
                self._connections.note(row, error)
            raise problem(row, error) from None


def right(row: Row[Any], kind: str) -> Right:
    """What *kind* needs in the CRM of *row*'s installation. Only an account connected in the browser says what it
    granted; Salesforce has no scopes for objects."""
    name = connectors.crm(row.crm).rights.get(WATCHED[kind], "")
    if not name:
        return Right(granted=True)
    told = bool(row.scopes) and row.crm == "hubspot"
    return Right(name, name in row.scopes if told else None, HOW[row.crm])


def watch_of(wanted: Wanted) -> Watch:
    return Watch(
        WATCHED[wanted.kind],
        wanted.choice,
        everyone=wanted.everyone,
        first=wanted.first,
        last=wanted.last,
    )


def page_of(found: Occurrences) -> Page:
    happenings = (Happening(one.record, one.contact_id, one.at) for one in found.found)
    return Page(found.mark, tuple(happenings), found.more)


def problem(row: Row[Any], error: CrmError) -> Problem:
    if isinstance(error, NeedsReconnect):
        return Problem("needs_reconnect", explain(error.code, error.detail))
    if isinstance(error, MissingRight):
        return Problem("forbidden", missing(row, error.detail))
    if isinstance(error, Refused):
        words = error.detail or f"{CRM_NAMES[row.crm]} refused this."
        return Problem("field_invalid", words, fields={"choice": words})
    return Problem("crm_unavailable", explain(error.code, error.detail))


def missing(row: Row[Any], detail: str) -> str:
    return (
        f"{CRM_NAMES[row.crm]} does not let us read this. What is missing: {detail}. {HOW[row.crm]}"
    )
