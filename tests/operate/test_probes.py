"""Who sees the metrics, and the reasons of /readyz."""

from dataclasses import replace
from datetime import timedelta

import pytest

from plugin.app import create_app
from plugin.crm.store import installation
from plugin.services import Services
from tests.support.surveys import World

BEARER = "a-bearer-for-the-metrics"
HERE = {"REMOTE_ADDR": "127.0.0.1"}


def seen(world: World, *, environ: dict[str, str] = HERE, **headers: str) -> bool:
    """Whether this request is shown both."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    ready = world.client.get("/readyz", environ_overrides=environ, headers=named).json
    metrics = world.client.get("/metrics", environ_overrides=environ, headers=named)
    assert metrics.status_code in (200, 403)
    assert ("reasons" in ready) is (metrics.status_code == 200)
    return metrics.status_code == 200


def test_this_machine_sees_them(survey_world: World) -> None:
    assert seen(survey_world)


def test_another_machine_does_not(survey_world: World) -> None:
    assert not seen(survey_world, environ={"REMOTE_ADDR": "192.0.2.7"})


@pytest.mark.parametrize(
    "header",
    ["X_Forwarded_For", "X_Forwarded_Host", "X_Forwarded_Proto", "X_Real_IP", "Forwarded", "Via"],
)
@pytest.mark.parametrize("value", ["127.0.0.1", ""])
def test_whoever_came_through_a_proxy_does_not(
    survey_world: World, header: str, value: str
) -> None:
    assert not seen(survey_world, **{header: value})


def test_with_a_token_only_its_bearer_does(survey_world: World) -> None:
    shared = survey_world.shared
    guarded = replace(shared.settings, metrics_token=BEARER)
    app = create_app(Services(guarded, shared.database, shared.clock, shared.sealer))
    world = replace(survey_world, app=app)

    assert not seen(world)
    assert not seen(world, Authorization="Bearer å")
    assert not seen(world, Authorization=f"Bearer {BEARER}x")
    assert seen(world, Authorization=f"Bearer {BEARER}", environ={"REMOTE_ADDR": "192.0.2.7"})


def test_follow_ups_are_counted_by_whether_their_deadline_is_ahead(survey_world: World) -> None:
    for contact, hours in (("101", -25), ("102", 0), ("103", 0)):
        survey_world.clock.ahead = timedelta(hours=hours)
        survey_world.answer(survey_world.ask(contact), score=2)
    survey_world.answer(survey_world.ask("104"), score=9)
    told = survey_world.client.get("/metrics", environ_overrides=HERE).text
    assert 'gensvar_follow_ups{deadline="ahead"} 2.0' in told
    assert 'gensvar_follow_ups{deadline="passed"} 1.0' in told


def test_an_account_in_which_nobody_looks_any_more_is_a_warning(survey_world: World) -> None:
    def late() -> tuple[list[str], list[str]]:
        told = survey_world.client.get("/readyz", environ_overrides=HERE).json
        return told["polled_late"], [
            word for word in told["warnings"] if "Nobody has looked" in word
        ]

    survey_world.write(installation.update().values(capabilities={"task_key": "unique"}))
    assert late() == ([], [])
    survey_world.clock.ahead = timedelta(minutes=16)
    names, words = late()
    assert names == ["hubspot:4711"]
    assert words == ["hubspot:4711: Nobody has looked for 16 minutes what happens in the CRM."]
    survey_world.write(installation.update().values(polled_at=survey_world.clock.now()))
    assert late() == ([], [])
