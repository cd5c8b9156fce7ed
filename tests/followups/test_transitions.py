"""What closes a follow-up, what opens it again, and what that owes the CRM."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa

from plugin.crm import handling
from plugin.deliveries.store import delivery
from plugin.errors import Problem
from plugin.followups import actions, reading
from plugin.followups.rules import COMPLETED, DELETED, TaskSeen
from plugin.followups.store import followup
from tests.support.surveys import HUB

SLOW = {"cause": "slow_reply", "outcome": "solved"}


@pytest.fixture
def world(survey_world):
    """A detractor whose task is number 71 in the CRM, of Anna's."""
    survey_world.token = survey_world.ask()
    survey_world.answer(survey_world.token, score=3)
    survey_world.start = survey_world.clock.now()
    made(survey_world)
    return survey_world


def made(world):
    """The task was written, and with it all that was owed."""
    world.write(followup.update().values(task="71", owner="9", owner_name="Anna"))
    settled = {"state": "delivered", "started_at": world.clock.now()}
    world.write(delivery.update().where(delivery.c.state == "queued").values(**settled))


def stands(world):
    (row,) = world.rows(sa.select(followup))
    return row


def owed(world):
    query = sa.select(delivery.c.kind).where(delivery.c.state == "queued")
    return sorted(row["kind"] for row in world.rows(query.order_by(delivery.c.id)))


def told(world):
    with world.shared.database.read() as connection:
        found = reading.events(connection, stands(world)["id"])
    return [event.what for event in reversed(found)]


def saw(world, minutes=1, installation=HUB, **what):
    what = {"task_id": "71", "owner": "9", "owner_name": "Anna", **what}
    seen = TaskSeen(changed_at=world.start + timedelta(minutes=minutes), **what)
    with world.shared.database.write() as connection:
        return actions.task_seen(connection, installation, seen, world.clock.now())


def handle(world, followup_id=None, by="Bo Berg", **chosen):
    with world.shared.database.write() as connection:
        return handling.handled(
            connection,
            followup_id or stands(world)["id"],
            by=by,
            now=world.clock.now(),
            **(SLOW | chosen),
        )


@pytest.mark.parametrize(
    ("chosen", "field"),
    [
        ({"cause": "bad weather"}, "cause"),
        ({"cause": ""}, "cause"),
        ({"outcome": "SOLVED"}, "outcome"),
        ({"outcome": "slow_reply"}, "outcome"),
    ],
)
def test_what_is_no_choice_is_refused_and_nothing_happens(world, chosen, field):
    with pytest.raises(Problem) as refused:
        handle(world, **chosen)
    assert refused.value.code == "field_invalid"
    assert set(refused.value.fields) == {field}
    assert stands(world)["state"] == "open"
    assert owed(world) == []


def test_an_unknown_follow_up_is_not_found(world):
    with pytest.raises(Problem) as refused:
        handle(world, "0" * 26)
    assert refused.value.code == "not_found"


def test_handled_closes_it_and_owes_the_task_and_the_contact(world):
    result = handle(world)
    assert result.changed
    row = stands(world)
    assert (row["state"], row["closed_by"], row["cause"], row["outcome"]) == (
        "closed", "Bo Berg", "slow_reply", "solved",
    )  # fmt: skip
    assert row["closed_at"] is not None
    assert owed(world) == ["contact", "task_done"]
    assert told(world) == ["handled"]


def test_handled_twice_is_handled_once(world):
    first = handle(world)
    world.clock.ahead = timedelta(minutes=1)
    second = handle(world, by="Somebody else")
    assert not second.changed
    assert second.follow_up == first.follow_up
    assert owed(world) == ["contact", "task_done"]
    assert told(world) == ["handled"]


def test_other_values_correct_it_and_who_closed_it_stays(world):
    closed_at = handle(world).follow_up.closed_at
    made(world)
    world.clock.ahead = timedelta(minutes=1)
    assert handle(world, outcome="partly", by="Somebody else").changed
    row = stands(world)
    assert (row["outcome"], row["closed_by"], row["closed_at"]) == ("partly", "Bo Berg", closed_at)
    assert owed(world) == ["task_done"]
    made(world)
    handle(world)
    assert owed(world) == ["task_done"]  # the first values once more are news again
    assert told(world) == ["handled", "corrected", "corrected"]


def test_handled_before_the_task_is_made_there_is_none_to_make(survey_world):
    survey_world.answer(survey_world.ask(), score=3)
    handle(survey_world)
    assert owed(survey_world) == ["answer", "contact"]


def test_a_handled_one_outlives_a_happier_answer(survey_world):
    token = survey_world.ask()
    survey_world.answer(token, score=3)
    handle(survey_world)
    survey_world.answer(token, score=9)
    assert stands(survey_world)["outcome"] == "solved"
    survey_world.answer(token, comment="Well, nearly")
    assert stands(survey_world)["state"] == "closed"


def test_a_customer_who_was_content_meanwhile_opens_it_again(survey_world):
    token = survey_world.ask()
    survey_world.answer(token, score=3)
    handle(survey_world)
    survey_world.answer(token, score=9)
    survey_world.answer(token, score=1)
    row = stands(survey_world)
    assert (row["state"], row["cause"], row["closed_by"]) == ("open", None, "")
    assert "task" in owed(survey_world)
    assert told(survey_world) == ["handled", "answered_again"]


def test_a_task_nobody_knows_changes_nothing(world):
    assert not saw(world, task_id="72", closed=True)
    assert not saw(world, task_id="", closed=True)
    assert not saw(world, installation="hubspot:4712", closed=True)
    assert stands(world)["state"] == "open"
    assert owed(world) == []


