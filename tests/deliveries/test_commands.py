"""``gensvar deliveries`` and ``gensvar replay``, as an operator types them."""

import json
from typing import Any

import pytest
import sqlalchemy as sa

from plugin.cli import main
from plugin.deliveries.store import delivery
from tests.support.surveys import World


@pytest.fixture
def typed(survey_world: World, monkeypatch: pytest.MonkeyPatch, tmp_path, capsys) -> Any:
    """Runs a command on the world's database; its exit code and what it printed."""
    url = survey_world.shared.database.url.render_as_string(hide_password=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GENSVAR_ENV", "test")
    monkeypatch.setenv("GENSVAR_DATABASE_URL", url)

    def run(*words: str) -> tuple[int, str, str]:
        code = main(words)
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def park(world: World) -> str:
    world.answer(world.ask(), score=3)
    world.write(
        delivery.update()
        .where(delivery.c.kind == "task")
        .values(state="parked", error="contact_gone", settled_at=world.clock.now())
    )
    return str(world.one(sa.select(delivery.c.id).where(delivery.c.kind == "task")))


def test_nothing_owed_is_said(typed: Any) -> None:
    assert typed("deliveries")[:2] == (0, "Nothing is owed, nothing was done.\n")
    assert typed("deliveries", "--json")[1] == "[]\n"


def test_a_parked_delivery_is_listed_with_its_reason_and_replayed_once(
    survey_world: World, typed: Any
) -> None:
    parked = park(survey_world)
    code, out, _ = typed("deliveries", "--state", "parked", "--json")
    (shown,) = json.loads(out)
    assert (code, shown["id"], shown["reason"]) == (0, parked, "contact_gone")
    assert shown["words"]
    assert shown["do"]
    assert parked in typed("deliveries", "--installation", "hubspot:4711")[1]
    assert typed("deliveries", "--installation", "hubspot:1", "--json")[1] == "[]\n"
    assert typed("replay", parked)[0] == 0
    code, _, words = typed("replay", parked)
    assert code == 1
    assert parked in words


def test_an_unknown_delivery_is_refused_in_words(typed: Any) -> None:
    code, _, words = typed("replay", "nonsense")
    assert code == 1
    assert "nonsense" in words
