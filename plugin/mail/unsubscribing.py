"""A customer wants no more questions and messages: her link, and what it does."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.engine import Connection, Row

from plugin.db import new_id
from plugin.deliveries.actions import owe, void_unbegun
from plugin.mail import lanes
from plugin.people import actions as people
from plugin.people.owing import fields
from plugin.people.store import person
from plugin.services import Services
from widget.tokens import SurveyToken, Tokens

LIFE = timedelta(days=3650)  # whoever finds an old mail may still say no
PURPOSE = "unsubscribe"


def opener(services: Services) -> Tokens:
    """A survey's token opens nothing here, and the other way round."""
    return Tokens(services.settings.signing_keys, services.clock.now, PURPOSE)


def link(services: Services, her: Row[Any], locale: str) -> str:
    """Where the person stops all questions."""
    token = SurveyToken(
        id=her.id,
        installation=her.installation,
        contact="",
        touchpoint="",
        channel="email",
        locale=locale,
        expires_at=services.clock.now() + LIFE,
    )
    return f"{services.settings.address()}/u/{opener(services).seal(token)}"


def subscribe_again(connection: Connection, person_id: str, now: datetime) -> bool:
    """It was a mistake, or the person has changed her mind: the rules of frequency hold again. ``False`` where she
    had not unsubscribed. What was voided stays void."""
    her = people.held(connection, person_id)
    if her.unsubscribed_at is None:
        return False
    goes_on = {"unsubscribed_at": None, "ask_refusal": None}
    connection.execute(person.update().where(person.c.id == her.id).values(goes_on))
    occasion = f"resubscribed:{new_id()}"
    owe(connection, [fields(her.installation, her.id, occasion, now)], now)
    return True


def unsubscribe(connection: Connection, person_id: str, now: datetime) -> bool:
    """Nobody asks or writes to the person any more, nor to whom she was merged with; ``False`` when that was so
    before, or nobody is left. What is queued for her is void; the CRM is told in our own field."""
    try:
        her = people.held(connection, person_id)
    except LookupError:
        return False
    if her.unsubscribed_at is not None or her.erased_at is not None:
        return False
    stops = {"unsubscribed_at": now, "ask_refusal": "unsubscribed", "next_ask_at": None}
    connection.execute(person.update().where(person.c.id == her.id).values(stops))
    ids = people.identities(connection, her.id)
    void_unbegun(connection, lanes.every_lane(connection), ids, "unsubscribed", now)
    owe(connection, [fields(her.installation, her.id, f"unsubscribed:{new_id()}", now)], now)
    return True
