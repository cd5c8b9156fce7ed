"""Shown and declined: what the widget reports besides an answer."""

from typing import Any
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa

from plugin.asking.store import ask
from plugin.people.store import person
from tests.support.surveys import World


def report(world: World, **fields: str) -> Any:
    return world.client.post(
        "/api/v1/asks/events",
        data=urlencode(fields),
        content_type="application/x-www-form-urlencoded",
    )


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({}, "body_malformed"),
        ({"token": "t"}, "body_malformed"),
        ({"token": "t", "event": "shown", "more": "1"}, "body_malformed"),
        ({"token": "t", "event": "clicked"}, "field_invalid"),
        ({"token": "t", "event": "shown"}, "link_invalid"),
    ],
)
def test_nonsense_is_refused(survey_world: World, fields: dict[str, str], code: str) -> None:
    assert report(survey_world, **fields).json["code"] == code


def test_json_is_not_what_an_event_is_sent_as(survey_world: World) -> None:
    reply = survey_world.client.post("/api/v1/asks/events", json={"token": "t", "event": "shown"})
    assert (reply.status_code, reply.json["code"]) == (415, "media_type")


def test_shown_counts_the_first_time(survey_world: World) -> None:
    token = survey_world.ask()
    assert report(survey_world, token=token, event="shown").status_code == 204
    first = survey_world.one(sa.select(ask.c.shown_at))
    assert report(survey_world, token=token, event="shown").status_code == 204
    assert survey_world.one(sa.select(ask.c.shown_at)) == first


def test_a_decline_is_kept_and_an_answer_after_it_counts(survey_world: World) -> None:
    token = survey_world.ask()
    for _ in range(2):
        assert report(survey_world, token=token, event="declined").status_code == 204
    assert survey_world.one(sa.select(ask.c.state)) == "declined"
    assert survey_world.one(sa.select(person.c.last_declined_at)) is not None
    assert survey_world.answer(token, score=9).status_code == 201
    assert survey_world.one(sa.select(ask.c.state)) == "answered"


def test_a_decline_after_an_answer_leaves_the_answer(survey_world: World) -> None:
    token = survey_world.ask()
    survey_world.answer(token, score=9)
    assert report(survey_world, token=token, event="declined").status_code == 204
    assert survey_world.one(sa.select(ask.c.state)) == "answered"
