"""A wish from the CRM that a contact be asked: decided once, however often the CRM tells us of it."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import Connection

from plugin.asking.actions import Wish, decide, standing
from plugin.asking.invitation import link
from plugin.asking.rules import Asked, NotAsked
from plugin.crm.store import survey_request
from plugin.services import Services


@dataclass(frozen=True, slots=True)
class Decided:
    """Asked: *ask* and *url* say where. Not asked: *reason* is why, *next_ask_at* when it may be tried again."""

    ask: str = ""
    url: str = ""
    reason: str = ""
    next_ask_at: datetime | None = None


def decide_now(services: Services, wish: Wish) -> Decided:
    """As ``decide`` puts it: an ask that is open is the same ask. Raises what ``decide`` raises."""
    return _decided(services, decide(services, wish))


def decide_once(services: Services, key: str, wish: Wish) -> Decided:
    """The decision on the request called *key*, made now unless it was made before; a second time the same ask comes
    with a fresh link. Raises what ``decide`` raises, and then nothing was decided."""
    made = _made(services, key)
    if made is None:
        decision = decide(services, wish)
        with services.database.write() as connection:
            _keep(connection, services, key, wish, decision)
        made = _made(services, key)
    assert made is not None  # noqa: S101 - one of those who decided at once has kept it
    return made


def _decided(services: Services, decision: Asked | NotAsked) -> Decided:
    if isinstance(decision, NotAsked):
        return Decided(reason=decision.reason, next_ask_at=decision.next_eligible_at)
    return Decided(ask=decision.ask, url=link(services, decision))


def _made(services: Services, key: str) -> Decided | None:
    with services.database.read() as connection:
        row = connection.execute(
            sa.select(survey_request).where(survey_request.c.key == key)
        ).one_or_none()
        if row is None:
            return None
        if row.ask is None:
            return Decided(reason=row.reason, next_ask_at=row.next_ask_at)
        asked = standing(connection, services, row.ask)
    return _decided(services, asked)


def _keep(
    connection: Connection, services: Services, key: str, wish: Wish, decision: Asked | NotAsked
) -> None:
    if isinstance(decision, NotAsked):
        said = {"reason": decision.reason, "next_ask_at": decision.next_eligible_at}
    else:
        said = {"ask": decision.ask}
    insert = sqlite_insert if services.database.embedded else postgresql_insert
    connection.execute(
        insert(survey_request)
        .values(
            key=key,
            installation=wish.installation,
            contact=wish.contact.id or "",
            touchpoint=wish.touchpoint,
            decided_at=services.clock.now(),
            **said,
        )
        .on_conflict_do_nothing(index_elements=[survey_request.c.key])
    )
