"""The steady flow: as many as it takes, everybody in turn, nobody first again."""

from datetime import timedelta

import pytest

from plugin.asking.store import ask
from plugin.db import new_id
from plugin.people.store import person
from plugin.triggers import flow, looking, rules
from plugin.triggers.flow import State
from plugin.triggers.rules import Happening
from plugin.triggers.source import Page
from tests.triggers.conftest import asks, events, outcomes, the, turns_come

DAY = timedelta(days=1)


def night(here, key):
    """Reads what is to be read, draws, and asks."""
    here.look(key, times=2)
    turns_come(here)


def test_all_contacts_are_read_and_each_day_some_are_asked(here, side, make):
    contacts = [side.contact() for _ in range(10)]
    key = make("steady_flow", monthly=18)  # 3 a day, at 20 %
    night(here, key)
    assert len(asks(here)) == 3
    assert {one.contact for one in events(here)} < set(contacts)
    night(here, key)
    assert len(asks(here)) == 3  # once a day


def test_everybody_has_a_turn_before_anybody_has_the_second(here, side, make):
    contacts = [side.contact() for _ in range(9)]
    key = make("steady_flow", monthly=18)
    for _ in range(3):
        night(here, key)
        here.services.clock.ahead += DAY
    assert sorted(one.contact for one in events(here)) == sorted(contacts)


def test_after_the_last_comes_the_first_again(here, side, make):
    """The hand goes around: what was asked before is over by then."""
    first, second = side.contact(), side.contact()
    key = make("steady_flow", monthly=6)  # one a day
    for _ in range(4):
        night(here, key)
        here.run(ask.update().values(state="expired"))
        here.services.clock.ahead += DAY
    turns = [one.contact for one in events(here)]
    assert turns[:2] == turns[2:]
    assert {*turns} == {first, second}


def test_whoever_may_not_be_asked_is_passed_over(here, side, account, make):
    contacts = [side.contact() for _ in range(4)]
    here.services.clock.scale = 1.0
    lately = here.now() - DAY
    for contact in contacts[:3]:
        here.person(account, contact, silent_since=lately, last_asked_at=lately)
    key = make("steady_flow", monthly=18)
    here.hurry()
    here.services.clock.scale = 1.0
    night(here, key)
    assert [one.contact for one in events(here)] == [contacts[3]]


def test_who_left_the_crm_is_drawn_no_more(here, side, make):
    stays, leaves = side.contact(), side.contact()
    key = make("steady_flow", monthly=6)
    here.look(key)
    side.delete(leaves)
    here.run(
        looking.trigger.update().values(mark=State(round=2).write())
    )  # a week later all are read again
    here.look(key, times=2)
    with here.services.database.read() as connection:
        assert flow.size(connection, key) == 1
    assert stays


def test_the_turns_of_a_day_are_spread_over_it(here, side, make):
    here.services.clock.scale = 1.0
    for _ in range(4):
        side.contact()
    key = make("steady_flow", monthly=24)
    here.look(key, times=2)
    turns = sorted(one.due_at for one in events(here))
    assert len(turns) == 4
    assert turns[-1] - turns[0] == timedelta(hours=18)


def past(here, account, asked, answered, days_ago=30):
    at = here.now() - timedelta(days=days_ago)
    who = here.person(account, new_id())
    rows = [
        {
            "id": new_id(), "installation": account, "person": who, "touchpoint": "support",
            "channel": "email", "state": "answered" if n < answered else "expired",
            "created_at": at, "expires_at": at, "answered_at": at if n < answered else None,
        }
        for n in range(asked)
    ]  # fmt: skip
    here.run(ask.insert().values(rows))


@pytest.mark.parametrize(
    ("asked", "answered", "rate"),
    [(0, 0, 0.2), (49, 40, 0.2), (100, 40, 0.4), (100, 1, 0.05), (100, 0, 0.05)],
)
def test_the_rate_is_measured_once_enough_were_asked_and_has_a_floor(
    here, hub, asked, answered, rate
):
    account = here.connect("hubspot", hub)
    here.touchpoint()
    if asked:
        past(here, account, asked, answered)
    with here.services.database.read() as connection:
        found = flow.response_rate(connection, "support", here.now())
    assert (found.asked, found.rate) == (asked, rate)


def test_more_are_drawn_where_some_cannot_be_reached():
    reached = flow.Rate(100, 40, rate=0.4, reached=0.5)
    assert flow.per_day(120, reached) == 2 * flow.per_day(120, flow.Rate(100, 40, rate=0.4)) == 20


def test_who_was_asked_this_week_may_still_answer(here, hub):
    account = here.connect("hubspot", hub)
    here.touchpoint()
    past(here, account, 100, 0, days_ago=3)
    with here.services.database.read() as connection:
        assert flow.response_rate(connection, "support", here.now()).asked == 0


def test_a_part_of_a_contact_is_owed_to_the_next_days(here, side, make):
    for _ in range(3):
        side.contact()
    key = make("steady_flow", monthly=3)  # one every other day
    drawn = []
    for _ in range(4):
        night(here, key)
        drawn.append(len(events(here)))
        here.services.clock.ahead += DAY
    assert drawn == [0, 1, 1, 2]
    assert outcomes(here) == ["asked"] * 2


def test_places_on_the_circle_are_at_random_and_for_good():
    places = [rules.lot("flow", str(n)) for n in range(1000)]
    assert places == [rules.lot("flow", str(n)) for n in range(1000)]
    half = 2 ** (rules.LOT_BITS - 1)
    assert 400 < sum(place < half for place in places) < 600
    assert len(set(places)) == 1000


def test_a_page_read_twice_is_one(here, side, make):
    key = make("steady_flow", monthly=6, on=False)
    page = Page("2", (Happening("contact", "1"), Happening("contact", "2")), more=True)
    with here.services.database.write() as connection:
        for _ in range(2):
            mark, more = flow.read(connection, key, State(), page, here.now())
        assert flow.size(connection, key) == 2
    assert more
    assert State.read(mark).page == "2"


def test_a_flow_that_is_off_draws_nobody(here, side, make):
    key = make("steady_flow", monthly=6, on=False)
    assert the(here, key).mark == ""
    assert here.all(person.select()) == []
