"""Setting a CRM up and leaving it again, one step a call, so that a restart goes on where it was."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from sqlalchemy.engine import Connection, Row

from connectors.errors import Clash, CrmError, MissingRight, NeedsReconnect, Refused
from plugin.crm.actions import LEAVING, disconnect
from plugin.crm.connections import Connections
from plugin.crm.handlers.desk import installation, installation_of, refusal
from plugin.crm.rules import explain
from plugin.crm.setup import POLL, check, install_step, remove_step
from plugin.crm.store import change
from plugin.deliveries.verdicts import (
    Delivered,
    Delivery,
    Effect,
    Lane,
    Parked,
    Verdict,
    Void,
    Wait,
)

LEFT_BEHIND = "Disconnected. The CRM had already taken our access back, so what we made there may still stand."


class SettingUp:
    """Kind ``setup``: the manifest into the CRM, then a check whose result the pages show."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def limit(self, lane: str) -> int:
        return 1

    def handle(self, lane: Lane, rows: Sequence[Delivery], within: float) -> Sequence[Verdict]:
        row = installation(self._connections, lane.id)
        try:
            done, effect = install_step(self._connections, row)
        except (Clash, Refused, MissingRight) as error:
            return [_stopped(row, error) for _ in rows]
        except CrmError as error:
            raise refusal(self._connections, row, error, writing=False) from None
        if not done:
            raise Wait("setting_up", _poll(self._connections), effect=effect)
        with self._connections.services.database.write() as connection:
            effect(connection)
        with suppress(CrmError):  # set up all the same; the pages say that it was never checked
            check(self._connections, self._connections.row(row.id))
        return [Delivered("done") for _ in rows]


def _poll(connections: Connections) -> float:
    return connections.services.clock.scaled(POLL).total_seconds()


def _stopped(row: Row[Any], error: CrmError) -> Verdict:
    code = {Clash: "clash", MissingRight: "missing_right"}.get(type(error), "setup_failed")
    words = explain(code, error.detail)

    def say(connection: Connection) -> None:
        change(connection, row.id, setup_state="", setup_words=words)

    return Parked(code, error.detail, say)


class Removing:
    """Kind ``remove``: what we made goes, fields and records stay, the tokens are given back last."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def limit(self, lane: str) -> int:
        return 1

    def handle(self, lane: Lane, rows: Sequence[Delivery], within: float) -> Sequence[Verdict]:
        row = self._connections.row(installation_of(lane.id))
        if row.reason != LEAVING:
            return [Void("connected_again") for _ in rows]
        try:
            done, effect = remove_step(self._connections, row, delete_data=False)
        except NeedsReconnect:
            return [Delivered("", _left(row.id)) for _ in rows]
        except (Clash, Refused, MissingRight) as error:
            return [_stopped(row, error) for _ in rows]
        except CrmError as error:
            raise refusal(self._connections, row, error, writing=False) from None
        if not done:
            raise Wait("disconnecting", _poll(self._connections), effect=effect)
        return [Delivered("done", effect) for _ in rows]


def _left(installation_id: str) -> Effect:
    return lambda connection: disconnect(connection, installation_id, LEFT_BEHIND)
