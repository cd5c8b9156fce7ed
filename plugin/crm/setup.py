"""The manifest into a CRM, compared with it, and out again: in steps, the same for pages and commands."""

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any, TypeAlias

from sqlalchemy.engine import Connection, Row

import connectors
from connectors.accounts import Finding, Setup
from connectors.errors import CrmError
from connectors.protocol import Connector
from plugin.crm import polls
from plugin.crm.actions import LEAVING, disconnect
from plugin.crm.clients import client_of
from plugin.crm.connections import Connections
from plugin.crm.rules import explain
from plugin.crm.seals import opened
from plugin.crm.store import change
from plugin.deliveries.actions import ensure_lane, resume_lane
from plugin.people.rules import lane_of

Effect: TypeAlias = Callable[[Connection], None]
POLL = timedelta(seconds=2)  # between looks at a deploy


def install_step(connections: Connections, row: Row[Any]) -> tuple[bool, Effect]:
    """One step of the install; whether it was the last, and what to store of it. Raises ``CrmError``."""
    connector = connections.connector(row)
    step = connector.apply(row.setup_state)
    if not step.done:
        return False, _progress(row.id, step)
    if row.viewers:
        connector.grant_viewers(row.viewers)
    return True, installed(connections, row.id, connector, step)


def _progress(installation_id: str, step: Setup) -> Effect:
    def store(connection: Connection) -> None:
        change(connection, installation_id, setup_state=step.state, setup_words=step.words)

    return store


def installed(
    connections: Connections, installation_id: str, connector: Connector, step: Setup
) -> Effect:
    """What to store of an install that is through."""
    now = connections.services.clock.now()

    def store(connection: Connection) -> None:
        change(
            connection,
            installation_id,
            capabilities=dict(step.capabilities),
            setup_state="",
            setup_done_at=now,
            setup_words=step.words,
        )
        ensure_lane(connection, lane_of(installation_id), connector.limits.rate)
        resume_lane(connection, lane_of(installation_id))
        polls.begin(connection, connections.services.clock, installation_id)

    return store


def set_up_now(connections: Connections, installation_id: str, say: Callable[[str], None]) -> None:
    """All steps of the install, waiting in between. Raises ``CrmError``; again, it goes on where it was."""
    while True:
        done, effect = install_step(connections, connections.row(installation_id))
        if _written(connections, installation_id, effect, say, done=done):
            return


def remove_now(
    connections: Connections, installation_id: str, say: Callable[[str], None], *, delete_data: bool
) -> None:
    """All steps of leaving, the tokens last. Raises ``CrmError``."""
    while True:
        row = connections.row(installation_id)
        done, effect = remove_step(connections, row, delete_data=delete_data)
        if _written(connections, installation_id, effect, say, done=done):
            return


def _written(
    connections: Connections,
    installation_id: str,
    effect: Effect,
    say: Callable[[str], None],
    *,
    done: bool,
) -> bool:
    with connections.services.database.write() as connection:
        effect(connection)
    words = connections.row(installation_id).setup_words
    if words:
        say(words)
    if not done:
        time.sleep(connections.services.clock.scaled(POLL).total_seconds())
    return done


def remove_step(
    connections: Connections, row: Row[Any], *, delete_data: bool
) -> tuple[bool, Effect]:
    """One step of taking away what the install made; the last one also gives the tokens back."""
    step = connections.connector(row).remove(delete_data=delete_data, state=row.setup_state)
    if not step.done:
        return False, _progress(row.id, step)
    revoke(connections, row)
    return True, lambda connection: disconnect(connection, row.id, step.words)


def revoke(connections: Connections, row: Row[Any]) -> None:
    """Tells the CRM that we give our access back. Raises ``CrmError``."""
    services = connections.services
    connections.connector(row)  # raises NeedsReconnect when what is sealed cannot be opened
    connectors.crm(row.crm).revoke(
        client_of(services.settings, services.sealer, row),
        connections.connection(row),
        access_token=connections.tokens(row.id).access(),
        refresh_token=opened(services.sealer, row, "refresh_token") or None,
    )


def check(connections: Connections, row: Row[Any]) -> list[Finding]:
    """What differs from the manifest and what is missing to work, stored for the pages.

    Deliveries go on when nothing stands in their way any more. Raises ``CrmError`` where the CRM cannot be asked.
    """
    if row.state == "disconnected":
        return [_standing(row)]
    if row.state == "needs_reconnect":
        row = _try_again(connections, row)
    try:
        found = [*connections.connector(row).check(), *_owner(connections, row)]
    except CrmError as error:
        if not connections.note(row, error):
            raise
        found = [_standing(connections.row(row.id))]
    _remember(connections, row, found)
    return found


def _try_again(connections: Connections, row: Row[Any]) -> Row[Any]:
    """The CRM may take the stored access after all (a wrong client corrected, a refresh that was never done)."""
    with connections.services.database.write() as connection:
        change(connection, row.id, state="connected", refreshing_until=None)
    return connections.row(row.id)


def _standing(row: Row[Any]) -> Finding:
    words = explain(row.reason or row.state, row.reason_detail)
    return Finding(row.reason or row.state, words, "", fatal=True)


def _owner(connections: Connections, row: Row[Any]) -> list[Finding]:
    if not row.fallback_owner:
        return []
    owner = connections.connector(row).owners([row.fallback_owner]).get(row.fallback_owner)
    if owner is not None and owner.active:
        return []
    name = owner.name if owner else row.fallback_owner
    return [
        Finding(
            "fallback_owner_inactive",
            f"The fallback owner {name} is no longer active; tasks without an owner stay unassigned.",
            "Choose another fallback owner on the installation's page.",
            fatal=False,
        )
    ]


def _remember(connections: Connections, row: Row[Any], found: Sequence[Finding]) -> None:
    now = connections.services.clock.now()
    with connections.services.database.write() as connection:
        change(connection, row.id, findings=[asdict(f) for f in found], checked_at=now)
        if row.reason != LEAVING and not any(f.fatal for f in found):
            change(connection, row.id, reason="", reason_detail="")
            resume_lane(connection, lane_of(row.id))
            polls.resume(connection, row.id)
