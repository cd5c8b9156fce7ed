"""The record of an answer that does not count is taken out of the CRM again."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connectors.types import Fate, Outcome, RecordRef
from plugin.crm.handlers.desk import Writing, judged, open_desk, verdicts
from plugin.crm.reading import Answered, Earlier, answered, earlier
from plugin.deliveries.store import delivery
from plugin.deliveries.verdicts import Delivered, Delivery, Effect, Lane, Verdict, Void


class AnswersGone(Writing):
    """Kind ``answer_gone``."""

    def handle(self, lane: Lane, rows: Sequence[Delivery], within: float) -> Sequence[Verdict]:
        desk = open_desk(self._connections, lane, within)
        with self._connections.services.database.read() as connection:
            known = answered(connection, [row.payload["answer"] for row in rows])
            before = earlier(connection, rows)
        decided = {row.id: v for row in rows if (v := _decided(known.get(row.payload["answer"])))}
        sent = [row for row in rows if row.id not in decided]
        refs = [_ref(known[row.payload["answer"]], before[row.id]) for row in sent]
        outcomes = desk.write(desk.connector.remove_answers, refs)

        def judge(row: Delivery, outcome: Outcome) -> Verdict:
            if outcome.fate is Fate.DONE:
                return Delivered("", _forgotten(row.topic))
            return judged(desk, known[row.payload["answer"]].person, outcome)

        return verdicts(rows, decided, sent, outcomes, judge)


def _decided(answer: Answered | None) -> Verdict | None:
    if answer is None:
        return Void("no_such_answer")
    return Void("counted_again") if answer.counts else None


def _ref(answer: Answered, before: Earlier) -> RecordRef:
    return RecordRef(answer.id, before.proof or "", answer.person.contact)


def _forgotten(topic: str) -> Effect:
    """If the answer counts again it gets a new record."""

    def forget(connection: Connection) -> None:
        earlier_ones = sa.and_(delivery.c.topic == topic, delivery.c.kind == "answer")
        connection.execute(delivery.update().where(earlier_ones).values(proof=None))

    return forget
