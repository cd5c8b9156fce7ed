"""What the CRM tells of people for segments is here after a look, whatever goes wrong on the way."""

import threading
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from connectors.watching import Watched
from plugin.access.rules import CLI
from plugin.crm.actions import connect, disconnect
from plugin.crm.erasing import erase_person
from plugin.crm.keeping import fields as reading
from plugin.crm.keeping import looks, rules
from plugin.crm.keeping.rules import State
from plugin.crm.merging import merge
from plugin.deliveries.store import delivery
from plugin.errors import Problem
from plugin.segments import choosing, keeping
from plugin.segments.store import attribute, followed_list, list_member
from tests.crm.sides import InHubSpot, InSalesforce
from tests.support.granting import grant

PLAN, SINCE, REVENUE = "Plan", "Customer since", "Annual revenue"


@pytest.fixture
def side(request, database_url):
    """Each CRM with one of the databases: what either does alone is tested where it belongs."""
    if database_url.startswith("sqlite"):
        hub = request.getfixturevalue("hub")
        hub.portal.options.search_rate = 1_000
        return InHubSpot(hub)
    return InSalesforce(request.getfixturevalue("org"))


@pytest.fixture(autouse=True)
def real_time(request):
    """A day is a day: what is read once a day is not read at every look."""
    if "here" in request.fixturenames:
        request.getfixturevalue("here").services.clock.scale = 1.0


@pytest.fixture
def person(here, side, account):
    """Makes somebody whom we know; her contact."""

    def made():
        contact = side.contact()
        here.person(account, contact)
        return contact

    return made


@pytest.fixture
def choose(here, account):
    """Keeps the fields with these labels in step; their names."""

    def chosen(*labels):
        offered = here.connections.connector(here.row(account)).contact_fields()
        known = {one.label.removeprefix("Account: "): one for one in offered}
        for label in labels:
            one = known[label]
            with here.services.database.write() as connection:
                clock = here.services.clock
                choosing.keep_field(
                    connection, CLI, account, one.value, label, one.kind, clock.now()
                )
                looks.owe_look(connection, clock, account, looks.FIELDS, clock.now())
        return [known[label].value for label in labels]

    return chosen


@pytest.fixture
def follow(here, side, account):
    """Follows a new list with these members; its name."""

    def followed(*contacts):
        name = side.make_list("Partners", *contacts)
        clock = here.services.clock
        with here.services.database.write() as connection:
            choosing.follow_list(connection, CLI, account, name, "Partners", clock.now())
            looks.owe_look(connection, clock, account, name, clock.now())
        return name

    return followed


def values(here):
    """By record id and field what is kept."""
    rows = here.all(
        sa.text(
            "SELECT p.contact, v.field, v.text, v.number FROM attribute_value v JOIN person p ON p.id = v.person"
        )
    )
    return {(r.contact, r.field): r.text if r.text is not None else r.number for r in rows}


def members(here):
    rows = here.all(sa.text("SELECT p.contact FROM list_member m JOIN person p ON p.id = m.person"))
    return {row.contact for row in rows}


def the(here, field):
    return here.one(sa.select(attribute).where(attribute.c.field == field))


def read_through(here, account, times=2):
    """Those whom nobody has asked for, then what changed."""
    here.keep(account, times=times)


def test_people_we_know_have_their_values_and_nobody_else(here, side, account, person, choose):
    contact, stranger = person(), side.contact()
    side.fields.put(contact, PLAN, "Team")
    side.fields.put(contact, REVENUE, 21600.5)
    side.fields.put(
        contact, SINCE, date(1970, 1, 11) if side.name == "salesforce" else "1970-01-11"
    )
    side.fields.put(stranger, PLAN, "Basic")
    plan, revenue, since = choose(PLAN, REVENUE, SINCE)
    read_through(here, account)
    assert values(here) == {
        (contact, plan): "Team", (contact, revenue): 21600.5, (contact, since): 10.0,
    }  # fmt: skip
    assert the(here, plan).read_at is not None


def test_what_changes_and_what_is_emptied_is_known_after_the_next_look(
    here, side, account, person, choose
):
    contact, other = person(), person()
    for one in (contact, other):
        side.fields.put(one, PLAN, "Team")
    (plan,) = choose(PLAN)
    read_through(here, account)
    side.fields.put(contact, PLAN, "Business")
    side.fields.put(other, PLAN, None)
    read_through(here, account)
    assert values(here) == {(contact, plan): "Business"}


def test_somebody_new_has_her_values_at_the_next_look(here, side, account, person, choose):
    (plan,) = choose(PLAN)
    read_through(here, account)
    side.fields.put(late := side.contact(), PLAN, "Basic")
    read_through(here, account)
    assert values(here) == {}
    here.person(account, late)
    here.keep(account)
    assert values(here) == {(late, plan): "Basic"}


