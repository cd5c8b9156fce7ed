"""Satisfaction and effort: their own questions and scales, judged like any answer, and never NPS."""

from typing import Any

import pytest
import sqlalchemy as sa

from plugin.answers.store import answer
from plugin.asking.actions import Wish, decide
from plugin.asking.rules import Asked
from plugin.crm.card import document as card
from plugin.crm.reading import histories
from plugin.crm.rules import contact_values
from plugin.deliveries.store import delivery
from plugin.errors import Problem
from plugin.followups.store import followup
from plugin.people.rules import ContactName
from plugin.people.store import person
from plugin.touchpoints.store import touchpoint
from tests.evidence.visitors import Visitor, saw
from tests.support.surveys import HUB, World

HIGHEST = {"csat": 5, "ces": 7}


@pytest.fixture(autouse=True)
def measuring(survey_world: World) -> None:
    row = {"stage": "contact", "company": "Acme", "created_at": survey_world.clock.now()}
    row |= {"channels": ["email", "link"], "wording": {"sv": {"subject": "ditt ärende"}}}
    for kind in HIGHEST:
        survey_world.write(touchpoint.insert().values(key=kind, name=kind, kind=kind, **row))


def answers(world: World) -> list[tuple[str, int, str, str]]:
    rows = world.rows(sa.select(answer).order_by(answer.c.id))
    return [(r["kind"], r["score"], r["category"], r["standing"]) for r in rows]


@pytest.mark.parametrize(
    ("kind", "locale", "words"),
    [
        ("csat", "en", "How satisfied were you with us?"),
        ("csat", "sv", "Hur nöjd var du med <bdi>ditt ärende</bdi>?"),
        ("ces", "en", "<bdi>Acme</bdi> made it easy for me to handle my issue."),
        ("ces", "ar", "سهّلت عليّ <bdi>Acme</bdi> معالجة مسألتي."),
    ],
)
def test_the_page_asks_its_own_question_on_its_own_scale(
    survey_world: World, kind: str, locale: str, words: str
) -> None:
    survey_world.ask(key=kind, channel="link")
    (asked,) = survey_world.rows(sa.select(sa.text("id")).select_from(sa.text("ask")))
    token = survey_world.seal(asked["id"], key=kind, channel="link", locale=locale)
    page = survey_world.client.get(f"/s/{token}?score=3").text
    assert words in page
    assert "recommend" not in page
    scores = [n for n in range(12) if f'name="score" value="{n}" required' in page]
    assert scores == list(range(1, HIGHEST[kind] + 1))
    assert 'value="3" required checked' in page


@pytest.mark.parametrize("kind", ["csat", "ces"])
def test_a_low_score_counts_and_is_no_detractor(survey_world: World, kind: str) -> None:
    visitor = Visitor(survey_world, survey_world.ask(key=kind, channel="link")).wait(5)
    reply = visitor.send(1, saw(), comment="Slow")
    assert (reply.status_code, set(reply.json)) == (201, {"answer_id", "revision"})
    assert answers(survey_world) == [(kind, 1, "", "counted")]
    assert survey_world.rows(sa.select(followup)) == []
    kinds = survey_world.rows(sa.select(delivery.c.kind))
    assert {row["kind"] for row in kinds} == {"contact"}  # no record among the NPS answers, no task
    page = survey_world.client.get(f"/s/{visitor.token}").text
    assert "Thank you for your answer." in page


@pytest.mark.parametrize(
    ("kind", "score"), [("csat", 0), ("csat", 6), ("csat", 10), ("ces", 0), ("ces", 8)]
)
def test_what_is_not_on_the_scale_is_refused(survey_world: World, kind: str, score: int) -> None:
    visitor = Visitor(survey_world, survey_world.ask(key=kind, channel="link")).wait(5)
    reply = visitor.send(score, saw())
    assert (reply.status_code, reply.json["code"]) == (422, "field_invalid")
    again = visitor.send(score)
    assert f"Choose a number from 1 to {HIGHEST[kind]} and send again." in again.text
    assert answers(survey_world) == []


def test_a_revision_stays_on_the_scale(survey_world: World) -> None:
    visitor = Visitor(survey_world, survey_world.ask(key="csat", channel="link")).wait(5)
    assert visitor.send(2, saw()).status_code == 201
    assert visitor.send(9, saw()).status_code == 422
    assert visitor.send(5, saw()).json["revision"] == 2
    assert answers(survey_world) == [("csat", 5, "", "counted")]


def test_the_contact_s_nps_fields_and_the_card_know_nothing_of_it(survey_world: World) -> None:
    her = survey_world.person("101")
    survey_world.answer(survey_world.ask(channel="widget"), score=9)
    for kind, score in (("csat", 2), ("ces", 7)):
        visitor = Visitor(survey_world, survey_world.ask(key=kind, channel="link")).wait(5)
        assert visitor.send(score, saw()).status_code == 201
    with survey_world.shared.database.read() as connection:
        owner = connection.execute(sa.select(person).where(person.c.id == her)).one()
        values = contact_values(owner, histories(connection, [owner])[her])
        shown = card(connection, HUB, "101")
    assert (values["score"], values["category"], values["kind"]) == (9, "promoter", "transactional")
    assert values["previous_score"] is None
    assert (values["csat_score"], values["ces_score"]) == (2, 7)
    assert values["csat_at"] < values["ces_at"]  # type: ignore[operator]
    assert [one["score"] for one in shown["answers"]] == [9]


def test_no_widget_asks_it(survey_world: World) -> None:
    survey_world.person("101")

    def asked(channel: str) -> Any:
        return decide(survey_world.shared, Wish(HUB, ContactName(id="101"), "csat", channel))

    with pytest.raises(Problem, match="by email and link only"):
        asked("widget")
    assert isinstance(asked("link"), Asked)
