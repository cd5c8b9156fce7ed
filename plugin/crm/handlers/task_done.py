"""A follow-up that was handled outside the CRM: its task there is completed, so that nobody does it again."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.engine import Connection

from connectors.types import Fate, Outcome, TaskDone
from plugin.crm.handlers.desk import Writing, judged, open_desk, verdicts
from plugin.crm.reading import Answered, answered
from plugin.deliveries.verdicts import Delivery, Effect, Lane, Verdict, Void
from plugin.followups.actions import task_completed


class TasksDone(Writing):
    """Kind ``task_done``."""

    def handle(self, lane: Lane, rows: Sequence[Delivery], within: float) -> Sequence[Verdict]:
        desk = open_desk(self._connections, lane, within)
        with self._connections.services.database.read() as connection:
            known = answered(connection, [row.payload["answer"] for row in rows])
        told = {row.id: _done(row, known.get(row.payload["answer"])) for row in rows}
        decided = {key: made for key, made in told.items() if isinstance(made, Void)}
        wanted = {key: made for key, made in told.items() if isinstance(made, TaskDone)}
        sent = [row for row in rows if row.id in wanted]
        outcomes = desk.write(desk.connector.complete_tasks, [wanted[row.id] for row in sent])

        def judge(row: Delivery, outcome: Outcome) -> Verdict:
            if outcome.fate is Fate.GONE or outcome.code == "task_gone":
                return Void("task_gone")
            answer = known[row.payload["answer"]]
            return judged(desk, answer.person, outcome, _completed(answer.id, desk.now))

        return verdicts(rows, dict(decided), sent, outcomes, judge)


def _done(row: Delivery, answer: Answered | None) -> TaskDone | Void:
    """What is to be written, as it stands now."""
    if answer is None or answer.person.erased_at is not None:
        return Void("no_such_answer" if answer is None else "erased")
    told = answer.follow_up
    if told is None or not told.task:
        return Void("no_task")
    if told.state == "open":
        return Void("opened_again")
    contact = answer.person.contact
    return TaskDone(row.key, contact, told.task, told.cause or "", told.outcome or "")


def _completed(answer_id: str, asked_at: datetime) -> Effect:
    def note(connection: Connection) -> None:
        task_completed(connection, answer_id, asked_at)

    return note
