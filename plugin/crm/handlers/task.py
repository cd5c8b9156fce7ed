"""A detractor's task: for the contact's owner, with all a rep must know."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy.engine import Connection, Row

import connectors
from connectors.accounts import Account
from connectors.types import Outcome, Owner, Task
from plugin.crm.handlers.desk import Desk, Writing, judged, open_desk, verdicts
from plugin.crm.reading import Answered, Earlier, answered, earlier
from plugin.crm.texts import TaskFacts, task_body, task_subject
from plugin.deliveries.actions import Owed, owe
from plugin.deliveries.verdicts import Delivered, Delivery, Effect, Lane, Verdict, Void
from plugin.followups.actions import withdraw
from plugin.followups.owing import complete
from plugin.followups.store import followup
from plugin.people.owing import fields

PROMISE = timedelta(hours=24)  # where the follow-up does not say


class Tasks(Writing):
    """Kind ``task``."""

    def handle(self, lane: Lane, rows: Sequence[Delivery], within: float) -> Sequence[Verdict]:
        desk = open_desk(self._connections, lane, within)
        with self._connections.services.database.read() as connection:
            known = answered(connection, [row.payload["answer"] for row in rows])
            before = earlier(connection, rows)
        decided = {
            row.id: verdict
            for row in rows
            if (verdict := _decided(desk, row, known.get(row.payload["answer"])))
        }
        sent = [row for row in rows if row.id not in decided]
        facts = {row.id: known[row.payload["answer"]] for row in sent}
        owners = _owners(desk, list(facts.values()))
        tasks = [_task(desk, row, facts[row.id], owners, before[row.id]) for row in sent]
        outcomes = desk.write(desk.connector.write_tasks, tasks)

        def judge(row: Delivery, outcome: Outcome) -> Verdict:
            answer = facts[row.id]
            owner = owners.get(answer.person.contact)
            return judged(
                desk, answer.person, outcome, _recorded(desk, row, answer, owner, outcome.crm_id)
            )

        return verdicts(rows, decided, sent, outcomes, judge)


def _decided(desk: Desk, row: Delivery, answer: Answered | None) -> Verdict | None:
    """What needs no call: no longer owed, or done already."""
    if answer is None:
        return Void("no_such_answer")
    if answer.person.erased_at is not None:
        return Void("erased")
    if not answer.counts and not row.in_doubt:
        return Void("not_counted", _not_owed(desk, row, answer.id))
    if answer.follow_up is not None and answer.follow_up.task:
        return Delivered(answer.follow_up.task, _line_instead(desk, row, answer.follow_up))
    if _handled(answer) and not row.in_doubt:
        return Void("handled")
    # Where an earlier try may have made the task it is found or made, and a line says what changed.
    if answer.category != "detractor" and not row.in_doubt:
        return Void("revised_up", _not_owed(desk, row, answer.id))
    return None


def _handled(answer: Answered) -> bool:
    return answer.follow_up is not None and answer.follow_up.state == "closed"


def _line_instead(desk: Desk, row: Delivery, told: Row[Any]) -> Effect | None:
    """A revision that came while the task was being made is told by a line on it."""
    number = row.payload["revision"]
    if number <= (told.task_revision or 0):
        return None
    key = f"{told.answer}:task_line:{number}"
    line = Owed(row.lane, "task_line", key, key, row.subject, row.payload, desk.now)
    return lambda connection: owe(connection, [line], desk.now)


def _not_owed(desk: Desk, row: Delivery, answer_id: str) -> Effect:
    """Nobody has to follow it up. If a customer or an administrator has just said otherwise, a task is owed anew."""
    key = f"{row.topic}:{row.id}"
    anew = Owed(row.lane, "task", key, row.topic, row.subject, row.payload, desk.now)

    def settle(connection: Connection) -> None:
        if not withdraw(connection, answer_id):
            owe(connection, [anew], desk.now)

    return settle


def _owners(desk: Desk, facts: Sequence[Answered]) -> dict[str, Owner | None]:
    contacts = sorted({answer.person.contact for answer in facts})
    if not contacts:
        return {}
    desk.lane.calls += 1
    with desk.reading():
        return desk.connector.task_owners(contacts, desk.row.fallback_owner)


def _task(
    desk: Desk,
    row: Delivery,
    answer: Answered,
    owners: dict[str, Owner | None],
    before: Earlier,
) -> Task:
    contact = answer.person.contact
    owner = owners.get(contact)
    facts = _facts(desk, answer)
    return Task(
        key=answer.id,
        contact_id=contact,
        subject=task_subject(facts),
        body=task_body(facts, unassigned=owner is None),
        due_at=facts.due_at,
        owner_id=owner.id if owner else "",
        done=_handled(answer),
        proof=before.proof,
        attempted=row.in_doubt or before.attempted,
    )


def _facts(desk: Desk, answer: Answered) -> TaskFacts:
    crm, account = (
        connectors.crm(desk.row.crm),
        Account(desk.row.account, desk.row.name, desk.row.ui_url),
    )
    known = answer.person
    return TaskFacts(
        name=known.name or known.email or f"contact {known.contact}",
        score=answer.score,
        category=answer.category,
        touchpoint=answer.touchpoint,
        comment=answer.comment,
        answered_at=answer.answered_at,
        due_at=answer.follow_up.due_at if answer.follow_up else answer.answered_at + PROMISE,
        may_contact=answer.may_contact,
        link=crm.record_url(account, known.contact),
    )


def _recorded(
    desk: Desk, row: Delivery, answer: Answered, owner: Owner | None, task_id: str
) -> Effect:
    """The follow-up knows its task and owner, and the contact shows them."""
    # A task that an earlier try may have made tells what was known when it was first owed.
    told = row.payload["revision"] if row.in_doubt else answer.revision
    shown = fields(desk.row.id, row.subject, f"task:{row.id}", desk.now)

    def record(connection: Connection) -> None:
        made = connection.execute(
            followup.update()
            .where(followup.c.answer == answer.id)
            .values(
                task=task_id,
                task_revision=told,
                owner=owner.id if owner else "",
                owner_name=owner.name if owner else "",
            )
            .returning(followup)
        ).one_or_none()
        owe(connection, [shown], desk.now)
        if made is not None and made.state == "closed":  # handled while it was being made
            complete(connection, made, desk.now)

    return record
