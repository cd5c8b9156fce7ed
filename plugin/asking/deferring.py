"""An ask that was put off is decided again when its time has come."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from plugin.asking import refusals
from plugin.asking.actions import Wish, decide
from plugin.asking.rules import Asked
from plugin.asking.store import refused_ask
from plugin.deliveries.verdicts import Delivered, Delivery, Lane, Later, Verdict, Void
from plugin.errors import Problem
from plugin.people.actions import survivor
from plugin.people.rules import ContactName
from plugin.services import Services


class DeferredAsks:
    """Kind ``deferred_ask``, on the clock's lane. A decision refused once more puts itself off again, as long as
    the window lasts."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def limit(self, lane: str) -> int:
        return 1  # each may look its contact up in the CRM

    def handle(self, lane: Lane, rows: Sequence[Delivery], within: float) -> Sequence[Verdict]:
        return [self._again(row.payload["person"], row.payload["touchpoint"]) for row in rows]

    def _again(self, person_id: str, key: str) -> Verdict:
        wish = self._wish(person_id, key)
        if wish is None:
            return Void("not_put_off")
        try:
            decision = decide(self._services, wish)
        except Problem as problem:
            return self._trouble(problem, person_id, key)
        return Delivered(decision.ask) if isinstance(decision, Asked) else Delivered()

    def _wish(self, person_id: str, key: str) -> Wish | None:
        with self._services.database.read() as connection:
            her = survivor(connection, person_id)
            query = sa.select(refused_ask).where(
                refused_ask.c.person == her.id,
                refused_ask.c.touchpoint == key,
                refused_ask.c.again_at.is_not(None),
            )
            row: Any = connection.execute(query).one_or_none()
        if row is None:
            return None
        return Wish(
            installation=row.installation,
            contact=ContactName(id=her.contact),
            touchpoint=key,
            channel=row.channel,
            locale=row.locale,
            context=row.context,
            occurred_at=row.occurred_at,
            trigger=row.trigger,
        )

    def _trouble(self, problem: Problem, person_id: str, key: str) -> Verdict:
        if problem.code not in ("not_found", "field_invalid"):
            return Later(detail=problem.detail)
        with self._services.database.write() as connection:
            her = survivor(connection, person_id)
            refusals.forget(connection, her.id, key, self._services.clock.now())
        return Void(problem.code)  # archived meanwhile, or no longer asked by e-mail
