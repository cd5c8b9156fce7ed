"""A server with answers, and the worker's reading of them at will."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from plugin.clock import Clock
from plugin.deliveries.ledger import Ledger
from plugin.deliveries.pace import Pace
from plugin.deliveries.sending import Batch
from plugin.themes import sweep
from plugin.themes.store import answer_theme
from tests.support.admin import Admin, admin, anna, quick_passwords
from tests.support.admin_data import answered, connect, touchpoint

__all__ = ["admin", "anna", "quick_passwords"]

Said = Callable[..., str]


@pytest.fixture
def said(anna: Admin) -> Said:
    """Stores an answer with that comment; its id."""
    connect(anna.services)
    touchpoint(anna.services)

    def store(comment: str, locale: str = "en", **more: Any) -> str:
        return answered(anna.services, more.pop("score", 8), comment, locale=locale, **more)

    return store


def read(here: Admin) -> None:
    """The worker reads all there is to read."""
    with here.services.database.write() as connection:
        sweep.ensure(connection)
        sweep.hurry(connection)
    handler = sweep.ReadThemes(here.services)
    for _ in range(20):
        with here.services.database.read() as connection:
            step = handler._look()[1]
        settle(here, handler)
        if not step.more:
            assert not handler._look()[1].rows, "what was read was not kept"
            return
    raise AssertionError("the reading never came to an end")


def settle(here: Admin, handler: sweep.ReadThemes) -> None:
    """One turn of a worker on the lane."""
    from threading import Event

    clock = Clock()
    ledger = Ledger(here.services.database, {sweep.KIND: handler}, clock)
    claim = ledger.take("reader")
    assert claim is not None
    Batch(ledger, claim, Pace(clock.monotonic), Event()).send()
    ledger.give_back(claim.lease)


def themes_of(here: Admin, answer_id: str, by: str = "") -> set[str]:
    with here.services.database.read() as connection:
        query = sa.select(answer_theme.c.theme).where(
            answer_theme.c.answer == answer_id, answer_theme.c.has
        )
        if by:
            query = query.where(answer_theme.c.by == by)
        return set(connection.scalars(query))
