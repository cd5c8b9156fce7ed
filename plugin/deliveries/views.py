"""The ledger as a page: what waits and why, what was set apart, and putting it back."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.engine import Connection

from plugin.access.audit import audit
from plugin.access.guard import who
from plugin.accounts import Account, find
from plugin.deliveries import queries, words
from plugin.deliveries.actions import replay
from plugin.deliveries.queries import Filter, LaneNow
from plugin.pages import cut
from plugin.services import services

blueprint = Blueprint("deliveries", "plugin")
SIZE = 50
REPORTS = "bounces:"


@blueprint.get("/admin/deliveries")
def list_deliveries() -> ResponseReturnValue:
    after, wanted = request.args.get("after", ""), _wanted()
    with services().database.read() as connection:
        found = queries.page(connection, wanted, before=after or None, limit=SIZE + 1)
        accounts = services().accounts(connection)
        lanes = queries.lanes(connection)
        set_apart = queries.counts(connection, ("parked", "unsure"))
    shown, older = cut(found, SIZE, lambda row: str(row.id))
    return render_template(
        "deliveries/list.html",
        deliveries=shown,
        older=older,
        first=not after,
        filtered=bool(wanted.state or wanted.lanes),
        lanes=_attention_first(lanes),
        set_apart=set_apart,
        accounts=accounts,
        title_of=lambda lane_id: _title(accounts, lane_id),
        reason=_reason,
        kind=words.kind,
        states=words.STATES,
        replayable=replayable,
        can_replay=[row.id for row in shown if replayable(row)],
    )


@blueprint.post("/admin/deliveries/replay")
def replay_deliveries() -> ResponseReturnValue:
    chosen = request.form.getlist("delivery")[:SIZE]
    with services().database.write() as connection:
        done = replay(connection, chosen, services().clock.now())
        _note(connection, [one.id for one in done if one.done])
    services().wake.set()
    if put_back := sum(one.done for one in done):
        flash(f"Put back into the queue: {put_back}.", "good")
    for refusal in {one.words for one in done if not one.done}:
        flash(refusal, "warn")
    state, account = (request.form.get(name) or None for name in ("state", "installation"))
    back = url_for("deliveries.list_deliveries", state=state, installation=account)
    return redirect(back, 303)


def replayable(row: Any) -> bool:
    """Whether it can be put back: set apart, and not put back before."""
    return row.state in ("parked", "unsure") and row.replayed_at is None


def _note(connection: Connection, ids: Sequence[str]) -> None:
    for delivery_id in ids:
        audit(connection, who(), "replayed", f"delivery {delivery_id}")


def _wanted() -> Filter:
    state, account = request.args.get("state", ""), request.args.get("installation", "")
    return Filter(
        state=state if state in queries.STATES else None,
        lanes=[f"crm:{account}"] if account else None,
    )


def _attention_first(lanes: Sequence[LaneNow]) -> list[LaneNow]:
    """Our own timers are nobody's business, a finished set-up is none any more."""
    shown = [lane for lane in lanes if lane.id.startswith("crm:") or _unfinished(lane)]
    return sorted(shown, key=lambda lane: (lane.parked_reason is None, -lane.waiting, lane.id))


def _unfinished(lane: LaneNow) -> bool:
    if lane.id.startswith(REPORTS):
        return bool(lane.wait_reason)  # as long as it can be read it is one of our timers
    return not lane.id.startswith(queries.TIMERS) and bool(lane.waiting or lane.parked_reason)


def _title(accounts: Sequence[Account], lane_id: str) -> str:
    lane, _, account_id = lane_id.partition(":")
    account = find(accounts, account_id)
    title = account.title if account else account_id
    about = {"setup": f"{title}: set-up", "inbox": f"{title}: what the CRM told us"}
    ours = {"mail": f"Mail from {title}", "bounces": "Delivery reports"}
    return (about | ours).get(lane, title)


def _reason(code: str | None) -> Any:
    return words.reason(code, services().explain)
