"""Most of a day's calls are used: tasks go on, the rest waits and looks again now and then."""

from datetime import timedelta

import pytest

from plugin.deliveries.store import lane


@pytest.fixture
def salesforce(here, org):
    installation = here.connect("salesforce", org)
    here.services.clock.scale = 60.0
    return installation


def test_tasks_go_on_and_the_rest_waits_until_calls_come_back(here, org, salesforce):
    contact = org.add_contact("c@customer.example")
    someone = here.person(salesforce, contact)
    org.options.daily_limit = 100
    org.org.used_today = 85
    answer(here, someone, 9)  # nobody knows yet: this call finds out
    here.deliver()
    answer(here, someone, 8)  # the probe of the first quarter of an hour
    here.deliver()
    other = here.person(salesforce, org.add_contact("d@customer.example"))
    answer(here, other, 3)
    the_pause_is_over(here)
    here.deliver()
    assert here.states("task") == ["delivered"]
    assert here.states("contact")[-1] == "queued"
    assert here.lane(salesforce).wait_reason == "daily_budget"
    assert here.row(salesforce).usage["allowed"] == 100
    org.org.used_today = 5
    here.services.clock.ahead += timedelta(minutes=16)
    here.hurry()
    the_pause_is_over(here)
    here.deliver()
    assert set(here.states()) == {"delivered"}


def test_a_spent_budget_parks_nothing(here, org, salesforce):
    contact = org.add_contact("c@customer.example")
    org.options.daily_limit = org.org.used_today
    answer(here, here.person(salesforce, contact), 3)
    here.deliver()
    assert set(here.states()) == {"queued"}
    assert here.row(salesforce).state == "connected"


def the_pause_is_over(here):
    here.run(lane.update().values(not_before=None))


def answer(here, someone, score):
    here.services.clock.ahead -= timedelta(seconds=10)
    here.answer(someone, score)
    here.services.clock.ahead += timedelta(seconds=10)
