"""A line above a task that stands already: what the customer changed since. The rest of the task is its owner's."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy.engine import Row

from connectors.types import Fate, Outcome, TaskLine
from plugin.crm.handlers.desk import Writing, judged, open_desk, verdicts
from plugin.crm.reading import Answered, answered, revisions
from plugin.crm.texts import Revised, revision_line, standing_line
from plugin.deliveries.verdicts import Delivery, Lane, Verdict, Void

History: TypeAlias = Mapping[tuple[str, int], Row[Any]]


class TaskLines(Writing):
    """Kind ``task_line``."""

    def handle(self, lane: Lane, rows: Sequence[Delivery], within: float) -> Sequence[Verdict]:
        desk = open_desk(self._connections, lane, within)
        wanted = [row.payload["answer"] for row in rows]
        with self._connections.services.database.read() as connection:
            known = answered(connection, wanted)
            history = revisions(connection, wanted)
        decided: dict[str, Verdict] = {}
        lines: dict[str, TaskLine] = {}
        for row in rows:
            made = _line(row, known.get(row.payload["answer"]), history)
            if isinstance(made, TaskLine):
                lines[row.id] = made
            else:
                decided[row.id] = made
        sent = [row for row in rows if row.id in lines]
        outcomes = desk.write(desk.connector.add_task_lines, [lines[row.id] for row in sent])

        def judge(row: Delivery, outcome: Outcome) -> Verdict:
            if outcome.fate is Fate.GONE or outcome.code == "task_gone":
                return Void("task_gone")
            return judged(desk, known[row.payload["answer"]].person, outcome)

        return verdicts(rows, decided, sent, outcomes, judge)


def _line(row: Delivery, answer: Answered | None, history: History) -> TaskLine | Void:
    number = row.payload["revision"]
    if answer is None or answer.person.erased_at is not None:
        return Void("no_such_answer" if answer is None else "erased")
    told = answer.follow_up
    if told is None or not told.task:
        return Void(
            "no_task"
        )  # none was made, or it is parked and will tell all when it is replayed
    if "counts" in row.payload:
        text = standing_line(
            datetime.fromisoformat(row.payload["at"]), counts=row.payload["counts"]
        )
        return TaskLine(row.key, answer.person.contact, told.task, text)
    if not answer.counts:
        return Void("not_counted")
    if (told.task_revision or 0) >= number:
        return Void("in_task")
    text = _text(history, answer.id, number)
    if not text:
        return Void("nothing_to_tell")
    return TaskLine(row.key, answer.person.contact, told.task, text)


def _text(history: History, answer_id: str, number: int) -> str:
    before, after = history.get((answer_id, number - 1)), history.get((answer_id, number))
    return revision_line(_revised(before), _revised(after)) if before and after else ""


def _revised(row: Row[Any]) -> Revised:
    return Revised(row.score, row.comment, row.may_contact, row.at)
