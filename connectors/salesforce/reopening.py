"""Opening tasks again that were completed although somebody is owed a reply."""

from collections.abc import Sequence

from connectors.errors import MissingRight, Refused
from connectors.salesforce import ids
from connectors.salesforce.client import BATCH, Org
from connectors.salesforce.completing import task_outcome
from connectors.salesforce.tasks import NO_TASK
from connectors.types import Outcome

# https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_taskstatus.htm
STATUSES = (
    "SELECT ApiName FROM TaskStatus WHERE IsClosed = FALSE ORDER BY IsDefault DESC, SortOrder"
)
USUAL = "Not Started"


def open_status(org: Org) -> str:
    """What a new task's status is called here."""
    try:
        found = [str(row["ApiName"]) for row in org.query(STATUSES)]
    except (MissingRight, Refused):
        return USUAL
    return USUAL if USUAL in found else next(iter(found), USUAL)


def reopen_tasks(org: Org, task_ids: Sequence[str]) -> list[Outcome]:
    if not task_ids:
        return []
    status = open_status(org)
    starts = range(0, len(task_ids), BATCH)
    return [o for start in starts for o in _reopen(org, task_ids[start : start + BATCH], status)]


def _reopen(org: Org, task_ids: Sequence[str], status: str) -> list[Outcome]:
    wanted = {ids.long(one): one for one in task_ids if ids.valid(one, "00T")}
    records = [{"id": one, "Status": status} for one in wanted]
    results = org.write("PATCH", "", "Task", records) if records else []
    told = dict(zip(wanted, map(task_outcome, results), strict=True))
    return [told[ids.long(one)] if ids.valid(one, "00T") else NO_TASK for one in task_ids]
