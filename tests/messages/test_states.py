"""A message's buttons: pressed twice, pressed on an old page, and by the wrong person."""

from datetime import timedelta

import pytest

from plugin.access.store import administrator
from plugin.changes.store import change
from plugin.deliveries.store import delivery
from plugin.errors import Problem
from plugin.messages import actions, drafts, stepping, testing
from plugin.messages.rules import MOVES, Plan
from plugin.messages.store import message, messaging
from tests.messages.room import ANNA, BO, Room, until_owed


@pytest.fixture
def change_id(room: Room) -> str:
    for name in ("Cilla", "Dora"):
        room.customer(name)
    return room.change()


def press(room: Room, verb: str, change_id: str, who: object = ANNA) -> actions.Outcome:
    verbs = {name: getattr(actions, name) for name in ("withdraw", "pause", "resume", "stop")}
    if verb == "approve":
        return actions.approve(room.services, who, change_id, room.stamp(change_id))  # type: ignore[arg-type]
    if verb in ("ask", "send"):
        return room.send(change_id, who=who)  # type: ignore[arg-type]
    done: actions.Outcome = verbs[verb](room.services, who, change_id)
    return done


def put(room: Room, change_id: str, state: str) -> None:
    with room.services.database.write() as connection:
        drafts.held(connection, change_id, room.world.clock.now(), "anna")
        connection.execute(message.update().values(state=state))


STATES = ("draft", "waiting", "approved", "sending", "paused", "stopped", "done")


def test_every_button_on_every_page_says_what_it_did_or_how_it_stands(
    room: Room, change_id: str
) -> None:
    for verb, (sources, target) in MOVES.items():
        for state in STATES if verb != "ask" else ():
            put(room, change_id, state)
            before = room.draft(change_id)
            outcome = press(room, verb, change_id, BO)
            after = room.draft(change_id)
            assert (outcome.done, after.state) == (
                (True, target) if state in sources else (False, state)
            ), (verb, state)
            assert outcome.words.endswith(".")
            if not outcome.done:
                assert after.row == before.row
                continue
            again = press(room, verb, change_id, BO)
            assert not again.done, "a second click is none"
            assert "already" in again.words


def test_a_second_person_approves_and_not_who_asked(room: Room, change_id: str) -> None:
    room.world.write(messaging.update().values(second_person=True))
    assert room.send(change_id).done
    assert room.draft(change_id).state == "waiting"
    refused = press(room, "approve", change_id, ANNA)
    assert not refused.done
    assert "somebody else" in refused.words
    room.settle()
    assert room.server.mails == []
    assert press(room, "approve", change_id, BO).done
    assert press(room, "send", change_id, ANNA).done
    room.settle()
    assert sorted(room.written_to) == ["cilla", "dora"]


def test_an_approval_is_of_what_was_seen(room: Room, change_id: str) -> None:
    room.world.write(messaging.update().values(second_person=True))
    room.send(change_id)
    old = room.stamp(change_id)
    actions.withdraw(room.services, ANNA, change_id)
    draft = room.draft(change_id).row
    assert draft is not None
    assert draft.asked_at is None, "a draft was asked for by nobody"
    room.plan(change_id, per_hour=5)
    room.send(change_id)
    assert not actions.approve(room.services, BO, change_id, old).done
    assert room.draft(change_id).state == "waiting"


def test_what_was_changed_under_her_eyes_is_not_sent(room: Room, change_id: str) -> None:
    old = room.stamp(change_id)
    room.world.write(
        change.update().values(revision=2, texts={"en": {"subject": "B", "body": "B"}})
    )
    outcome = actions.send(room.services, ANNA, change_id, old)
    assert (outcome.done, room.draft(change_id).state) == (False, "draft")


def test_nobody_saves_over_somebody_else_or_what_is_on_its_way(room: Room, change_id: str) -> None:
    room.plan(change_id, per_hour=5)
    old = room.stamp(change_id)
    room.plan(change_id, per_hour=6)
    assert not actions.save(room.services, BO, change_id, Plan(per_hour=7), old).done
    assert room.draft(change_id).plan.per_hour == 6
    room.send(change_id)
    assert "being sent" in room.plan(change_id, per_hour=8).words


def test_an_open_question_holds_it_back_until_somebody_says_yes(room: Room, change_id: str) -> None:
    room.answered(room.person("Eva", locale="fi"), "Slow", locale="")
    with pytest.raises(Problem) as problem:
        room.send(change_id)
    assert list(problem.value.fields) == ["accept-language:fi:none"]
    assert room.send(change_id, "language:fi:none").done


def test_what_is_stopped_never_leaves_and_what_had_left_stays_told(
    room: Room, change_id: str
) -> None:
    room.plan(change_id, per_hour=60)
    room.send(change_id)
    room.work()
    assert len(room.server.mails) == 1
    assert press(room, "stop", change_id).done
    room.settle()
    room.later(hours=3)
    room.settle()
    assert len(room.server.mails) == 1
    assert sorted(room.became(change_id).values()) == ["stopped", "told"]
    assert not room.send(change_id).done


def test_what_a_pause_held_back_is_not_told_the_moment_it_is_stopped(
    room: Room, change_id: str
) -> None:
    room.send(change_id)
    until_owed(room)
    press(room, "pause", change_id)
    room.work()
    press(room, "stop", change_id)
    room.settle(2)
    assert set(room.became(change_id).values()) == {"stopped"}
    assert room.server.mails == []


def test_a_scheduled_one_that_was_paused_begins_when_its_time_has_come(
    room: Room, change_id: str
) -> None:
    room.plan(change_id, send_at=room.world.clock.now() + timedelta(minutes=3))
    room.send(change_id)
    press(room, "pause", change_id)
    room.settle()
    assert room.became(change_id) == {}
    press(room, "resume", change_id)
    room.settle()
    assert room.server.mails == []
    room.later(minutes=3)
    room.settle()
    assert len(room.server.mails) == 2


def test_a_step_that_was_lost_is_owed_again(room: Room, change_id: str) -> None:
    room.send(change_id)
    room.world.write(delivery.delete())
    with room.services.database.write() as connection:
        stepping.ensure(connection, room.world.clock.now())
        stepping.ensure(connection, room.world.clock.now())
    room.settle()
    assert sorted(room.written_to) == ["cilla", "dora"]


def test_a_test_goes_to_oneself_once_a_click_marked_and_quotes_nobody(
    room: Room, change_id: str
) -> None:
    now = room.world.clock.now()
    row = {"id": "anna", "name": "Anna", "login": "anna", "created_at": now}
    room.world.write(administrator.insert().values(**row))
    with pytest.raises(Problem, match="no e-mail address"):
        testing.send(room.services, ANNA, change_id, "en", "1")
    room.world.write(administrator.update().values(email="anna@acme.example"))
    with pytest.raises(Problem, match="no text"):
        testing.send(room.services, ANNA, change_id, "fi", "1")
    for click in ("1", "1", "2"):
        testing.send(room.services, ANNA, change_id, "en", click)
    room.settle()
    assert room.written_to == ["anna", "anna"]
    mail = room.server.mails[0]
    assert mail.message["Subject"] == "[Test] You were heard"
    assert "waited" not in mail.part("plain") + mail.part("html")
    assert room.became(change_id) == {}
