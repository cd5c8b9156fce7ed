"""What we wrote about an erased person, taken away again: records, tasks and timeline entries, and our fields on the
contact."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from sqlalchemy.engine import Connection

from connectors.types import Fate, Outcome, RecordRef
from plugin.crm.connections import Connections
from plugin.crm.handlers.desk import Desk, open_desk
from plugin.crm.merging import merge
from plugin.deliveries.forgetting import empty
from plugin.deliveries.verdicts import Delivered, Delivery, Lane, Later, Parked, Verdict
from plugin.people import actions as people

Wish: TypeAlias = tuple[str, list[RecordRef], list[RecordRef], list[RecordRef]]


class Erasing:
    """Kind ``erase``. It waits for no budget: it is few calls, and somebody has a right to it."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def limit(self, lane: str) -> int:
        return 1

    def handle(self, lane: Lane, rows: Sequence[Delivery], within: float) -> Sequence[Verdict]:
        desk = open_desk(self._connections, lane, within)

        def erase(wishes: Sequence[Wish]) -> list[Outcome]:
            return [desk.connector.erase(*wish) for wish in wishes]

        return [_verdict(desk, row, desk.write(erase, [_wish(row.payload)])[0]) for row in rows]


def _wish(payload: Mapping[str, Any]) -> Wish:
    contact = payload["contact"]

    def refs(name: str) -> list[RecordRef]:
        return [RecordRef(key, proof, contact) for key, proof in payload.get(name, {}).items()]

    return contact, refs("answers"), refs("tasks"), refs("tellings")


def _verdict(desk: Desk, row: Delivery, outcome: Outcome) -> Verdict:
    if outcome.fate is Fate.DONE:
        return Delivered("", lambda connection: empty(connection, row.id))
    if outcome.fate is Fate.MERGED:
        return Delivered("", lambda connection: _follow(connection, desk, row, outcome.crm_id))
    if outcome.fate is Fate.BUSY:
        return Later(detail=outcome.detail or outcome.code, in_doubt=True)
    return Parked(outcome.code, outcome.detail)


def _follow(connection: Connection, desk: Desk, row: Delivery, survivor: str) -> None:
    """She had become another contact before she was erased: that one is erased too, and owes the rest."""
    empty(connection, row.id)
    known = people.of_contact(connection, desk.row.id, row.payload["contact"])
    if known is not None and known.erased_at is not None:
        merge(connection, known.id, survivor, known.erased_at, desk.now)
