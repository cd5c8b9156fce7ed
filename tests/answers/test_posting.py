"""Posting answers, through the door the widget and a host's server use."""

import threading
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa
from flask import Flask

from plugin.answers.store import answer, revision
from plugin.app import create_app
from plugin.asking.store import ask
from plugin.deliveries.store import delivery
from plugin.followups.store import followup
from plugin.people.store import person
from tests.support.surveys import HOST, World

FORM = "application/x-www-form-urlencoded"


def owed(world: World, kind: str) -> list[dict[str, Any]]:
    query = sa.select(delivery).where(delivery.c.kind == kind).order_by(delivery.c.id)
    return world.rows(query)


def count(world: World, table: sa.Table) -> int:
    return int(world.one(sa.select(sa.func.count()).select_from(table)))


@pytest.mark.parametrize("token", ["", "x", "a.b", "é", "x" * 3000])
def test_a_forged_token_is_refused_and_records_nothing(survey_world: World, token: str) -> None:
    reply = survey_world.answer(token, score=9)
    assert reply.status_code in (403, 422)
    assert reply.json["code"] in ("link_invalid", "field_invalid")
    assert count(survey_world, answer) == 0


def test_an_expired_link_says_so(survey_world: World) -> None:
    token = survey_world.seal("whatever", life=timedelta(seconds=-1))
    reply = survey_world.answer(token, score=9)
    assert (reply.status_code, reply.json["code"]) == (410, "link_expired")


def test_a_signed_token_of_no_ask_of_ours_is_invalid(survey_world: World) -> None:
    reply = survey_world.answer(survey_world.seal("no-such-ask"), score=9)
    assert (reply.status_code, reply.json["code"]) == (403, "link_invalid")


def test_an_erased_person_s_link_is_dead(survey_world: World) -> None:
    token = survey_world.ask()
    survey_world.write(person.update().values(erased_at=survey_world.clock.now()))
    assert survey_world.answer(token, score=9).status_code == 403
    assert count(survey_world, answer) == 0


@pytest.mark.parametrize(
    "origin", ["null", "https://evil.example", "http://shop.example", HOST + ".evil.example"]
)
def test_another_origin_is_refused(survey_world: World, origin: str) -> None:
    token = survey_world.ask()
    reply = survey_world.client.post(
        "/api/v1/answers", json={"token": token, "score": 9}, headers={"Origin": origin}
    )
    assert (reply.status_code, reply.json["code"]) == (403, "origin_refused")
    assert "Access-Control-Allow-Origin" not in reply.headers
    assert count(survey_world, answer) == 0


def test_an_allowed_origin_is_echoed_without_credentials_even_on_a_refusal(
    survey_world: World,
) -> None:
    for token in (survey_world.ask(), "forged"):
        reply = survey_world.client.post(
            "/api/v1/answers", json={"token": token, "score": 9}, headers={"Origin": HOST}
        )
        assert reply.headers["Access-Control-Allow-Origin"] == HOST
        assert "Origin" in reply.headers["Vary"]
        assert "Access-Control-Allow-Credentials" not in reply.headers


def test_a_first_post_without_a_score_names_the_field(survey_world: World) -> None:
    reply = survey_world.answer(survey_world.ask(), comment="hello")
    assert (reply.status_code, reply.json["code"]) == (422, "field_invalid")
    assert list(reply.json["fields"]) == ["score"]
    assert count(survey_world, answer) == 0


def test_refusals_are_problem_documents_with_a_request_id(survey_world: World) -> None:
    reply = survey_world.answer("forged", score=9)
    assert reply.mimetype == "application/problem+json"
    assert set(reply.json) == {"type", "title", "status", "detail", "code", "request_id"}
    assert reply.json["request_id"] == reply.headers["X-Request-Id"]


def test_an_answer_is_stored_with_what_it_owes(survey_world: World) -> None:
    reply = survey_world.answer(survey_world.ask(), score=9, comment="Great", may_contact=True)
    assert reply.status_code == 201
    assert reply.json["category"] == "promoter"
    assert reply.json["revision"] == 1
    stored = survey_world.rows(sa.select(answer))[0]
    assert (stored["id"], stored["score"], stored["comment"]) == (
        reply.json["answer_id"],
        9,
        "Great",
    )
    assert stored["kind"] == "transactional"
    assert survey_world.one(sa.select(ask.c.state)) == "answered"
    assert not owed(survey_world, "task")
    assert [len(owed(survey_world, kind)) for kind in ("answer", "contact")] == [1, 1]


