"""Completing tasks that were handled elsewhere: status, cause and outcome in one update.

A portal that takes no properties on tasks gets a line above the task's text instead.
"""

from collections.abc import Mapping, Sequence

from connectors.hubspot import batch, people
from connectors.hubspot.activities import same_id
from connectors.hubspot.batch import Failed, Why
from connectors.hubspot.client import Api
from connectors.hubspot.once import outcome
from connectors.hubspot.tasks import BODY, DONE, LINE_LIMIT, NO_TASK, STATUS, seen, tasks
from connectors.hubspot.text import BREAK, rich, shorten
from connectors.manifest import manifest
from connectors.types import Outcome, TaskDone


def complete_tasks(api: Api, done: Sequence[TaskDone]) -> list[Outcome]:
    newest = {one.task_id: one for one in done if people.valid_id(one.task_id)}
    told: dict[str, Outcome] = {}
    for some in batch.chunks(newest.values()):
        told |= _completed(api, some)
    return [told.get(one.task_id, NO_TASK) for one in done]


def _completed(api: Api, done: Sequence[TaskDone]) -> dict[str, Outcome]:
    says = _properties(done) if _has_properties(api) else _lines(api, done)
    inputs = [
        {"id": task_id, "properties": {STATUS: DONE, **values}} for task_id, values in says.items()
    ]
    settled = batch.write(api, tasks(api).family, "update", inputs, same_id) if inputs else []
    return {
        task_id: NO_TASK
        if isinstance(one, Failed) and one.why is Why.MISSING
        else outcome(one, None)
        for task_id, one in zip(says, settled, strict=True)
    }


def _has_properties(api: Api) -> bool:
    held = api.connection.capabilities.get("tasks_fields", "").split(",")
    return {"cause", "outcome"} <= set(held)


def _properties(done: Sequence[TaskDone]) -> dict[str, Mapping[str, str]]:
    cause, result = (str(manifest().task[key].hubspot) for key in ("cause", "outcome"))
    return {one.task_id: {cause: one.cause, result: one.outcome} for one in done}


def _lines(api: Api, done: Sequence[TaskDone]) -> dict[str, Mapping[str, str]]:
    """The line on top of what each task says, unless it stands there; nothing for a task that is gone."""
    rows = batch.read(api, tasks(api).family, [one.task_id for one in done], [BODY])
    bodies = {str(row["id"]): row["properties"].get(BODY) or "" for row in rows}
    return {
        one.task_id: {BODY: _below(_line(one), bodies[one.task_id])} if one.cause else {}
        for one in done
        if one.task_id in bodies
    }


def _line(one: TaskDone) -> str:
    task = manifest().task
    words = manifest().task_texts.handled
    return rich(
        words.format(
            cause=task["cause"].label_of(one.cause), outcome=task["outcome"].label_of(one.outcome)
        ),
        LINE_LIMIT,
    )


def _below(line: str, body: str) -> str:
    return body if seen(body).startswith(seen(line)) else shorten(f"{line}{BREAK}{body}")
