"""What happened in an org since the last look, in one call, whoever did it.

Rows are found by ``SystemModstamp``, which is set when a change begins and seen when it is committed: each look goes
back a while before the one before it began, and tells some things twice rather than any never. Times are the org's.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from connectors.changes import Changes, ContactEvent, Happened, SurveyRequest, TaskState
from connectors.errors import CrmError, MissingRight
from connectors.manifest import manifest
from connectors.salesforce import ids
from connectors.salesforce.client import Org, Page, Row
from connectors.salesforce.marks import Cursor, Mark
from connectors.salesforce.reading import own_id, when
from connectors.salesforce.records import api_name
from connectors.salesforce.streams import (
    CONTACTS,
    LEADS,
    OPTIONAL,
    REQUESTS,
    TASKS,
    Stream,
    streams,
)
from connectors.salesforce.task_states import state

OVERLAP = timedelta(minutes=10)
MERGES = 10  # of merges of merges are followed


def changes(org: Org, mark: str, capabilities: Mapping[str, str]) -> Changes:
    """A page of each kind of change since *mark*; raises ``CrmError``. What the connected user may not see of leads
    or survey requests does not happen."""
    known = streams(capabilities)
    place = Mark.read(mark) if mark else None
    if place is None:
        # What is asked for waits however long ago; of the rest only what comes from now on counts.
        known = {REQUESTS: known[REQUESTS]}
    elif place.after is not None:
        known = {name: known[name] for name in place.after if name in known}
    pages = _pages(org, known, place)
    ends = {name: _end(known[name], page) for name, page in pages.items()}
    after = {name: end for name, end in ends.items() if end is not None}
    return Changes(
        mark=_next(org.now(), place, after).write(),
        contacts=tuple(_contacts(pages)),
        tasks=tuple(_tasks(pages)),
        requests=tuple(_requests(pages)),
        more=bool(after),
    )


def _pages(org: Org, known: Mapping[str, Stream], place: Mark | None) -> dict[str, Page]:
    at = (place.after if place else None) or {}
    asked = {name: stream.soql(place, at.get(name)) for name, stream in known.items()}
    pages: dict[str, Page] = {}
    for name, found in org.query_together(asked).items():
        if isinstance(found, Page):
            pages[name] = found
        elif not _may_be_missing(name, found):
            raise found
    return pages


def _may_be_missing(name: str, error: CrmError) -> bool:
    return name in OPTIONAL and isinstance(error, MissingRight)


def _end(stream: Stream, page: Page) -> Cursor | None:
    """Where the next page begins; ``None`` where there is none."""
    if not page.rows or not (page.more or len(page.rows) >= stream.limit):
        return None
    last = page.rows[-1]
    return when(last, stream.order), own_id(last)


def _next(now: datetime, place: Mark | None, after: Mapping[str, Cursor]) -> Mark:
    began = place.until if place is not None and place.until is not None else now
    since = place.since if place is not None else now - OVERLAP
    if after:
        return Mark(since, began, dict(after))
    return Mark(began - OVERLAP)


def _contacts(pages: Mapping[str, Page]) -> list[ContactEvent]:
    """In the order in which it happened; what was merged comes before what became of the survivor."""
    found = [*_merged_or_gone(pages.get(CONTACTS)), *_converted(pages.get(LEADS))]
    return sorted(found, key=lambda one: (one.at, one.happened is not Happened.MERGED))


def _merged_or_gone(page: Page | None) -> Iterator[ContactEvent]:
    rows = page.rows if page else []
    binned = {own_id(row): row for row in rows if row["IsDeleted"]}
    for row in rows:
        contact = own_id(row)
        steps = _steps(binned, contact)
        if not row["IsDeleted"]:
            yield ContactEvent(Happened.RESTORED, contact, when(row))
        elif steps:
            # The end of a chain was reached with its last merge, not with the contact's own.
            at, into = max(when(step) for step in steps), str(steps[-1]["MasterRecordId"])
            yield ContactEvent(Happened.MERGED, contact, at, ids.long(into))
        else:
            yield ContactEvent(Happened.DELETED, contact, when(row))


def _steps(binned: Mapping[str, Row], contact: str) -> list[Row]:
    """The merges that lead from a contact to its survivor, as far as they were seen; none for one that was merged
    into none."""
    steps: list[Row] = []
    row = binned.get(contact)
    while row is not None and row["MasterRecordId"] and len(steps) < MERGES:
        steps.append(row)
        row = binned.get(ids.long(str(row["MasterRecordId"])))
    return steps


def _converted(page: Page | None) -> Iterator[ContactEvent]:
    for row in page.rows if page else ():
        into = row.get("ConvertedContactId")
        if into and ids.valid(str(into), ids.CONTACT):
            yield ContactEvent(Happened.MERGED, own_id(row), when(row), ids.long(into))


def _tasks(pages: Mapping[str, Page]) -> Iterator[TaskState]:
    page = pages.get(TASKS)
    for row in page.rows if page else ():
        yield state(row)


def _requests(pages: Mapping[str, Page]) -> Iterator[SurveyRequest]:
    fields = {key: api_name(field) for key, field in manifest().request.items()}
    page = pages.get(REQUESTS)
    for row in page.rows if page else ():
        contact = str(row.get(fields["contact"]))
        yield SurveyRequest(
            id=own_id(row),
            contact_id=ids.long(contact) if ids.valid(contact, ids.CONTACT) else "",
            touchpoint=str(row.get(fields["touchpoint"]) or ""),
            channel=str(row.get(fields["channel"]) or ""),
        )