def test_a_detractor_is_owed_a_reply_within_the_promise(survey_world: World) -> None:
    reply = survey_world.answer(survey_world.ask(), score=3)
    assert reply.json["next"]
    case = survey_world.rows(sa.select(followup))[0]
    assert case["state"] == "open"
    assert case["due_at"] - case["opened_at"] == timedelta(hours=24)
    assert len(owed(survey_world, "task")) == 1


def test_click_then_comment_is_one_answer_with_revisions(survey_world: World) -> None:
    token = survey_world.ask()
    first = survey_world.answer(token, score=3)
    second = survey_world.answer(token, comment="Too slow")
    assert (second.status_code, second.json["revision"]) == (200, 2)
    assert second.json["answer_id"] == first.json["answer_id"]
    kept = survey_world.rows(sa.select(revision).order_by(revision.c.revision))
    assert [(row["score"], row["comment"]) for row in kept] == [(3, ""), (3, "Too slow")]
    assert count(survey_world, answer) == 1
    for kind in ("task", "contact", "answer"):
        assert len(owed(survey_world, kind)) == 1, kind


def test_what_is_owed_is_due_two_seconds_after_the_latest_revision(survey_world: World) -> None:
    token = survey_world.ask()
    survey_world.answer(token, score=3)
    survey_world.clock.ahead += timedelta(seconds=1.5)
    survey_world.answer(token, comment="Too slow")
    revised = survey_world.one(sa.select(answer.c.revised_at))
    for kind in ("task", "contact", "answer"):
        assert owed(survey_world, kind)[0]["due_at"] - revised == timedelta(seconds=2), kind


def test_the_same_body_again_changes_nothing(survey_world: World) -> None:
    token = survey_world.ask()
    body = {"score": 3, "comment": "Too slow", "may_contact": False}
    assert survey_world.answer(token, **body).status_code == 201
    again = survey_world.answer(token, **body)
    assert (again.status_code, again.json["revision"]) == (200, 1)
    assert count(survey_world, revision) == 1
    assert len(owed(survey_world, "task")) == 1


def test_revised_up_before_the_crm_was_told_owes_no_task(survey_world: World) -> None:
    token = survey_world.ask()
    survey_world.answer(token, score=3)
    survey_world.answer(token, score=9)
    assert [row["state"] for row in owed(survey_world, "task")] == ["void"]
    assert count(survey_world, followup) == 0
    survey_world.answer(token, score=2)
    assert [row["state"] for row in owed(survey_world, "task")] == ["void", "queued"]
    assert count(survey_world, followup) == 1


def test_revised_after_the_task_was_begun_owes_a_line_on_it(survey_world: World) -> None:
    token = survey_world.ask()
    survey_world.answer(token, score=3)
    survey_world.write(
        delivery.update()
        .where(delivery.c.kind == "task")
        .values(started_at=survey_world.clock.now(), state="delivered")
    )
    survey_world.answer(token, score=9)
    assert len(owed(survey_world, "task")) == 1
    assert len(owed(survey_world, "task_line")) == 1
    assert survey_world.one(sa.select(followup.c.state)) == "open"


def test_after_the_edit_window_the_answer_stands(survey_world: World) -> None:
    token = survey_world.ask()
    survey_world.answer(token, score=3)
    survey_world.clock.ahead += timedelta(hours=24)
    reply = survey_world.answer(token, score=9)
    assert (reply.status_code, reply.json["code"]) == (409, "already_answered")
    assert survey_world.one(sa.select(answer.c.score)) == 3


def test_several_texts_of_one_token_are_one_answer(survey_world: World) -> None:
    token = survey_world.ask()
    spare = token[:-1] + chr(ord(token[-1]) + 1)
    assert survey_world.tokens.open(spare) == survey_world.tokens.open(token)
    assert survey_world.answer(token, score=3).status_code == 201
    assert survey_world.answer(spare, score=9).status_code == 200
    assert count(survey_world, answer) == 1


