"""What follows from an answer, for every room that has something to do with it."""

from functools import partial

from plugin.answers.actions import Consequences
from plugin.clock import Clock
from plugin.crm import owing
from plugin.followups import actions as followups
from plugin.followups import counting


def consequences(clock: Clock) -> Consequences:
    return Consequences(
        told=(partial(followups.answered, clock=clock), partial(owing.answered, clock=clock)),
        undone=(partial(counting.unanswered, clock=clock), partial(owing.unanswered, clock=clock)),
    )