def test_a_look_at_rest_is_one_call(here, side, account, person, choose):
    person()
    choose(PLAN)
    read_through(here, account)
    here.services.clock.ahead = timedelta(minutes=30)
    read_through(here, account)
    side.sandbox.calls.clear()
    here.keep(account)
    reads = [call.path for call in side.sandbox.calls if "/oauth" not in call.path]
    assert len(reads) <= (2 if side.name == "hubspot" else 1)  # somebody changed just now
    assert sorted(here.states(looks.KIND)) == ["delivered", "queued"]


def test_a_field_chosen_later_is_read_of_everybody(here, side, account, person, choose):
    contact = person()
    side.fields.put(contact, PLAN, "Team")
    side.fields.put(contact, REVENUE, 5.0)
    choose(PLAN)
    read_through(here, account)
    here.services.clock.ahead = timedelta(hours=2)
    (revenue,) = choose(REVENUE)
    read_through(here, account)
    assert values(here)[contact, revenue] == 5.0


def test_everybody_is_read_again_every_day(here, side, account, person, choose):
    here.services.clock.scale = 1.0
    contact = person()
    choose(PLAN)
    read_through(here, account)
    (began,) = {State.read(row.mark).began for row in keeping_rows(here, account)}
    here.services.clock.ahead = timedelta(hours=25)
    side.fields.put(contact, PLAN, "Team")
    quietly(side, contact)
    here.keep(account)
    assert [*values(here).values()] == ["Team"]
    (again,) = {State.read(row.mark).began for row in keeping_rows(here, account)}
    assert again - began >= timedelta(hours=25)


def quietly(side, contact):
    """As a formula changes: nothing says when."""
    long_ago = timedelta(days=30)
    if side.name == "hubspot":
        side.sandbox.portal.records["contacts"][contact].updated -= long_ago
    else:
        row = side.sandbox.org.rows["Contact"][contact]
        row["SystemModstamp"] -= long_ago


def keeping_rows(here, account):
    with here.services.database.read() as connection:
        return keeping.wanted(connection, account)


def test_a_field_that_is_gone_is_said_and_its_values_stay_until_it_is_back(
    here, side, account, person, choose
):
    contact = person()
    side.fields.put(contact, PLAN, "Team")
    side.fields.put(contact, REVENUE, 5.0)
    plan, revenue = choose(PLAN, REVENUE)
    read_through(here, account)
    seen = the(here, revenue).read_at
    side.fields.take(REVENUE)
    side.fields.put(contact, PLAN, "Basic")
    read_through(here, account)
    assert values(here) == {(contact, plan): "Basic", (contact, revenue): 5.0}
    assert "no more" in the(here, revenue).trouble
    assert the(here, revenue).read_at == seen
    assert the(here, plan).trouble == ""
    side.fields.give_back(REVENUE)
    again(here, account)
    read_through(here, account)
    assert the(here, revenue).trouble == ""


def again(here, account):
    with here.services.database.write() as connection:
        choosing.read_again(connection, account)


def test_wrong_values_are_counted_and_stop_nobody(here, side, account, person, choose):
    odd, fine = person(), person()
    side.fields.put(odd, SINCE, "soon")
    side.fields.put(fine, SINCE, "2021-09-01" if side.name == "hubspot" else date(2021, 9, 1))
    (since,) = choose(SINCE)
    read_through(here, account)
    assert values(here).keys() == {(fine, since)}
    assert the(here, since).wrong == 1


def test_what_is_stopped_leaves_nothing_of_people(here, side, account, person, choose):
    contact = person()
    side.fields.put(contact, PLAN, "Team")
    (plan,) = choose(PLAN)
    read_through(here, account)
    with here.services.database.write() as connection:
        assert choosing.stop_field(connection, CLI, account, plan)
    assert values(here) == {}
    here.keep(account)  # the look that was owed finds nothing to do, and owes none
    assert here.states(looks.KIND) in (["void"], ["delivered", "void"])


def test_a_field_stopped_while_it_is_being_read_comes_to_nothing(
    here, side, account, person, choose, monkeypatch
):
    side.fields.put(person(), PLAN, "Team")
    (plan,) = choose(PLAN)
    meanwhile(here, monkeypatch, lambda c: choosing.stop_field(c, CLI, account, plan))
    here.keep(account)
    assert values(here) == {}


def test_a_wish_to_read_again_is_kept_while_something_is_being_read(
    here, account, person, choose, monkeypatch
):
    person()
    (plan,) = choose(PLAN)
    read_through(here, account)
    meanwhile(here, monkeypatch, lambda c: choosing.read_again(c, account))
    here.keep(account)
    assert the(here, plan).mark == ""
    (due,) = [row.due_at for row in here.deliveries(looks.KIND) if row.state == "queued"]
    assert due <= here.now()


