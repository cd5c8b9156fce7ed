"""What an administrator does with an installation: connect, disconnect, choose owners and viewers."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin.access.audit import audit
from plugin.access.rules import Who
from plugin.clock import Clock
from plugin.crm import polls
from plugin.crm.keeping import looks
from plugin.crm.oauth import Granted
from plugin.crm.reconciling import nights
from plugin.crm.seals import sealed
from plugin.crm.store import change, find, installation
from plugin.crm.tokens import refresh_at
from plugin.db import new_id
from plugin.deliveries.actions import Owed, ensure_lane, owe, park_lane, resume_lane
from plugin.deliveries.store import lane
from plugin.people.rules import lane_of
from plugin.sealing import Sealer
from plugin.triggers import looking

SETUP_RATE = 1.0
INBOX_RATE = 4.0  # batches a second: few large ones cost less than many small ones
LEAVING, DISCONNECTED = "disconnecting", "disconnected"
SETTING_UP = "setting_up"


def connect(
    connection: Connection, clock: Clock, sealer: Sealer, granted: Granted, *, way: str, who: Who
) -> str:
    """Stores the grant and lets everything owed go on, after the set-up where that was undone; the installation's id.

    An account that was connected before keeps its fallback owner, viewers and history.
    """
    installation_id = granted.installation
    known = find(connection, installation_id)
    version = known.token_version + 1 if known else 1
    values = _values(clock, sealer, granted, way) | {"token_version": version}
    if known:
        change(connection, installation_id, **values)
    else:
        connection.execute(installation.insert().values(id=installation_id, **values))
    _open_lanes(connection, clock, installation_id, granted.wish.crm)
    verb = "reconnected" if known else "connected"
    audit(connection, who, verb, f"installation {installation_id}", granted.account.name)
    return installation_id


def _values(clock: Clock, sealer: Sealer, granted: Granted, way: str) -> dict[str, Any]:
    wish, account, now = granted.wish, granted.account, clock.now()
    secrets = sealed(
        sealer,
        granted.installation,
        access_token=granted.access_token,
        refresh_token=granted.refresh_token,
        client_secret=wish.client_secret,
    )
    return {
        **secrets,
        "crm": wish.crm,
        "account": account.id,
        "name": account.name,
        "ui_url": account.ui_url,
        "api_url": granted.api_url,
        "login_host": wish.host,
        "way": way,
        "state": "connected",
        "reason": "",
        "reason_detail": "",
        "client_id": wish.client_id,
        "token_expires_at": granted.expires_at,
        "refresh_at": refresh_at(now, granted.expires_at),
        "rotates": False,
        "refreshing_until": None,
        "scopes": list(granted.scopes),
        "user": account.user_id,
        "user_name": account.user_name,
        "setup_state": "",
        "setup_done_at": None,
        "setup_words": "",
        "connected_at": now,
    }


def setup_lane(installation_id: str) -> str:
    return f"setup:{installation_id}"


def inbox_lane(installation_id: str) -> str:
    """Where what the CRM pushed to us waits to be looked at."""
    return f"inbox:{installation_id}"


def _open_lanes(connection: Connection, clock: Clock, installation_id: str, crm: str) -> None:
    bare = _bare(connection, installation_id)
    for name, rate in (
        (lane_of(installation_id), RATES[crm]),
        (setup_lane(installation_id), SETUP_RATE),
        (inbox_lane(installation_id), INBOX_RATE),
    ):
        ensure_lane(connection, name, rate)
        resume_lane(connection, name)
    if bare:
        park_lane(connection, lane_of(installation_id), SETTING_UP)
    nights.plan_one(connection, installation_id, clock.now())
    polls.resume(connection, installation_id)
    looking.resume(connection, installation_id)
    looks.resume(connection, installation_id)


def _bare(connection: Connection, installation_id: str) -> bool:
    """Whether what we need in the CRM was taken away, or never made: whatever is sent before it stands there would be
    refused for good."""
    known = sa.select(lane.c.parked_reason).where(lane.c.id == lane_of(installation_id))
    row = connection.execute(known).one_or_none()
    return row is None or row.parked_reason in (DISCONNECTED, LEAVING, SETTING_UP)


# Calls a second until the connector has said its own limit at set-up.
RATES = {"hubspot": 9.0, "salesforce": 10.0}


def owe_setup(connection: Connection, clock: Clock, installation_id: str, kind: str) -> None:
    """*kind* is ``setup`` (put the manifest into the CRM, then check) or ``remove`` (take it away again)."""
    lane, now = setup_lane(installation_id), clock.now()
    ensure_lane(connection, lane, SETUP_RATE)
    resume_lane(connection, lane)
    key = f"{kind}:{installation_id}:{new_id()}"
    topic = f"{kind}:{installation_id}"
    payload = {"installation": installation_id}
    owe(connection, [Owed(lane, kind, key, topic, installation_id, payload, now)], now)


def leave(connection: Connection, clock: Clock, installation_id: str, who: Who) -> None:
    """Stops deliveries at once and owes the tidying up; ``disconnect`` comes when that is done."""
    stop_deliveries(connection, installation_id, who)
    owe_setup(connection, clock, installation_id, "remove")


def stop_deliveries(connection: Connection, installation_id: str, who: Who) -> None:
    """Before our things are taken away. Whoever connects again meanwhile takes this back."""
    park_lane(connection, lane_of(installation_id), LEAVING)
    polls.stop(connection, installation_id, LEAVING)
    change(connection, installation_id, reason=LEAVING, reason_detail="", setup_state="")
    audit(connection, who, "began to disconnect", f"installation {installation_id}")


def disconnect(connection: Connection, installation_id: str, words: str = "") -> None:
    """Forgets the tokens. What was owed stays owed, in case the account is connected again."""
    park_lane(connection, lane_of(installation_id), DISCONNECTED)
    polls.stop(connection, installation_id, DISCONNECTED)
    row = find(connection, installation_id)
    change(
        connection,
        installation_id,
        state=DISCONNECTED,
        reason=DISCONNECTED,
        reason_detail="",
        sealed_access_token=None,
        sealed_refresh_token=None,
        sealed_client_secret=None,
        client_id="",
        token_version=(row.token_version if row else 0) + 1,
        refreshing_until=None,
        setup_state="",
        setup_done_at=None,
        setup_words=words,
        findings=None,
        checked_at=None,
    )


def choose(
    connection: Connection, installation_id: str, *, owner: str, viewers: Sequence[str], who: Who
) -> None:
    """The owner of tasks that nobody else can have, and the users who shall see our fields."""
    change(connection, installation_id, fallback_owner=owner, viewers=sorted(set(viewers)))
    audit(
        connection,
        who,
        "chose owner and viewers of",
        f"installation {installation_id}",
        f"fallback owner {owner or 'none'}, {len(set(viewers))} viewers",
    )
