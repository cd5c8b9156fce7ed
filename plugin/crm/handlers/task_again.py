"""A follow-up whose answer counts again: its task is opened again."""

from collections.abc import Sequence

from sqlalchemy.engine import Connection

from connectors.changes import TaskState
from connectors.types import Fate, Outcome
from plugin.crm.handlers.desk import Desk, Writing, judged, open_desk, verdicts
from plugin.crm.handling import task_seen
from plugin.crm.reading import Answered, answered
from plugin.deliveries.verdicts import Delivery, Effect, Lane, Verdict, Void


class TasksAgain(Writing):
    """Kind ``task_again``."""

    def handle(self, lane: Lane, rows: Sequence[Delivery], within: float) -> Sequence[Verdict]:
        desk = open_desk(self._connections, lane, within)
        with self._connections.services.database.read() as connection:
            known = answered(connection, [row.payload["answer"] for row in rows])
        told = {row.id: _task(known.get(row.payload["answer"])) for row in rows}
        decided: dict[str, Verdict] = {k: v for k, v in told.items() if isinstance(v, Void)}
        tasks = {key: task for key, task in told.items() if isinstance(task, str)}
        sent = [row for row in rows if row.id in tasks]
        outcomes = desk.write(desk.connector.reopen_tasks, [tasks[row.id] for row in sent])

        def judge(row: Delivery, outcome: Outcome) -> Verdict:
            if outcome.fate is Fate.GONE or outcome.code == "task_gone":
                return Void("task_gone", _deleted(desk, tasks[row.id]))
            return judged(desk, known[row.payload["answer"]].person, outcome)

        return verdicts(rows, decided, sent, outcomes, judge)


def _task(answer: Answered | None) -> str | Void:
    """The task's id, as it stands now."""
    if answer is None or answer.person.erased_at is not None:
        return Void("no_such_answer" if answer is None else "erased")
    told = answer.follow_up
    if told is None or not told.task:
        return Void("no_task")
    return str(told.task) if told.state == "open" else Void("handled")


def _deleted(desk: Desk, task: str) -> Effect:
    """Somebody deleted it while the answer did not count: what the CRM said of it then was not believed."""

    def record(connection: Connection) -> None:
        task_seen(connection, desk.row.id, TaskState(task, desk.now, gone=True), desk.now)

    return record
