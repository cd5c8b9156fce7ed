"""How follow-up tasks stand: the same few columns, whether they are asked for or told as changes."""

from collections.abc import Sequence

from simple_salesforce.format import format_soql

from connectors.changes import TaskState
from connectors.manifest import manifest
from connectors.salesforce import ids
from connectors.salesforce.client import Org, Row
from connectors.salesforce.reading import own_id, when
from connectors.salesforce.records import api_name
from connectors.types import Owner

SHOWN = "Id, IsDeleted, IsClosed, OwnerId, Owner.Name, SystemModstamp"


def columns() -> str:
    """With cause and outcome, as they are called in the org."""
    return ", ".join([SHOWN, *(api_name(manifest().task[key]) for key in ("cause", "outcome"))])


def task_states(org: Org, task_ids: Sequence[str]) -> dict[str, TaskState]:
    """By the id asked for; one that is neither there nor in the bin is gone."""
    known = {given: ids.long(given) for given in task_ids if ids.valid(given, "00T")}
    soql = "SELECT {columns:literal} FROM Task WHERE Id IN {some}"

    def query(some: list[str]) -> str:
        return format_soql(soql, columns=columns(), some=some)

    rows = org.query_in(query, list(known.values()), deleted=True)
    found = {one.task_id: one for one in map(state, rows)}
    return {given: found.get(known.get(given, "")) or _gone(org, given) for given in task_ids}


def state(row: Row) -> TaskState:
    return TaskState(
        task_id=own_id(row),
        changed_at=when(row),
        closed=bool(row.get("IsClosed")),
        owner=_owner(row),
        cause=_chosen(row, "cause"),
        outcome=_chosen(row, "outcome"),
        gone=bool(row.get("IsDeleted")),
    )


def _gone(org: Org, task_id: str) -> TaskState:
    return TaskState(task_id, org.now(), gone=True)


def _owner(row: Row) -> Owner | None:
    owner_id = str(row.get("OwnerId") or "")
    if not ids.valid(owner_id):
        return None
    return Owner(ids.long(owner_id), str((row.get("Owner") or {}).get("Name") or ""))


def _chosen(row: Row, key: str) -> str:
    """A value of ours; an administrator may have added others to the list, which mean nothing here."""
    field = manifest().task[key]
    value = row.get(api_name(field))
    return str(value) if value in {option.value for option in field.options} else ""
