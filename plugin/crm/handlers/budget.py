"""A CRM's daily budget of calls: most of it may be ours, the rest belongs to the customer's other integrations."""

from dataclasses import dataclass
from datetime import timedelta

from plugin.crm.handlers.desk import Desk
from plugin.crm.rules import BUDGET_PROBE, BUDGET_SHARE, over_budget
from plugin.crm.store import change
from plugin.deliveries.verdicts import Wait

PAUSE = timedelta(minutes=1)  # a task that comes meanwhile waits no longer than this
NOTED = 60.0  # seconds between two notes of the usage for the pages


@dataclass(slots=True)
class Spent:
    """When this process last let a call through over budget, and last noted the usage."""

    probed: float = float("-inf")
    noted: float = float("-inf")


def spare(desk: Desk, share: float = BUDGET_SHARE) -> None:
    """Raises ``Wait`` while more than *share* of the day's calls are used; a call now and then finds out whether they
    still are."""
    usage: tuple[int, int] | None = getattr(desk.connector, "usage", None)
    if usage is None:
        return
    clock = desk.connections.services.clock
    spent = desk.connections.spent.setdefault((desk.row.id, share), Spent())
    now = clock.monotonic()
    if now - spent.noted > NOTED:
        spent.noted = now
        _note(desk, *usage)
    if not over_budget(*usage, share):
        return
    if now - spent.probed < clock.scaled(BUDGET_PROBE).total_seconds():
        raise Wait("daily_budget", clock.scaled(PAUSE).total_seconds())
    spent.probed = now


def _note(desk: Desk, used: int, allowed: int) -> None:
    with desk.connections.services.database.write() as connection:
        change(connection, desk.row.id, usage={"used": used, "allowed": allowed})
