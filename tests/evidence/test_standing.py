"""Who answers by a link counts when a hand is seen, and nobody else hears of any other answer."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
import sqlalchemy as sa

from plugin.answers.store import answer, revision
from plugin.asking.store import ask
from plugin.deliveries.store import delivery
from plugin.evidence.store import evidence, opening
from plugin.followups.store import followup
from plugin.people.store import person
from tests.evidence.visitors import Visitor, saw
from tests.support.surveys import World


@pytest.fixture
def token(survey_world: World) -> str:
    return survey_world.ask(channel="email")


def stands(world: World) -> list[tuple[int, str]]:
    rows = world.rows(sa.select(answer).order_by(answer.c.id))
    return [(row["score"], row["standing"]) for row in rows]


def owed(world: World) -> list[str]:
    rows = world.rows(sa.select(delivery.c.kind).where(delivery.c.state == "queued"))
    return sorted(row["kind"] for row in rows)


def nothing_followed(world: World) -> bool:
    (her,) = world.rows(sa.select(person))
    return (
        not owed(world)
        and not world.rows(sa.select(followup))
        and her["last_answered_at"] is None
        and world.one(sa.select(ask.c.state)) == "open"
    )


def reasons(world: World) -> list[str]:
    return [row["reason"] for row in world.rows(sa.select(evidence).order_by(evidence.c.id))]


@pytest.mark.parametrize("form", [False, True])
def test_what_was_never_rendered_does_not_count(
    survey_world: World, token: str, *, form: bool
) -> None:
    post = survey_world.client.post
    body = {"token": token, "score": 2}
    reply = post("/api/v1/answers", data=body) if form else post("/api/v1/answers", json=body)
    assert (reply.status_code, reply.json["revision"]) == (201, 1)
    assert stands(survey_world) == [(2, "provisional")]
    assert nothing_followed(survey_world)
    assert reasons(survey_world) == ["not_rendered"]


def test_a_stamp_of_another_ask_or_a_made_up_one_is_none(survey_world: World, token: str) -> None:
    other = Visitor(survey_world, survey_world.ask("102", channel="link")).wait(5)
    other.form.fields["token"] = token
    other.send(2)
    other.send(3, evidence="r1~a1~0~0.made-up")
    assert stands(survey_world) == [(3, "provisional")]
    assert reasons(survey_world) == ["not_rendered", "not_rendered"]


@pytest.mark.parametrize("told", ["", saw()])
def test_a_person_s_answer_counts_at_once(survey_world: World, token: str, told: str) -> None:
    reply = Visitor(survey_world, token).wait(3).send(3, told)
    assert reply.status_code == (201 if told else 303)
    assert stands(survey_world) == [(3, "counted")]
    assert owed(survey_world) == ["answer", "contact", "task"]
    assert survey_world.one(sa.select(ask.c.state)) == "answered"
    assert survey_world.one(sa.select(person.c.last_answered_at)) is not None


def test_a_person_who_was_too_quick_counts_with_what_she_does_next(
    survey_world: World, token: str
) -> None:
    her = Visitor(survey_world, token).wait(0.5)
    assert her.send(3).status_code == 303
    assert nothing_followed(survey_world)
    assert her.wait(9).send(3, comment="Too slow").status_code == 303
    assert stands(survey_world) == [(3, "counted")]
    assert owed(survey_world) == ["answer", "contact", "task"]
    assert survey_world.one(sa.select(answer.c.answered_at)) > survey_world.one(
        sa.select(revision.c.at).where(revision.c.revision == 1)
    )


def test_the_very_same_words_again_are_enough_for_that(survey_world: World, token: str) -> None:
    her = Visitor(survey_world, token).wait(0.5)
    her.send(3)
    her.wait(9).send(3)
    assert stands(survey_world) == [(3, "counted")]
    assert reasons(survey_world) == ["too_fast", "form"]


def test_whose_own_answer_did_not_count_reads_thanks_and_nobody_else_does(
    survey_world: World, token: str
) -> None:
    hasty = Visitor(survey_world, token).wait(0.5)
    reply = hasty.send(3)
    assert reply.status_code == 303
    thanks = hasty.get(reply.headers["Location"]).text
    assert "Thank you" in thanks
    change = re.search(r'<a href="(.+)">Change your answer', thanks)
    assert change is not None
    assert " checked" in hasty.get(f"/s/{token}{unescape(change[1])}").text
    assert "How likely" in Visitor(survey_world, token).page.text
    theirs = Visitor(survey_world, survey_world.ask("102", channel="email"))
    given = reply.headers["Location"].partition("?")[2]
    assert "How likely" in theirs.get(f"/s/{theirs.token}?{given}").text


def test_after_a_machine_the_person_answers_the_same_link_and_counts_once(
    survey_world: World, token: str
) -> None:
    for score in range(12):
        machine = Visitor(survey_world, token, f"/s/{token}?score={score}")
        machine.get(f"/s/{token}?score={score}", "HEAD")
        if score < 11:
            machine.send(score)
    assert {standing for _, standing in stands(survey_world)} == {"provisional"}
    assert nothing_followed(survey_world)
    her = Visitor(survey_world, token, f"/s/{token}?score=3").wait(1.2)
    assert "How likely" in her.page.text
    reply = her.send(3, saw(1100, since=1150, kinds="touch"), comment="Too slow")
    assert (reply.status_code, reply.json["revision"]) == (201, 1)
    assert stands(survey_world).count((3, "counted")) == 1
    assert [s for _, s in stands(survey_world)].count("counted") == 1
    assert owed(survey_world) == ["answer", "contact", "task"]


def test_a_machine_that_comes_later_does_not_touch_what_counts(
    survey_world: World, token: str
) -> None:
    Visitor(survey_world, token).wait(3).send(9, saw())
    survey_world.clock.ahead += timedelta(minutes=5)
    for score in (0, 5, 10):
        Visitor(survey_world, token, f"/s/{token}?edit=1").send(score)
    assert stands(survey_world)[0] == (9, "counted")
    assert {standing for _, standing in stands(survey_world)[1:]} == {"provisional"}
    assert "Thank you" in Visitor(survey_world, token).page.text


def test_a_correction_on_the_same_page_is_a_person_s_good_right(
    survey_world: World, token: str
) -> None:
    her = Visitor(survey_world, token).wait(3)
    her.send(3, saw())
    assert her.wait(2).send(8, saw(since=4500, inputs=4, presses=2, spread=2000)).status_code == 200
    assert stands(survey_world) == [(8, "counted")]
    assert not survey_world.rows(sa.select(followup))


def test_a_correction_after_the_back_button_is_one_too(survey_world: World, token: str) -> None:
    Visitor(survey_world, token).wait(3).send(3)
    assert Visitor(survey_world, token, f"/s/{token}?edit=1").wait(4).send(7).status_code == 303
    assert stands(survey_world) == [(7, "counted")]
    assert len(survey_world.rows(sa.select(revision))) == 2


def test_two_pages_that_contradict_each_other_are_both_no_hand_s(
    survey_world: World, token: str
) -> None:
    one, other = Visitor(survey_world, token), Visitor(survey_world, token)
    one.wait(3).send(2)
    assert owed(survey_world) == ["answer", "contact", "task"]
    other.wait(1).send(9)
    assert stands(survey_world) == [(2, "provisional"), (9, "provisional")]
    assert owed(survey_world) == ["contact"]
    assert not survey_world.rows(sa.select(followup))
    assert survey_world.one(sa.select(ask.c.state)) == "open"
    assert survey_world.one(sa.select(person.c.last_answered_at)) is None
    voided = survey_world.rows(sa.select(delivery).where(delivery.c.state == "void"))
    assert {row["kind"] for row in voided} == {"answer", "task"}


def test_a_form_is_no_word_against_a_hand_that_was_seen(survey_world: World, token: str) -> None:
    machine, her = Visitor(survey_world, token), Visitor(survey_world, token)
    her.wait(3).send(2, saw())
    machine.wait(1).send(9)
    assert stands(survey_world) == [(2, "counted"), (9, "provisional")]


@pytest.mark.parametrize("before", [True, False])
def test_who_presses_what_no_eye_meets_is_no_person(
    survey_world: World, token: str, *, before: bool
) -> None:
    machine = Visitor(survey_world, token).wait(4)
    for step in ("decoy", "send") if before else ("send", "decoy"):
        if step == "decoy":
            assert machine.get(machine.form.decoy).status_code == 200
        else:
            machine.send(1, saw())
    assert stands(survey_world) == [(1, "provisional")]
    assert nothing_followed(survey_world) or owed(survey_world) == ["contact"]
    assert reasons(survey_world)[-1] == "decoy_link"


def test_the_page_behind_the_mail_s_decoy_counts_for_nothing(
    survey_world: World, token: str
) -> None:
    Visitor(survey_world, token, f"/s/{token}?score=11").wait(5).send(1, saw())
    assert reasons(survey_world) == ["decoy_link"]


def test_the_decoy_field_speaks_against_a_host_s_own_page_too(survey_world: World) -> None:
    token = survey_world.ask(channel="widget")
    assert survey_world.answer(token, score=1, website="x").status_code == 201
    assert stands(survey_world) == [(1, "provisional")]
    assert survey_world.answer(token, score=8).status_code == 201
    assert stands(survey_world) == [(1, "provisional"), (8, "counted")]


def test_nothing_is_kept_of_how_a_host_s_own_page_was_opened(survey_world: World) -> None:
    token = survey_world.ask(channel="widget")
    survey_world.client.get(f"/s/{token}")
    survey_world.answer(token, score=8)
    assert not survey_world.rows(sa.select(opening))
    assert not survey_world.rows(sa.select(evidence))


def test_a_link_that_is_fetched_without_end_leaves_so_many_traces_and_no_more(
    survey_world: World, token: str
) -> None:
    for n in range(60):
        survey_world.client.get(f"/s/{token}?score={n % 12}")
    scores = [row["score"] for row in survey_world.rows(sa.select(opening))]
    assert len(scores) == 45
    assert scores.count(11) == 5
    assert Visitor(survey_world, token).wait(3).send(9, saw()).status_code == 201
    assert stands(survey_world) == [(9, "counted")]


def test_evidence_that_cannot_be_kept_keeps_no_page_back(survey_world: World, token: str) -> None:
    survey_world.write(sa.text("ALTER TABLE opening RENAME TO hidden"))
    page: Any = survey_world.client.get(f"/s/{token}")
    survey_world.write(sa.text("ALTER TABLE hidden RENAME TO opening"))
    assert page.status_code == 200


def test_neither_address_nor_agent_is_kept(survey_world: World, token: str) -> None:
    Visitor(survey_world, token, headers={"X-Forwarded-For": "198.51.100.7"}).wait(3).send(9, saw())
    kept = repr(survey_world.rows(sa.select(opening)) + survey_world.rows(sa.select(evidence)))
    for secret in ("Firefox", "Mozilla", "198.51", "127.0.0.1"):
        assert secret not in kept


def test_a_person_answers_once_more_in_the_day_after_her_first_answer_that_counts(
    survey_world: World, token: str
) -> None:
    survey_world.answer(token, score=1)
    survey_world.clock.ahead += timedelta(hours=30)
    her = Visitor(survey_world, token).wait(3)
    assert her.send(9, saw()).status_code == 201
    survey_world.clock.ahead += timedelta(hours=25)
    refused = her.send(8, saw())
    assert (refused.status_code, refused.json["code"]) == (409, "already_answered")
    assert survey_world.answer(token, score=4).status_code == 409
