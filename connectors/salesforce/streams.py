"""What is asked of an org to learn what happened: one query for each kind of record, read on from row to row."""

from collections.abc import Mapping
from dataclasses import dataclass

from simple_salesforce.format import format_soql

from connectors.manifest import manifest
from connectors.salesforce.marks import Cursor, Mark
from connectors.salesforce.reading import STAMP
from connectors.salesforce.records import api_name
from connectors.salesforce.task_states import columns
from connectors.salesforce.tasks import has_key
from connectors.types import TOLD

CONTACTS, LEADS, TASKS, REQUESTS = "contacts", "leads", "tasks", "requests"
OPTIONAL = frozenset({LEADS, REQUESTS})
PAGE = 1000
DECIDED_AT_ONCE = 200  # what comes of them is written back in one call


@dataclass(frozen=True, slots=True)
class Stream:
    """Rows of one object in the order of *order* and of their ids; with *timed* only those changed since the mark."""

    columns: str
    kind: str
    where: str
    order: str = STAMP
    limit: int = PAGE
    timed: bool = True

    def soql(self, place: Mark | None, cursor: Cursor | None) -> str:
        """The page behind *cursor*, or the first."""
        conditions = [self.where]
        if cursor is not None:
            conditions.append(self._behind(cursor))
        elif self.timed and place is not None:
            conditions.append(format_soql("{:literal} >= {}", self.order, place.since))
        return format_soql(
            "SELECT {columns:literal} FROM {kind:literal} WHERE {where:literal} "
            "ORDER BY {order:literal}, Id LIMIT {limit}",
            columns=self.columns,
            kind=self.kind,
            where=" AND ".join(conditions),
            order=self.order,
            limit=self.limit,
        )

    def _behind(self, cursor: Cursor) -> str:
        text = "({order:literal} > {at} OR ({order:literal} = {at} AND Id > {last}))"
        return format_soql(text, order=self.order, at=cursor[0], last=cursor[1])


def streams(capabilities: Mapping[str, str]) -> dict[str, Stream]:
    """By name. Tasks only where the org keeps our key on them: text cannot be searched."""
    found = {CONTACTS: _contacts(), LEADS: _leads(), REQUESTS: _requests()}
    return {**found, TASKS: _tasks()} if has_key(capabilities) else found


def _contacts() -> Stream:
    """What was deleted or merged, and what came back of those whom we know: nothing else shows that they did."""
    asked = api_name(manifest().contact["last_asked_at"])
    return Stream(
        columns=f"Id, IsDeleted, MasterRecordId, {STAMP}",
        kind="Contact",
        where=f"(IsDeleted = TRUE OR {asked} != null)",
    )


def _leads() -> Stream:
    return Stream(f"Id, ConvertedContactId, {STAMP}", "Lead", "IsConverted = TRUE")


def _tasks() -> Stream:
    """Of follow-ups: what customers were told is done when it is made, and there are thousands of those."""
    key = api_name(manifest().task["key"])
    where = f"{key} != null AND (NOT {key} LIKE '{TOLD}%')"
    return Stream(columns(), manifest().salesforce.task_object, where)


def _requests() -> Stream:
    """All that wait, whenever they were made: a state, once written, is what takes them away."""
    fields = {key: api_name(field) for key, field in manifest().request.items()}
    return Stream(
        columns=f"Id, CreatedDate, {fields['contact']}, {fields['touchpoint']}, {fields['channel']}",
        kind=manifest().salesforce.request.object,
        where=f"IsDeleted = FALSE AND {fields['state']} = null",
        order="CreatedDate",
        limit=DECIDED_AT_ONCE,
        timed=False,
    )