def test_parallel_first_posts_are_one_answer_and_revisions(survey_world: World) -> None:
    token = survey_world.ask()
    replies: list[int] = []
    gate = threading.Barrier(8)

    def post(score: int) -> None:
        gate.wait()
        replies.append(survey_world.answer(token, score=score).status_code)

    threads = [threading.Thread(target=post, args=(score,)) for score in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(replies) == [200] * 7 + [201]
    assert count(survey_world, answer) == 1
    assert count(survey_world, revision) == 8


def test_parallel_first_posts_to_two_processes_are_one_answer_and_revisions(
    survey_world: World,
) -> None:
    apps = [survey_world.app, create_app(survey_world.shared)]
    tokens = [survey_world.ask(str(contact)) for contact in range(5)]
    replies: list[int] = []

    def post(app: Flask, token: str, score: int) -> None:
        gate.wait()
        body = {"token": token, "score": score}
        replies.append(app.test_client().post("/api/v1/answers", json=body).status_code)

    for token in tokens:
        gate = threading.Barrier(2)
        threads = [
            threading.Thread(target=post, args=(app, token, n)) for n, app in enumerate(apps)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(replies) == [200] * 5 + [201] * 5
    assert count(survey_world, answer) == 5


def test_one_broken_neighbour_does_not_harm_the_others(survey_world: World) -> None:
    tokens = [survey_world.ask(str(contact)) for contact in range(6)]
    survey_world.write(delivery.delete())
    # An answer row that is already there without its ask knowing makes exactly one post fail.
    replies: dict[int, int] = {}

    def post(number: int) -> None:
        token = tokens[number] if number != 3 else "forged"
        replies[number] = survey_world.answer(token, score=number).status_code

    threads = [threading.Thread(target=post, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert replies == {0: 201, 1: 201, 2: 201, 3: 403, 4: 201, 5: 201}


def test_thirty_posts_a_minute_for_one_token_are_enough(survey_world: World) -> None:
    token = survey_world.ask()
    for number in range(30):
        assert survey_world.answer(token, score=number % 11).status_code < 300
    refused = survey_world.answer(token, score=5)
    assert (refused.status_code, refused.json["code"]) == (429, "rate_limited")
    assert int(refused.headers["Retry-After"]) > 0


def test_an_honest_token_is_never_refused_for_its_address(survey_world: World) -> None:
    codes = [survey_world.answer("forged", score=5).json["code"] for _ in range(61)]
    assert codes == ["link_invalid"] * 60 + ["rate_limited"]
    assert survey_world.answer(survey_world.ask(), score=5).status_code == 201


def test_a_form_post_of_a_browser_is_shown_the_thank_you(survey_world: World) -> None:
    token = survey_world.ask()
    client = survey_world.client
    posted = client.post(
        "/api/v1/answers",
        data=urlencode({"token": token, "score": "3", "comment": "Too <b>slow</b>"}),
        content_type=FORM,
        headers={"Accept": "text/html,application/xhtml+xml"},
    )
    assert (posted.status_code, posted.headers["Location"]) == (303, f"/s/{token}")
    page = client.get(posted.headers["Location"])
    assert page.status_code == 200
    assert "Thank you" in page.text


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_looking_records_nothing(survey_world: World, method: str) -> None:
    token = survey_world.ask()
    for address in (f"/s/{token}", f"/s/{token}?score=3", f"/api/v1/answers?token={token}&score=3"):
        survey_world.client.open(address, method=method)
    assert count(survey_world, answer) == 0
    assert survey_world.rows(sa.select(ask.c.state, ask.c.shown_at)) == [
        {"state": "open", "shown_at": None}
    ]


def test_a_body_that_comes_in_pieces_without_a_length_is_bounded_too(survey_world: World) -> None:
    reply = survey_world.client.post(
        "/api/v1/answers", data=b"{" + b" " * 17_000, content_type="application/json"
    )
    assert (reply.status_code, reply.json["code"]) == (413, "body_too_large")


def test_a_database_that_does_not_answer_is_said_and_to_be_tried_again(survey_world: World) -> None:
    token = survey_world.ask()
    survey_world.write(sa.text("ALTER TABLE revision RENAME TO hidden"))
    reply = survey_world.answer(token, score=3)
    assert (reply.status_code, reply.json["code"]) == (503, "storage_unavailable")
    assert int(reply.headers["Retry-After"]) > 0
    survey_world.write(sa.text("ALTER TABLE hidden RENAME TO revision"))
    assert survey_world.answer(token, score=3).status_code == 201


@pytest.mark.parametrize("address", ["/api/v1/answers", "/api/v1/asks/events"])
def test_a_host_page_that_sends_json_may_ask_first(survey_world: World, address: str) -> None:
    asked = {"Access-Control-Request-Method": "POST"}
    reply = survey_world.client.options(address, headers=asked | {"Origin": HOST})
    assert reply.status_code == 204
    assert reply.headers["Access-Control-Allow-Origin"] == HOST
    assert reply.headers["Access-Control-Allow-Methods"] == "POST"
    assert reply.headers["Access-Control-Allow-Headers"] == "Content-Type"
    refused = survey_world.client.options(
        address, headers=asked | {"Origin": "https://evil.example"}
    )
    assert refused.status_code == 403