def test_who_is_erased_while_she_is_being_read_stays_erased(
    here, side, account, person, choose, monkeypatch
):
    contact = person()
    side.fields.put(contact, PLAN, "Team")
    choose(PLAN)
    meanwhile(here, monkeypatch, lambda c: erase_person(c, account, contact, here.now()))
    here.keep(account)
    assert values(here) == {}


def meanwhile(here, monkeypatch, act):
    """Something happens after the CRM has answered and before that is written down."""
    asked = reading._asked

    def slow(desk, step):
        told = asked(desk, step)
        with here.services.database.write() as connection:
            act(connection)
        return told

    monkeypatch.setattr(reading, "_asked", slow)


def test_who_is_being_erased_at_the_very_moment_gets_nothing_back(here, account, person, choose):
    contact = person()
    (plan,) = choose(PLAN)

    def keep():
        with here.services.database.write() as connection:
            keeping.keep(connection, account, {contact: {plan: "Team"}})

    beside = threading.Thread(target=keep)
    with here.services.database.write() as connection:
        erase_person(connection, account, contact, here.now())
        beside.start()
        beside.join(0.2)  # it waits for the person's row
        assert beside.is_alive()
    beside.join(10)
    assert values(here) == {}


def test_a_look_that_dies_loses_nothing(here, side, account, person, choose, monkeypatch):
    contact = person()
    side.fields.put(contact, PLAN, "Team")
    (plan,) = choose(PLAN)
    with monkeypatch.context() as broken:
        broken.setattr(keeping, "went_on", lambda *a, **k: 1 / 0)
        here.keep(account)
    assert values(here) == {}
    assert the(here, plan).mark == ""
    read_through(here.another(), account)
    assert values(here) == {(contact, plan): "Team"}


def test_values_follow_a_merge_and_go_with_whoever_is_erased(here, side, account, person, choose):
    loser, winner = person(), person()
    side.fields.put(loser, PLAN, "Team")
    (plan,) = choose(PLAN)
    read_through(here, account)
    with here.services.database.write() as connection:
        (row,) = connection.execute(
            sa.text("SELECT id FROM person WHERE contact = :c"), {"c": loser}
        )
        merge(connection, row.id, winner, here.now(), here.now())
    assert values(here) == {(winner, plan): "Team"}
    with here.services.database.write() as connection:
        erase_person(connection, account, winner, here.now())
    assert values(here) == {}


def test_more_changes_than_people_and_everybody_is_read_instead(
    here, side, account, person, choose, monkeypatch
):
    monkeypatch.setattr(rules, "PATIENCE", 1)
    contact = person()
    (plan,) = choose(PLAN)
    read_through(here, account)
    crowd = 205 if side.name == "hubspot" else 1005
    for _ in range(crowd):
        side.contact()
    side.fields.put(contact, PLAN, "Team")
    quietly(side, contact)
    read_through(here, account)
    assert State.read(the(here, plan).mark).first
    here.keep(account)
    assert values(here) == {(contact, plan): "Team"}


def test_a_day_has_an_end(here, account, person, choose, monkeypatch):
    monkeypatch.setattr(rules, "CALLS_MOST", 1)
    person()
    choose(PLAN)
    here.keep(account)
    (due,) = [row.due_at for row in here.deliveries(looks.KIND) if row.state == "queued"]
    assert due == rules.tomorrow(here.now())


def test_members_join_and_leave_with_the_next_reading(here, side, account, person, follow):
    first, second, third = person(), person(), person()
    name = follow(first, second, side.contact())
    here.keep(account, name)
    assert members(here) == {first, second}
    relist(side, first, third)
    here.keep(account, name)
    assert members(here) == {first, third}


def test_a_wish_to_read_a_list_again_is_kept_while_it_is_being_read(
    here, account, person, follow, monkeypatch
):
    name = follow(person())
    here.keep(account, name)
    ended = keeping.end_round

    def slow(connection, *given):
        choosing.read_again(connection, account)
        return ended(connection, *given)

    monkeypatch.setattr(keeping, "end_round", slow)
    here.keep(account, name)
    assert here.one(sa.select(followed_list)).mark == ""
    (due,) = [row.due_at for row in here.deliveries(looks.KIND) if row.state == "queued"]
    assert due <= here.now()


def relist(side, *contacts):
    """Only these are on the list now."""
    if side.name == "hubspot":
        (held,) = side.sandbox.portal.lists.values()
        held.contacts[:] = contacts
        return
    (campaign,) = side.sandbox.rows("Campaign")
    for row in side.sandbox.rows("CampaignMember"):
        side.sandbox.delete(row["Id"], "CampaignMember")
    for contact in contacts:
        side.sandbox.add("CampaignMember", CampaignId=campaign["Id"], ContactId=contact)


