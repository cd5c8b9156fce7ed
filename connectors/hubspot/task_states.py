"""How follow-up tasks stand now: read by id, a hundred a call."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from connectors.changes import TaskState
from connectors.errors import MissingRight
from connectors.hubspot import batch, people
from connectors.hubspot.client import Api
from connectors.hubspot.owners import Owners, named
from connectors.hubspot.tasks import OWNER, tasks
from connectors.manifest import manifest
from connectors.types import Owner

STATUS, DONE = "hs_task_status", "COMPLETED"
Row = Mapping[str, Any]


def task_states(api: Api, owners: Owners, task_ids: Sequence[str]) -> dict[str, TaskState]:
    """By the id asked for; one that is neither there nor in the bin is gone."""
    known = [task_id for task_id in task_ids if people.valid_id(task_id)]
    here = _read(api, known)
    binned = _read(api, [task_id for task_id in known if task_id not in here], archived=True)
    people_by_id = _owners(owners, [_value(row, OWNER) for row in here.values()])
    states = {task_id: _state(row, people_by_id) for task_id, row in here.items()}
    states |= {
        task_id: TaskState(task_id, _gone_at(row), gone=True) for task_id, row in binned.items()
    }
    return {
        task_id: states.get(task_id) or TaskState(task_id, api.now(), gone=True)
        for task_id in task_ids
    }


def _read(api: Api, task_ids: Sequence[str], *, archived: bool = False) -> dict[str, Row]:
    if not task_ids:
        return {}
    wanted = [STATUS, OWNER, *filter(None, map(_property, ("cause", "outcome")))]
    rows = batch.read(api, tasks(api).family, task_ids, wanted, archived=archived)
    return {str(row["id"]): row for row in rows}


def _state(row: Row, known: Mapping[str, Owner]) -> TaskState:
    owner_id = _value(row, OWNER)
    return TaskState(
        task_id=str(row["id"]),
        changed_at=datetime.fromisoformat(row["updatedAt"]),
        closed=_value(row, STATUS) == DONE,
        owner=known.get(owner_id, Owner(owner_id, "")) if owner_id else None,
        cause=_chosen(row, "cause"),
        outcome=_chosen(row, "outcome"),
    )


def _gone_at(row: Row) -> datetime:
    return datetime.fromisoformat(row.get("archivedAt") or row["updatedAt"])


def _owners(owners: Owners, owner_ids: Sequence[str]) -> dict[str, Owner]:
    """Without the right to see owners they have no names here."""
    wanted = sorted({owner_id for owner_id in owner_ids if owner_id})
    try:
        return named(owners, wanted) if wanted else {}
    except MissingRight:
        return {}


def _chosen(row: Row, key: str) -> str:
    """A value of ours; an administrator may have added others to the list, which mean nothing here."""
    value = _value(row, _property(key) or "")
    return value if value in {option.value for option in manifest().task[key].options} else ""


def _property(key: str) -> str | None:
    return manifest().task[key].hubspot


def _value(row: Row, name: str) -> str:
    return str(row["properties"].get(name) or "")
