"""Answers by the dozen, as they stand in the tables."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from plugin.access import keys
from plugin.access.rules import CLI
from plugin.answers.store import answer
from plugin.asking.store import ask
from plugin.db import new_id
from plugin.people.store import person
from tests.support.surveys import HUB, World
from widget.locales import category

Given = Callable[..., list[str]]
KINDS = {"support": "transactional", "yearly": "relational"}


@pytest.fixture
def given(survey_world: World) -> Given:
    """Puts one answer for each score there; the answers' ids."""

    def put(
        *scores: int,
        key: str = "support",
        at: datetime | None = None,
        email: str = "",
        test: bool = False,
        **more: Any,
    ) -> list[str]:
        when = at or survey_world.clock.now()
        return [_answer(survey_world, score, key, when, email, test, more) for score in scores]

    return put


def _answer(
    world: World, score: int, key: str, at: datetime, email: str, test: bool, more: dict[str, Any]
) -> str:
    who, asked, said = new_id(), new_id(), new_id()
    account = more.get("installation", HUB)
    common = {"installation": account, "person": who, "touchpoint": key, "channel": "link"}
    world.write(
        person.insert().values(
            id=who, installation=account, contact=who[-9:], email=email, seen_at=at
        )
    )
    world.write(
        ask.insert().values(
            id=asked, state="answered", created_at=at, answered_at=at, shown_at=at, test=test,
            expires_at=at + timedelta(days=60), **common,
        )
    )  # fmt: skip
    row = {
        "id": said, "ask": asked, "kind": KINDS.get(key, ""), "locale": "en", "score": score,
        "category": category(score), "revision": 1, "answered_at": at, "revised_at": at, **common,
    }  # fmt: skip
    world.write(answer.insert().values(**(row | more)))
    return said


@pytest.fixture
def read(survey_world: World) -> Callable[..., Any]:
    """Gets an address of the API with a key of the installation."""
    text = keys.add(survey_world.shared, CLI, "shop", HUB)[1]

    def get(address: str, key: str = text) -> Any:
        return survey_world.client.get(address, headers={"Authorization": f"Bearer {key}"})

    return get
