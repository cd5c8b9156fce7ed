"""The record of an answer: a note in HubSpot, an object of ours in Salesforce; revisions change the same one."""

from collections.abc import Sequence

from connectors.types import AnswerRecord, Outcome
from plugin.crm.handlers.budget import spare
from plugin.crm.handlers.desk import Writing, judged, open_desk, verdicts
from plugin.crm.reading import Answered, Earlier, answered, earlier
from plugin.deliveries.verdicts import Delivery, Lane, Verdict, Void


class Answers(Writing):
    """Kind ``answer``."""

    def handle(self, lane: Lane, rows: Sequence[Delivery], within: float) -> Sequence[Verdict]:
        desk = open_desk(self._connections, lane, within)
        spare(desk)
        with self._connections.services.database.read() as connection:
            known = answered(connection, [row.payload["answer"] for row in rows])
            before = earlier(connection, rows)
        decided = {row.id: v for row in rows if (v := _decided(known.get(row.payload["answer"])))}
        sent = [row for row in rows if row.id not in decided]
        records = [_record(row, known[row.payload["answer"]], before[row.id]) for row in sent]
        outcomes = desk.write(desk.connector.write_answers, records)

        def judge(row: Delivery, outcome: Outcome) -> Verdict:
            return judged(desk, known[row.payload["answer"]].person, outcome)

        return verdicts(rows, decided, sent, outcomes, judge)


def _decided(answer: Answered | None) -> Verdict | None:
    if answer is None:
        return Void("no_such_answer")
    if answer.person.erased_at is not None:
        return Void("erased")
    return None if answer.counts else Void("not_counted")


def _record(row: Delivery, answer: Answered, before: Earlier) -> AnswerRecord:
    return AnswerRecord(
        key=answer.id,
        contact_id=answer.person.contact,
        score=answer.score,
        category=answer.category,
        comment=answer.comment,
        touchpoint=answer.touchpoint,
        kind=answer.kind,
        answered_at=answer.answered_at,
        revision=answer.revision,
        may_contact=answer.may_contact,
        proof=before.proof,
        attempted=row.in_doubt or before.attempted,
    )
