"""Follow-up tasks: made once, and later only added to.

Where the org takes a unique field on activities, the key stands in it; elsewhere it stands as the
last line of the description and is looked for before a second try.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC

from simple_salesforce.format import format_soql

from connectors.manifest import manifest
from connectors.salesforce import ids
from connectors.salesforce.client import Org, Row
from connectors.salesforce.records import (
    KeyedOfContact,
    api_name,
    by_key,
    in_batches,
    moment,
    read_back,
)
from connectors.salesforce.rows import errors, outcome, settle
from connectors.salesforce.text import cut, size
from connectors.types import Fate, Outcome, Task, TaskLine

SUBJECT, DESCRIPTION = 255, 32_000
MARKER = "Gensvar key: {key}"
NO_TASK = Outcome(Fate.REFUSED, code="task_gone", detail="The task was deleted in Salesforce.")
OWNER_PROBLEMS = {"INACTIVE_OWNER_OR_USER", "INVALID_CROSS_REFERENCE_KEY", "ENTITY_IS_DELETED"}


def write_tasks(org: Org, tasks: Sequence[Task], capabilities: Mapping[str, str]) -> list[Outcome]:
    """A task each, unless it was made before; one whose owner is refused goes to ourselves."""

    def write(some: Sequence[Task]) -> list[Outcome]:
        made = {task.key: task.proof for task in some if task.proof}
        made |= made_before(org, [task for task in some if task.attempted], capabilities)
        wanted = [task for task in some if task.key not in made]
        written = iter(_written(org, wanted, capabilities) if wanted else ())
        return [
            Outcome(Fate.DONE, crm_id=made[task.key]) if task.key in made else next(written)
            for task in some
        ]

    return in_batches(write, tasks)


def add_task_lines(org: Org, lines: Sequence[TaskLine]) -> list[Outcome]:
    """The line above each task's text, once; whoever owns the task keeps its status and owner."""
    return in_batches(lambda some: _add_lines(org, some), lines)


def _key_field() -> str:
    return api_name(manifest().task["key"])


def has_key(capabilities: Mapping[str, str]) -> bool:
    """Whether the org takes our key on tasks."""
    return capabilities.get("task_key") == "unique"


def made_before(
    org: Org, tasks: Sequence[KeyedOfContact], capabilities: Mapping[str, str]
) -> dict[str, str]:
    """Ids by key of what an earlier try made, even if somebody has deleted it since."""
    if not tasks:
        return {}
    if has_key(capabilities):
        return by_key(org, ("Task", _key_field()), [task.key for task in tasks])
    soql = "SELECT Id, WhoId, Description FROM Task WHERE WhoId IN {}"
    contacts = [ids.long(task.contact_id) for task in tasks]
    rows = org.query_in(lambda some: format_soql(soql, some), contacts, deleted=True)
    marked = {line: row["Id"] for row in rows for line in lines(row.get("Description"))}
    found = {task.key: marked.get(MARKER.format(key=task.key)) for task in tasks}
    return {key: task_id for key, task_id in found.items() if task_id}


def _written(org: Org, tasks: Sequence[Task], capabilities: Mapping[str, str]) -> list[Outcome]:
    sent = [_record(task, capabilities) for task in tasks]
    results = send(org, sent, capabilities)
    again = [
        i for i, result in enumerate(results) if _owner_refused(result) and "OwnerId" in sent[i]
    ]
    if again:
        ours = [{k: v for k, v in sent[i].items() if k != "OwnerId"} for i in again]
        for i, result in zip(again, send(org, ours, capabilities), strict=True):
            results[i] = result
    return told(org, tasks, results, capabilities)


def told(
    org: Org,
    tasks: Sequence[KeyedOfContact],
    results: Sequence[Row],
    capabilities: Mapping[str, str],
) -> list[Outcome]:
    """What became of each of *tasks*, sent and answered in this order."""
    outcomes = settle(org, results, [task.contact_id for task in tasks], "WhoId")
    if not has_key(capabilities):
        return outcomes
    return read_back(org, ("Task", _key_field()), tasks, results, outcomes)


