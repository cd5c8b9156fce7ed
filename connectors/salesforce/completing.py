"""Completing tasks that were handled elsewhere, with the status that means closed in this org."""

from collections.abc import Mapping, Sequence

from connectors.errors import MissingRight, Refused
from connectors.manifest import manifest
from connectors.salesforce import ids
from connectors.salesforce.client import Org, Row
from connectors.salesforce.problems import LOST
from connectors.salesforce.records import api_name, in_batches
from connectors.salesforce.rows import errors, outcome
from connectors.salesforce.tasks import NO_TASK
from connectors.types import Fate, Outcome, TaskDone

# https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_taskstatus.htm
STATUSES = "SELECT ApiName FROM TaskStatus WHERE IsClosed = TRUE ORDER BY IsDefault DESC, SortOrder"
USUAL = "Completed"
NO_STATUS = Outcome(
    Fate.REFUSED,
    code="no_closed_status",
    detail="No status of a task means closed in this org, or the connected user sees none.",
)


def closed_status(org: Org) -> str:
    """What a completed task's status is called here: orgs rename them, and may have several. Empty where none
    can be seen."""
    try:
        found = [str(row["ApiName"]) for row in org.query(STATUSES)]
    except (MissingRight, Refused):
        return ""
    return USUAL if USUAL in found else next(iter(found), "")


def complete_tasks(
    org: Org, done: Sequence[TaskDone], capabilities: Mapping[str, str]
) -> list[Outcome]:
    status = capabilities.get("task_closed") or closed_status(org)
    if not status:
        return [NO_STATUS for _ in done]
    return in_batches(lambda some: _complete(org, some, status), done)


def _complete(org: Org, done: Sequence[TaskDone], status: str) -> list[Outcome]:
    newest = {ids.long(d.task_id): _record(d, status) for d in done if ids.valid(d.task_id, "00T")}
    results = org.write("PATCH", "", "Task", list(newest.values())) if newest else []
    told = dict(zip(newest, map(task_outcome, results), strict=True))
    return [told[ids.long(d.task_id)] if ids.valid(d.task_id, "00T") else NO_TASK for d in done]


def _record(done: TaskDone, status: str) -> Row:
    cause, result = (api_name(manifest().task[key]) for key in ("cause", "outcome"))
    return {
        "id": ids.long(done.task_id),
        "Status": status,
        cause: done.cause or None,
        result: done.outcome or None,
    }


def task_outcome(result: Row) -> Outcome:
    """What became of one task that was changed."""
    lost = any(problem.code in LOST and not problem.fields for problem in errors(result))
    return NO_TASK if lost else outcome(result)
