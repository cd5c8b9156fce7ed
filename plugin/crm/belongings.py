"""Everything that is kept of people, in the order in which it may be deleted."""

from plugin.answers import belongings as answers
from plugin.asking import belongings as asks
from plugin.changes import belongings as changes
from plugin.crm import requests_held as requests
from plugin.evidence import belongings as evidence
from plugin.followups import belongings as followups
from plugin.messages import belongings as messages
from plugin.people.belongings import Belongings
from plugin.segments import belongings as segments
from plugin.themes import belongings as themes
from plugin.triggers import belongings as triggers

ROOMS: tuple[Belongings, ...] = (
    followups,
    segments,
    themes,
    changes,  # after themes, which lock the answers
    messages,
    evidence,
    answers,
    requests,
    triggers,
    asks,
)
