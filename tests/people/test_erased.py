"""What an erased person's links say, and answers that arrive at the very moment of an erasure or a merge."""

import threading

import pytest
import sqlalchemy as sa

from plugin.answers.store import answer, erased_answer, revision
from plugin.asking.store import ask
from plugin.crm.erasing import erase_person
from plugin.deliveries.actions import Owed, ensure_lane, owe
from plugin.deliveries.store import delivery
from plugin.followups.store import followup
from tests.support.surveys import HUB, World

KEPT = (answer, revision, ask, followup)


def nothing_of(world: World) -> bool:
    return all(world.rows(sa.select(table)) == [] for table in KEPT)


def test_her_links_say_so_kindly_and_store_nothing(survey_world, crm, answers):
    given, unanswered = answers("1", 3, comment="secret"), survey_world.ask("1", key="yearly")
    crm.says("erased", "1")
    for token in (given, unanswered):
        reply = survey_world.answer(token, score=9, comment="secret")
        assert (reply.status_code, reply.json["code"]) == (403, "link_invalid")
        page = survey_world.client.get(f"/s/{token}")
        assert page.status_code == 403
        assert page.mimetype == "text/html"
        assert "secret" not in page.text
        form = survey_world.client.post(
            "/api/v1/answers",
            data={"token": token, "score": "3"},
            headers={"Accept": "text/html"},
        )
        assert form.status_code == 403
        assert form.mimetype == "text/html"
        for event in ("shown", "declined"):
            said = {"token": token, "event": event}
            assert survey_world.client.post("/api/v1/asks/events", data=said).status_code == 204
    assert nothing_of(survey_world)
    assert [row["how_many"] for row in survey_world.rows(sa.select(erased_answer))] == [1]


def test_what_was_pushed_about_her_is_emptied_too(survey_world, crm):
    survey_world.person("1")
    lane = f"inbox:{HUB}"
    with survey_world.shared.database.write() as connection:
        ensure_lane(connection, lane, 9)
        for key in ("done", "waiting"):
            one = Owed(lane, "event", key, key, "1", {"objectId": "1"}, crm.at(0))
            owe(connection, [one], crm.at(0))
    done = sa.update(delivery).where(delivery.c.key == "done")
    survey_world.write(done.values(state="delivered", started_at=crm.at(0)))
    crm.says("erased", "1")
    kept = {row["key"]: row["payload"] for row in survey_world.rows(sa.select(delivery))}
    assert kept["done"] == {}
    assert kept["waiting"] == {"objectId": "1"}  # ids of something that is still to be looked at


@pytest.mark.parametrize("revising", [False, True])
def test_an_answer_that_was_being_written_is_erased_with_the_rest(
    survey_world, crm, answers, revising
):
    """The erasure has to wait for whoever writes about the person, and then finds it."""
    token = answers("1", 3) if revising else survey_world.ask("1")
    late = _while_erasing(survey_world, crm, lambda: survey_world.answer(token, score=2))
    assert late.status_code == 403
    assert nothing_of(survey_world)


def _while_erasing(world, crm, act):
    """*act* begins while the erasure is written and not yet committed."""
    replies = []
    thread = threading.Thread(target=lambda: replies.append(act()))
    with world.shared.database.write() as connection:
        erase_person(connection, HUB, "1", world.clock.now())
        thread.start()
        thread.join(0.5)
        assert thread.is_alive(), "it did not wait"
    thread.join(30)
    return replies[0]


@pytest.mark.parametrize("what", ["erased", "merged"])
def test_what_is_just_being_written_is_waited_for(survey_world, crm, what):
    """Here the answer comes first: it is in the database, uncommitted, when the news arrives."""
    token = survey_world.ask("1")
    survey_world.person("2")
    person_id = crm.known("1")["id"]
    other = threading.Thread(target=lambda: crm.says(what, "1", into="2"))
    with survey_world.shared.database.write() as connection:
        (row,) = survey_world.rows(sa.select(ask))
        values = {"score": 3, "category": "detractor", "revision": 1, "kind": "transactional"}
        kept = {name: row[name] for name in ("installation", "touchpoint", "channel")}
        moments = dict.fromkeys(("answered_at", "revised_at"), crm.at(0))
        connection.execute(
            answer.insert().values(
                id="a", ask=row["id"], person=person_id, **values, **kept, **moments
            )
        )
        other.start()
        other.join(0.5)
        assert other.is_alive(), "it did not wait"
    other.join(30)
    if what == "erased":
        assert nothing_of(survey_world)
    else:
        assert survey_world.answer(token, score=4).json["revision"] == 2
        assert {a["person"] for a in survey_world.rows(sa.select(answer))} == {crm.known("2")["id"]}


def test_a_second_erasure_and_any_older_news_change_nothing(survey_world, crm, answers):
    answers("1", 3)
    for _ in range(2):
        crm.says("erased", "1", minute=5)
        crm.says("changed", "1", minute=1)
        crm.says("restored", "1", minute=2)
    assert nothing_of(survey_world)
    assert crm.known("1")["erased_at"] == crm.at(5)
    assert [row["how_many"] for row in survey_world.rows(sa.select(erased_answer))] == [1]
