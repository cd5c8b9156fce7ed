"""A trigger's look into its CRM: what it found, how far it came and the next look are one transaction, so that a look
that dies is one that never was."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.engine import Connection, Row

from connectors.errors import CrmError, MissingRight, Refused
from plugin.crm.directory import contacts_of
from plugin.crm.handlers.budget import spare
from plugin.crm.handlers.desk import Desk, Writing, open_desk, refusal
from plugin.crm.rules import POLL_SHARE
from plugin.crm.watching import page_of, watch_of
from plugin.deliveries.verdicts import Delivered, Delivery, Effect, Lane, Verdict, Void
from plugin.triggers import finding, looking
from plugin.triggers.looking import Step
from plugin.triggers.source import Page

NOTHING = Page("")


class Watching(Writing):
    """Kind ``watch``. What the CRM does not let us see switches this trigger off and stops nothing else."""

    def limit(self, lane: str) -> int:
        return 1

    def handle(self, lane: Lane, rows: Sequence[Delivery], within: float) -> Sequence[Verdict]:
        return [self._look(lane, row.payload["trigger"], within) for row in rows]

    def _look(self, lane: Lane, key: str, within: float) -> Verdict:
        desk = open_desk(self._connections, lane, within)
        services = self._connections.services
        with services.database.read() as connection:
            row = looking.on(connection, key)
            if row is None:
                return Void("switched_off")
            step = looking.step(connection, services.clock, row, desk.now)
        spare(desk, POLL_SHARE)
        try:
            return Delivered(effect=_seen(desk, row, step))
        except MissingRight as error:
            return Delivered(effect=_off(key, "scope_missing", error.detail))
        except Refused as error:
            return Delivered(effect=_off(key, "refused", error.detail))
        except CrmError as error:
            raise refusal(self._connections, desk.row, error, writing=False) from None


def _seen(desk: Desk, row: Row[Any], step: Step) -> Effect:
    """Raises ``CrmError``."""
    page, services = NOTHING, desk.connections.services
    happenings = list(step.happenings)
    if step.wanted is not None and step.since is not None:
        told = desk.connector.occurrences(watch_of(step.wanted), step.since, step.mark)
        desk.lane.calls += told.calls - 1
        page = page_of(told)
        happenings = [] if row.kind == "steady_flow" else looking.relevant(row, page)
    with services.database.read() as connection:
        new = finding.news(connection, row, happenings)
    found = contacts_of(desk.connector, [one.contact for one in new]) if new else {}
    desk.lane.calls += -(-len(found) // 100)

    def record(connection: Connection) -> None:
        looking.saw(connection, services.clock, row, step, page, found, new)

    return record


def _off(key: str, reason: str, detail: str) -> Effect:
    return lambda connection: looking.went_off(connection, key, reason, detail)
