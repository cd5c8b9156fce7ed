"""Every room's tables, so that migrations and the commands that move a whole database see them all."""

from plugin.access import store as access
from plugin.answers import store as answers
from plugin.asking import store as asking
from plugin.changes import store as changes
from plugin.crm import store as crm
from plugin.deliveries import store as deliveries
from plugin.evidence import store as evidence
from plugin.followups import store as followups
from plugin.messages import store as messages
from plugin.people import store as people
from plugin.segments import store as segments
from plugin.themes import store as themes
from plugin.touchpoints import store as touchpoints
from plugin.triggers import store as triggers

ROOMS = (
    access,
    deliveries,
    people,
    touchpoints,
    asking,
    evidence,
    answers,
    followups,
    themes,
    segments,
    changes,
    messages,
    triggers,
    crm,
)
