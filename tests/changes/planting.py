"""Many answers at once, as they stand in the tables."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from plugin.answers.store import answer
from plugin.asking.store import ask
from plugin.db import new_id
from plugin.people.store import person
from tests.support.admin import Admin
from tests.support.admin_data import HUB
from widget.locales import category

Shape = tuple[int, int, int]
SCORES = (10, 8, 3)


def plant(
    here: Admin,
    key: str,
    shape: Shape,
    *,
    days_ago: int,
    kind: str = "transactional",
    of: Sequence[str] = (),
    **more: Any,
) -> list[str]:
    """So many promoters, passives and detractors answered on that day, *of* those who are there already or others;
    their ids."""
    at = here.clock.now() - timedelta(days=days_ago)
    people: list[dict[str, Any]] = []
    asks: list[dict[str, Any]] = []
    answers: list[dict[str, Any]] = []
    for number, score in enumerate(_scores(shape)):
        who, asked = of[number] if of else new_id(), new_id()
        common = {"installation": HUB, "person": who, "touchpoint": key, "channel": "email"}
        people.append({"id": who, "installation": HUB, "contact": who, "seen_at": at})
        times = {"created_at": at, "expires_at": at, "mailed_at": at, "answered_at": at}
        asks.append({"id": asked, "state": "answered", **times, **common})
        said = {"score": score, "category": category(score), "revision": 1, "locale": "en"}
        said |= {"answered_at": at, "revised_at": at, "id": new_id(), "ask": asked, "kind": kind}
        answers.append(common | said | more)
    with here.services.database.write() as connection:
        for table, rows in ((person, [] if of else people), (ask, asks), (answer, answers)):
            if rows:
                connection.execute(table.insert(), rows)
    return [one["id"] for one in people]


def _scores(shape: Shape) -> Sequence[int]:
    return [score for score, many in zip(SCORES, shape, strict=True) for _ in range(many)]
