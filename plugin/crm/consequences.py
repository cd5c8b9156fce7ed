"""What follows from an answer, for every room that has something to do with it."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from sqlalchemy.engine import Connection

from plugin.answers.actions import Consequences, Recorded
from plugin.clock import Clock
from plugin.crm import owing
from plugin.deliveries.actions import Owed
from plugin.followups import actions as followups
from plugin.followups import counting
from plugin.segments import newest
from plugin.touchpoints.rules import NPS


def consequences(clock: Clock) -> Consequences:
    return Consequences(
        told=(
            newest.counts,
            partial(_followed_up, clock=clock),
            partial(owing.answered, clock=clock),
        ),
        undone=(
            newest.counts_no_longer,
            partial(counting.unanswered, clock=clock),
            partial(owing.unanswered, clock=clock),
        ),
    )


def _followed_up(
    connection: Connection, recorded: Sequence[Recorded], now: datetime, clock: Clock
) -> list[Owed]:
    """Only NPS has detractors: a low satisfaction or a high effort is a figure, not a case."""
    nps = [r for r in recorded if r.ask.kind in NPS]
    return followups.answered(connection, nps, now, clock)
