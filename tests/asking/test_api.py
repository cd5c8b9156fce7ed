"""``POST /api/v1/asks``, as a host's server calls it."""

from typing import Any

import pytest
import sqlalchemy as sa

from plugin.access import keys
from plugin.access.rules import CLI
from plugin.asking.store import ask
from plugin.strict import JSON
from tests.asking.test_decide import ANNA, shelf
from tests.support.surveys import HUB, World


def key_of(world: World, installation: str = HUB) -> str:
    return keys.add(world.shared, CLI, "shop", installation)[1]


def post(world: World, key: str | None, body: Any) -> Any:
    headers = {} if key is None else {"Authorization": f"Bearer {key}"}
    return world.client.post("/api/v1/asks", json=body, headers=headers)


GOOD = {"contact": "101", "touchpoint": "support"}


@pytest.mark.parametrize("key", [None, "", "gv_wrong", "é", "x" * 5000])
def test_without_a_valid_key_nothing_is_asked(survey_world: World, key: str | None) -> None:
    shelf(survey_world, ANNA)
    reply = post(survey_world, key, GOOD)
    assert (reply.status_code, reply.json["code"]) == (401, "unauthenticated")
    assert survey_world.rows(sa.select(ask)) == []


def test_a_revoked_key_opens_nothing(survey_world: World) -> None:
    made, text = keys.add(survey_world.shared, CLI, "shop", HUB)
    keys.revoke(survey_world.shared, CLI, made.id)
    assert post(survey_world, text, GOOD).status_code == 401


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"contact": "101"}, "touchpoint"),
        ({"touchpoint": "support"}, "contact"),
        (GOOD | {"contact": {"email": ""}}, "contact"),
        (GOOD | {"contact": {"email": "a@b.c", "id": "1"}}, "contact"),
        (GOOD | {"contact": {"property": "x"}}, "contact"),
        (GOOD | {"contact": 101}, "contact"),
        (GOOD | {"contact": "1\0"}, "contact"),
        (GOOD | {"contact": "1\ud800"}, "contact"),
        (GOOD | {"contact": {"email": "\ud800@b.c"}}, "contact"),
        (GOOD | {"channel": "fax"}, "channel"),
        (GOOD | {"channel": ["widget"]}, "channel"),
        (GOOD | {"locale": "x" * 40}, "locale"),
        (GOOD | {"context": "x"}, "context"),
        (GOOD | {"context": {"a": "\0"}}, "context"),
        (GOOD | {"context": {"a": "x" * 3000}}, "context"),
    ],
)
def test_a_wrong_field_is_named(survey_world: World, body: dict[str, Any], field: str) -> None:
    shelf(survey_world, ANNA)
    reply = post(survey_world, key_of(survey_world), body)
    assert (reply.status_code, list(reply.json["fields"])) == (422, [field])


def test_unknown_fields_and_other_media_are_refused(survey_world: World) -> None:
    key = key_of(survey_world)
    assert post(survey_world, key, GOOD | {"score": 9}).json["code"] == "body_malformed"
    headers = {"Authorization": f"Bearer {key}"}
    reply = survey_world.client.post("/api/v1/asks", data="contact=101", headers=headers)
    assert reply.json["code"] == "media_type"


def test_a_number_that_cannot_be_written_down_again_is_no_json(survey_world: World) -> None:
    shelf(survey_world, ANNA)
    headers = {"Authorization": f"Bearer {key_of(survey_world)}", "Content-Type": JSON}
    body = '{"contact": "101", "touchpoint": "support", "context": {"n": 1e400}}'
    reply = survey_world.client.post("/api/v1/asks", data=body, headers=headers)
    assert (reply.status_code, reply.json["code"]) == (400, "body_malformed")
    assert "JSON" in reply.json["detail"]


def test_yes_carries_token_link_and_snippet(survey_world: World) -> None:
    shelf(survey_world, ANNA)
    reply = post(survey_world, key_of(survey_world), GOOD | {"channel": "link"})
    assert reply.status_code == 200
    assert reply.json["asked"] is True
    assert reply.json["url"].endswith(f"/s/{reply.json['token']}")
    assert 'integrity="sha384-' in reply.json["snippet"]
    assert "widget.sv.js" in reply.json["snippet"]
    answered = survey_world.answer(reply.json["token"], score=10)
    assert answered.status_code == 201


def test_no_carries_the_reason(survey_world: World) -> None:
    shelf(survey_world, ANNA)
    survey_world.person(unsubscribed_at=survey_world.clock.now())
    reply = post(survey_world, key_of(survey_world), GOOD)
    assert reply.json == {"asked": False, "reason": "unsubscribed", "next_eligible_at": None}
