"""An administrator decides whether an answer counts, and the CRM follows."""

from sqlalchemy.engine import Connection

from plugin.answers import standing
from plugin.answers.standing import Order
from plugin.asking.frequency import day_of
from plugin.clock import Clock
from plugin.crm.consequences import consequences


def overrule(connection: Connection, answer_id: str, order: Order, clock: Clock) -> bool:
    """``plugin.answers.standing.overrule``, with all that follows here."""
    return standing.overrule(
        connection, answer_id, order, clock.now(), consequences(clock), day_of(clock)
    )