def send(org: Org, records: Sequence[Row], capabilities: Mapping[str, str]) -> list[Row]:
    """Makes them, or brings those whose key stands there already up to date."""
    if has_key(capabilities):
        return org.write("PATCH", f"/Task/{_key_field()}", "Task", records)
    return org.write("POST", "", "Task", records)


def _owner_refused(result: Row) -> bool:
    return any(p.code in OWNER_PROBLEMS and p.fields == ("OwnerId",) for p in errors(result))


def _record(task: Task, capabilities: Mapping[str, str]) -> Row:
    record: Row = {
        "Subject": cut(" ".join(task.subject.split()), SUBJECT),
        "WhoId": ids.long(task.contact_id),
        # A plain date, which Salesforce never moves between time zones: the day it is in UTC.
        "ActivityDate": task.due_at.astimezone(UTC).date().isoformat(),
        "IsReminderSet": True,
        "ReminderDateTime": moment(task.due_at),
    }
    if task.done and capabilities.get("task_closed"):
        record |= {"Status": capabilities["task_closed"], "IsReminderSet": False}
    if capabilities.get("task_priority"):
        record["Priority"] = capabilities["task_priority"]
    if ids.valid(task.owner_id, "005") or ids.valid(task.owner_id, "00G"):
        record["OwnerId"] = ids.long(task.owner_id)
    return record | with_key(task.key, task.body, capabilities)


def with_key(key: str, body: str, capabilities: Mapping[str, str]) -> Row:
    """A task's text and our key: in a field of its own, or as the last line of the text."""
    if has_key(capabilities):
        return {"Description": cut(body, DESCRIPTION), _key_field(): key}
    marker = MARKER.format(key=key)
    return {"Description": f"{cut(body, DESCRIPTION - len(marker) - 2)}\n\n{marker}"}


def _add_lines(org: Org, lines: Sequence[TaskLine]) -> list[Outcome]:
    soql = "SELECT Id, Description FROM Task WHERE Id IN {}"
    known = [ids.long(line.task_id) for line in lines if ids.valid(line.task_id, "00T")]
    rows = org.query_in(lambda some: format_soql(soql, some), known)
    texts = {row["Id"]: str(row.get("Description") or "") for row in rows}
    fates: list[Outcome | None] = []
    changed: dict[str, str] = {}
    for line in lines:
        task_id = ids.long(line.task_id) if ids.valid(line.task_id, "00T") else ""
        fate, text = _with_line(texts.get(task_id), line)
        if text is not None:
            texts[task_id] = changed[task_id] = text
        fates.append(fate)
    written = _save(org, changed)
    return [
        fate or written[ids.long(line.task_id)] for fate, line in zip(fates, lines, strict=True)
    ]


def _with_line(text: str | None, line: TaskLine) -> tuple[Outcome | None, str | None]:
    """What is known of the row already, and the new description if there is one to write."""
    if text is None:
        return NO_TASK, None
    added = cut(line.line, DESCRIPTION)
    wanted = lines(added)
    held = lines(text)
    if any(held[i : i + len(wanted)] == wanted for i in range(len(held))):
        return Outcome(Fate.DONE, crm_id=ids.long(line.task_id)), None
    room = DESCRIPTION - size(text) - 2
    if room < min(size(added), 80):
        # What a person wrote there is not cut away for a line of ours.
        words = "The task's description is full."
        return Outcome(Fate.REFUSED, code="description_full", detail=words), None
    return None, f"{cut(added, room)}\n\n{text}"


def _save(org: Org, texts: Mapping[str, str]) -> dict[str, Outcome]:
    if not texts:
        return {}
    sent = [{"id": task_id, "Description": text} for task_id, text in texts.items()]
    results = org.write("PATCH", "", "Task", sent)
    return {task_id: outcome(result) for task_id, result in zip(texts, results, strict=True)}


def lines(text: object) -> list[str]:
    """The lines that say something, whatever kind of line ends the org keeps."""
    return [line.strip() for line in str(text or "").splitlines() if line.strip()]