@pytest.mark.parametrize("what", ["forbidden", "gone"])
def test_a_list_that_cannot_be_read_is_said_and_its_members_stay(
    here, side, account, person, follow, what
):
    first, second = person(), person()
    name = follow(first, second)
    here.keep(account, name)
    if what == "forbidden":
        side.forbid(Watched.LIST)
    else:
        lose(side, name)
    here.keep(account, name)
    row = here.one(sa.select(followed_list))
    assert row.trouble
    assert members(here) == {first, second}
    assert here.row(account).reason == ""
    assert here.lane(account, "keep").parked_reason is None


def lose(side, name):
    if side.name == "hubspot":
        del side.sandbox.portal.lists[name]
        return
    for row in side.sandbox.rows("CampaignMember"):
        side.sandbox.delete(row["Id"], "CampaignMember")
    side.sandbox.delete(name, "Campaign")


def test_after_trouble_the_list_is_read_from_its_beginning(here, side, account, person, follow):
    first, second = person(), person()
    name = follow(first, second)
    here.keep(account, name, times=3)
    side.forbid(Watched.LIST)
    here.keep(account, name)
    side.allow()
    relist(side, second)
    here.keep(account, name)
    assert members(here) == {second}
    assert here.one(sa.select(followed_list)).trouble == ""


def test_a_list_that_is_left_leaves_nothing_of_people(here, account, person, follow):
    name = follow(person())
    here.keep(account, name)
    with here.services.database.write() as connection:
        assert choosing.leave_list(connection, CLI, account, name)
    assert members(here) == set()
    here.keep(account, name)
    assert here.all(sa.select(list_member)) == []


def test_while_the_account_is_away_nothing_is_read_and_then_it_goes_on(
    here, side, account, person, choose
):
    side.fields.put(person(), PLAN, "Team")
    choose(PLAN)
    with here.services.database.write() as connection:
        disconnect(connection, account)
    here.keep(account)
    assert values(here) == {}
    with here.services.database.write() as connection:
        granted = grant(side.name, side.sandbox)
        connect(
            connection, here.services.clock, here.services.sealer, granted, way="oauth", who=CLI
        )
    read_through(here, account)
    assert [*values(here).values()] == ["Team"]


def test_what_was_left_out_is_looked_at_after_a_start_and_only_once(here, account, person, choose):
    choose(PLAN)
    here.run(delivery.delete().where(delivery.c.kind == looks.KIND))
    for _ in range(2):
        with here.services.database.write() as connection:
            looks.ensure(connection, here.services.clock)
    assert here.states(looks.KIND) == ["queued"]


def test_when_the_day_is_nearly_used_up_nothing_is_read(here, org):
    """HubSpot tells no app how many calls of the day are used."""
    account = here.connect("salesforce", org)
    contact = org.add_contact(Plan__c="Team")
    here.person(account, contact)
    with here.services.database.write() as connection:
        now = here.now()
        choosing.keep_field(connection, CLI, account, "Plan__c", PLAN, "text", now)
        looks.owe_look(connection, here.services.clock, account, looks.FIELDS, now)
    org.org.used_today, org.options.daily_limit = 6_500, 10_000
    here.connections.connector(here.row(account)).contact_fields()
    here.keep(account)  # now and then a call finds out whether they still are
    org.change(contact, Plan__c="Basic")
    here.keep(account)
    assert [*values(here).values()] == ["Team"]
    assert here.lane(account, "keep").wait_reason == "daily_budget"


def test_no_more_than_twenty_of_an_account(here, account):
    def one(number):
        with here.services.database.write() as connection:
            choosing.keep_field(connection, CLI, account, f"f{number}", "F", "text", here.now())

    for number in range(choosing.FIELDS_MOST):
        one(number)
    with pytest.raises(Problem):
        one(99)


def test_nothing_of_this_is_written_to_the_crm(here, side, account, person, choose, follow):
    choose(PLAN)
    name = follow(person())
    side.sandbox.calls.clear()
    read_through(here, account)
    here.keep(account, name)
    reads = ("/search", "/batch/read", "/oauth")
    assert [
        f"{call.method} {call.path}"
        for call in side.sandbox.calls
        if call.method != "GET" and not call.path.endswith(reads)
    ] == []


def test_the_costs_that_are_said_hold():
    assert rules.fields_cost(0, 100) == 96
    assert rules.fields_cost(10_000, 100) == 96 + 125
    assert rules.fields_cost(1_000_000, 100) <= 96 + rules.CALLS_OF_A_DAY
    assert rules.list_cost(0, 250) == 24
    assert rules.list_cost(100_000, 250) == rules.CALLS_OF_A_DAY