def test_a_follow_up_without_a_task_is_nobody_s_task(survey_world):
    survey_world.start = survey_world.clock.now()
    survey_world.answer(survey_world.ask(), score=3)
    assert not saw(survey_world, task_id="", closed=True)


def test_closed_there_is_closed_here_with_what_was_chosen(world):
    world.clock.ahead = timedelta(minutes=5)
    assert saw(world, closed=True, cause="price", outcome="not_solved")
    row = stands(world)
    assert (row["state"], row["closed_by"]) == ("closed", COMPLETED)
    assert (row["cause"], row["outcome"]) == ("price", "not_solved")
    assert row["closed_at"] == world.start + timedelta(minutes=1)
    assert owed(world) == ["contact"]
    assert told(world) == ["completed"]


def test_seen_again_is_no_news(world):
    saw(world, closed=True)
    made(world)
    assert not saw(world, closed=True)
    assert owed(world) == []
    assert told(world) == ["completed"]


def test_an_older_change_that_comes_late_changes_nothing(world):
    saw(world, minutes=5, closed=True)
    assert not saw(world, minutes=4, owner="8", owner_name="Old")
    assert not saw(world, minutes=4, gone=True)
    row = stands(world)
    assert (row["state"], row["owner_name"], row["closed_by"]) == ("closed", "Anna", COMPLETED)


def test_a_look_from_before_the_change_we_know_opens_nothing(world):
    saw(world, closed=True)
    assert not saw(world)  # as it stood at that very moment
    assert stands(world)["state"] == "closed"


def test_two_at_once_close_it_once(world):
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda by: handle(world, by=by), ["Anna", "Bo", "Cia", "Dan"]))
    assert sorted(one.changed for one in done) == [False, False, False, True]
    assert {one.follow_up.closed_by for one in done} == {stands(world)["closed_by"]}
    assert told(world) == ["handled"]
    assert owed(world) == ["contact", "task_done"]


def test_opened_there_again_is_open_here(world):
    saw(world, closed=True, cause="price", outcome="solved")
    made(world)
    assert saw(world, minutes=2)
    row = stands(world)
    assert (row["state"], row["closed_at"], row["closed_by"]) == ("open", None, "")
    assert (row["cause"], row["outcome"]) == (None, None)
    assert owed(world) == ["contact"]
    assert told(world) == ["completed", "reopened"]


def test_given_to_somebody_else_there(world):
    assert saw(world, owner="8", owner_name="Cia")
    assert stands(world)["owner_name"] == "Cia"
    assert owed(world) == ["contact"]
    assert told(world) == ["assigned"]
    assert saw(world, minutes=2, owner="", owner_name="")
    assert (stands(world)["owner"], stands(world)["owner_name"]) == ("", "")


def test_a_name_the_crm_does_not_tell_is_kept(world):
    assert not saw(world, owner_name="")
    assert stands(world)["owner_name"] == "Anna"


def test_deleted_there_closes_it_without_an_outcome_and_restored_opens_it(world):
    saw(world)
    assert saw(world, minutes=3, gone=True, owner="", owner_name="")
    row = stands(world)
    assert (row["state"], row["closed_by"], row["outcome"]) == ("closed", DELETED, None)
    assert row["owner_name"] == "Anna"
    assert not saw(world, minutes=3, gone=True)
    assert saw(world)  # out of the bin, and as old as it was
    assert stands(world)["state"] == "open"
    assert told(world) == ["deleted", "reopened"]


def test_chosen_later_there(world):
    saw(world, closed=True)
    made(world)
    assert saw(world, minutes=2, closed=True, cause="other", outcome="partly")
    assert (stands(world)["cause"], stands(world)["outcome"]) == ("other", "partly")
    assert owed(world) == []  # the contact shows neither
    assert not saw(world, minutes=3, closed=True)  # emptied there: kept here
    assert stands(world)["outcome"] == "partly"


def test_while_the_crm_is_still_to_be_told_its_open_task_opens_nothing(world):
    handle(world)
    saw(world, owner="8", owner_name="Cia")
    row = stands(world)
    assert (row["state"], row["owner_name"]) == ("closed", "Cia")
    saw(world, minutes=2, closed=True, cause="price", outcome="not_reached")
    assert stands(world)["cause"] == "slow_reply"


@pytest.mark.parametrize("state", ["parked", "unsure"])
def test_a_completion_that_was_set_aside_is_still_to_be_told(world, state):
    handle(world)
    begun = {"state": state, "started_at": world.clock.now()}
    world.write(delivery.update().where(delivery.c.kind == "task_done").values(**begun))
    assert not saw(world)
    assert stands(world)["state"] == "closed"


def test_what_we_wrote_comes_back_and_is_no_news(world):
    handle(world)
    made(world)
    assert not saw(world, closed=True, **SLOW)
    assert owed(world) == []
    assert saw(world, minutes=2)
    assert stands(world)["state"] == "open"


def test_a_cause_of_the_customer_s_own_is_none(world):
    from connectors.changes import TaskState
    from connectors.types import Owner

    at = world.start + timedelta(minutes=1)
    state = TaskState("71", at, True, Owner("9", "Anna"), "<b>weather</b>", "solved")
    with world.shared.database.write() as connection:
        assert handling.task_seen(connection, HUB, state, world.clock.now())
    assert (stands(world)["cause"], stands(world)["outcome"]) == (None, "solved")
