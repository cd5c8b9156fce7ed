"""A detractor's task, and lines above the text of one that is there."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from connectors.hubspot import batch, people
from connectors.hubspot.activities import Activity, Kind, same_id
from connectors.hubspot.batch import Failed, Why
from connectors.hubspot.client import Api
from connectors.hubspot.once import outcome, outcomes
from connectors.hubspot.records import iso
from connectors.hubspot.text import BODY_LIMIT, BREAK, one_line, rich, shorten, shown
from connectors.manifest import manifest
from connectors.types import Fate, Outcome, Task, TaskLine

BODY = "hs_task_body"
OWNER = "hubspot_owner_id"
STATUS, OPEN, DONE = "hs_task_status", "NOT_STARTED", "COMPLETED"
LINE_LIMIT = 8_000
NO_TASK = Outcome(Fate.REFUSED, code="task_gone", detail="The task was deleted in HubSpot.")


def tasks(api: Api) -> Kind:
    field = manifest().task["key"].hubspot
    unique = api.connection.capabilities.get("task_key") == "unique"
    return Kind(api, manifest().hubspot.task, BODY, field if unique else None)


def write_tasks(api: Api, wanted: Sequence[Task]) -> list[Outcome]:
    """One task each. One that is there already is left as it is: by now it belongs to its owner."""
    kind = tasks(api)
    done = {task.key: Outcome(Fate.DONE, crm_id=task.proof) for task in wanted if task.proof}
    fresh = {task.key: _activity(kind, task) for task in wanted if task.key not in done}
    attempted = [task.key for task in wanted if task.attempted and task.key in fresh]
    done |= outcomes(kind, list(fresh.values()), attempted, _without_owner)
    return [done[task.key] for task in wanted]


def _activity(kind: Kind, task: Task) -> Activity:
    properties = {
        "hs_task_subject": one_line(task.subject),
        BODY: rich(task.body, BODY_LIMIT - kind.room),
        STATUS: DONE if task.done else OPEN,
        "hs_task_priority": "HIGH",
        "hs_task_type": "TODO",
        "hs_timestamp": iso(task.due_at),
    }
    owner = {OWNER: task.owner_id} if task.owner_id else {}
    return Activity(task.key, task.contact_id, {**properties, **owner})


def _without_owner(one: Activity, failed: Failed) -> Activity | None:
    """An owner may have left since: better a task of nobody's than none."""
    if failed.why is not Why.OWNER or OWNER not in one.properties:
        return None
    kept = {name: value for name, value in one.properties.items() if name != OWNER}
    return replace(one, properties=kept)


def add_task_lines(api: Api, lines: Sequence[TaskLine]) -> list[Outcome]:
    """Put each line above its task's text, once; several of one task in their order, newest on top."""
    wanted: dict[str, list[str]] = defaultdict(list)
    for line in lines:
        wanted[line.task_id].append(line.line)
    ids = [task_id for task_id in wanted if people.valid_id(task_id)]
    rows = batch.read(api, tasks(api).family, ids, [BODY])
    bodies = {str(row["id"]): row["properties"].get(BODY) or "" for row in rows}
    changed = {key: with_lines(body, wanted[key]) for key, body in bodies.items()}
    done = {key: Outcome(Fate.DONE, crm_id=key) for key in bodies}
    for some in batch.chunks(key for key in bodies if changed[key] != bodies[key]):
        done |= _written(api, {key: changed[key] for key in some})
    return [done.get(line.task_id, NO_TASK) for line in lines]


def with_lines(body: str, lines: Sequence[str]) -> str:
    """The rich text *body* with each of *lines* above it that it does not show already."""
    for line in lines:
        escaped = rich(line, LINE_LIMIT)
        if seen(escaped) not in seen(body):
            body = shorten(f"{escaped}{BREAK}{body}" if body else escaped)
    return body


def seen(body: str) -> str:
    """What a reader sees, whatever HubSpot or a person made of spaces and tags meanwhile."""
    return " ".join(shown(body).split())


def _written(api: Api, bodies: Mapping[str, str]) -> dict[str, Outcome]:
    inputs = [{"id": key, "properties": {BODY: body}} for key, body in bodies.items()]
    settled = batch.write(api, tasks(api).family, "update", inputs, same_id)
    return {
        key: NO_TASK if isinstance(one, Failed) and one.why is Why.MISSING else outcome(one, None)
        for key, one in zip(bodies, settled, strict=True)
    }
