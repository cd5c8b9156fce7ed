"""From a closed case or a won deal in either CRM to one decision, whatever happens on the way."""

from datetime import timedelta

import sqlalchemy as sa

from connectors.watching import Watched
from plugin.access.rules import CLI
from plugin.asking.store import ask, refused_ask
from plugin.crm.actions import connect
from plugin.crm.erasing import erase_person
from plugin.deliveries.store import delivery, lane
from plugin.people.store import person
from plugin.touchpoints.store import touchpoint
from plugin.triggers import actions, looking
from plugin.triggers.deciding import TriggerEvents
from plugin.triggers.store import trigger, trigger_event
from tests.support.granting import grant
from tests.triggers.conftest import asks, events, outcomes, the, window


def found(here, key="case-closed"):
    here.look(key)
    here.deliver()


def test_a_closed_case_asks_its_contact_by_mail(here, side, make):
    key = make()
    contact = side.contact()
    side.close_case(contact)
    found(here)
    (one,) = asks(here)
    assert (one.trigger, one.channel, one.touchpoint) == (key, "email", "support")
    assert outcomes(here) == ["asked"]
    assert events(here)[0].ask == one.id
    assert here.one(sa.select(person)).contact == contact


def test_a_won_deal_asks_its_contacts(here, side, make):
    make("deal_won", everyone=True)
    side.win_deal(side.contact(), side.contact())
    found(here, "deal-won")
    assert len(asks(here)) == 2


def test_of_a_deal_the_primary_contact_alone_where_the_crm_tells_them_apart(here, side, make):
    make("deal_won")
    side.win_deal(side.contact(), side.contact())
    found(here, "deal-won")
    assert len(asks(here)) == (1 if side.name == "salesforce" else 2)


def test_reopened_and_closed_again_does_not_ask_twice(here, side, make):
    make()
    contact = side.contact()
    case = side.close_case(contact)
    found(here)
    here.run(ask.update().values(state="expired"))
    here.run(person.update().values(silent_since=None, last_asked_at=None))  # nothing else holds
    side.reopen_case(case)
    found(here)
    side.close_case(contact, case)
    found(here)
    assert len(events(here)) == len(asks(here)) == 1


def test_an_event_seen_twice_is_one(here, side, make):
    key = make()
    side.close_case(side.contact())
    before = the(here, key).mark
    here.look(key)
    here.run(trigger.update().values(mark=before))
    here.look(key)
    here.deliver()
    assert len(events(here)) == len(asks(here)) == 1


def test_what_was_before_it_was_switched_on_is_not_asked_about(here, side, make):
    side.close_case(side.contact())
    here.services.clock.ahead = timedelta(hours=1)
    make()
    found(here)
    assert events(here) == []


def test_an_old_case_that_somebody_edits_is_not_asked_about(here, side, make):
    make()
    side.close_case(side.contact())
    with_time(here, side, timedelta(hours=-2))
    found(here)
    assert events(here) == []


def test_a_trigger_that_is_off_looks_at_nothing(here, side, make):
    key = make(on=False)
    side.close_case(side.contact())
    assert here.states(looking.KIND) == []
    assert the(here, key).is_on is False


def test_switched_off_what_was_found_waits_and_goes_on_when_it_is_on_again(here, side, make):
    key = make()
    side.close_case(side.contact())
    here.look(key)
    actions.switch_off(here.services, CLI, key, "A pause")
    here.deliver()
    assert outcomes(here) == ["waiting"]
    actions.switch_on(here.services, CLI, key, "Over")
    here.deliver()
    assert outcomes(here) == ["asked"]


def test_found_late_and_outside_the_window_says_so(here, side, make):
    key = make()
    window(here, 1)
    side.close_case(side.contact())
    here.run(trigger.update().values(since=here.now() - timedelta(days=30)))
    with_time(here, side, timedelta(days=-10))
    found(here, key)
    assert outcomes(here) == ["outside_window"]
    assert asks(here) == []


def with_time(here, side, by):
    """The case was closed at another time than now."""
    at = here.now() + by
    if side.name == "hubspot":
        for ticket in side.sandbox.portal.records["tickets"].values():
            ticket.properties["hs_lastclosedate"] = at.isoformat()
    else:
        for case in side.sandbox.org.rows["Case"].values():
            case["ClosedDate"] = at


def test_a_crm_whose_clock_is_ahead_asks_all_the_same(here, side, make):
    make()
    side.close_case(side.contact())
    with_time(here, side, timedelta(minutes=9))
    found(here)
    assert outcomes(here) == ["asked"]


def test_a_contact_without_address_is_refused_and_told(here, side, make):
    make()
    contact = side.contact()
    if side.name == "hubspot":
        del side.sandbox.portal.records["contacts"][contact].properties["email"]
    else:
        side.sandbox.change(contact, Email=None)
    side.close_case(contact)
    found(here)
    assert outcomes(here) == ["no_address"]
    assert side.field(contact, "ask_refusal")


def test_refused_inside_its_window_it_is_put_off_under_the_triggers_name(here, side, make):
    here.services.clock.scale = 1.0
    key = make()
    contact = side.contact()
    asked_lately(here, the(here, key).installation, contact)
    side.close_case(contact)
    found(here)
    assert outcomes(here) == ["asked_recently"]
    (kept,) = here.all(sa.select(refused_ask))
    assert (kept.trigger, kept.again_at is not None) == (key, True)


def asked_lately(here, installation, contact):
    recently = here.now() - timedelta(days=10)
    here.person(installation, contact, silent_since=recently, last_asked_at=recently)


def test_a_deleted_contact_is_kept_as_gone(here, side, make):
    key = make()
    contact = side.contact()
    side.close_case(contact)
    here.look(key)
    side.delete(contact)
    here.run(person.update().values(seen_at=here.now() - timedelta(days=1)))
    here.deliver()
    assert outcomes(here) == ["gone"]
    assert asks(here) == []


def test_a_merged_contact_is_asked_once_as_who_it_is_by_now(here, side, make):
    key = make()
    kept, lost = side.contact(), side.contact()
    case = side.close_case(lost)
    here.look(key)
    survivor = side.merge(kept, lost)
    here.run(person.update().values(seen_at=here.now() - timedelta(days=1)))
    here.deliver()
    side.reopen_case(case)
    here.look(key)
    side.close_case(survivor, case)
    found(here)
    (one,) = asks(here)
    assert here.one(sa.select(person).where(person.c.id == one.person)).contact == survivor
    assert len(events(here)) == 1


def test_a_slow_crm_loses_nothing(here, side, make):
    key = make()
    side.close_case(side.contact())
    side.sandbox.fail("POST .*/search$|GET .*/query", status=503, times=1)
    here.look(key)
    assert events(here) == []
    assert here.lane(the(here, key).installation, "watch").wait_reason
    here.run(lane.update().values(not_before=None))
    found(here)
    assert outcomes(here) == ["asked"]


def test_a_crm_that_cannot_be_asked_delays_the_decision(here, side, make):
    """What was known days ago is not good enough to ask by."""
    here.services.clock.scale = 1.0
    key = make()
    side.close_case(side.contact())
    here.look(key)
    here.run(person.update().values(seen_at=here.now() - timedelta(days=1)))
    side.sandbox.fail("batch/read$|queryAll|GET .*/contacts/", status=503, times=100)
    here.deliver()
    assert outcomes(here) == ["waiting"]
    side.sandbox._wire.faults.clear()
    here.run(lane.update().values(not_before=None))
    here.deliver()
    assert outcomes(here) == ["asked"]


def test_a_right_taken_away_switches_it_off_and_says_which(here, side, make):
    key = make()
    installation = the(here, key).installation
    side.forbid(Watched.CASES)
    here.look(key)
    row = the(here, key)
    assert (row.is_on, row.off_reason) == (False, "scope_missing")
    assert row.off_detail
    assert here.lane(installation, "watch").parked_reason is None
    assert here.row(installation).reason == ""


def test_granted_again_nothing_is_switched_on_by_itself_and_everything_is_kept(here, side, make):
    key = make()
    side.forbid(Watched.CASES)
    here.look(key)
    side.allow()
    granted = grant(side.name, side.sandbox)
    with here.services.database.write() as connection:
        connect(
            connection, here.services.clock, here.services.sealer, granted, way="oauth", who=CLI
        )
    with here.services.database.write() as connection:
        looking.ensure(connection, here.services.clock)
    assert the(here, key).is_on is False
    assert the(here, key).dry_run is not None
    here.hurry()
    actions.switch_on(here.services, CLI, key, "Granted")
    side.close_case(side.contact())
    found(here)
    assert outcomes(here) == ["asked"]


def test_an_account_that_was_connected_again_goes_on_where_it_stood(here, side, make):
    key = make()
    side.revoke()
    here.look(key)
    assert here.lane(the(here, key).installation, "watch").parked_reason
    side.close_case(side.contact())
    granted = grant(side.name, side.sandbox)
    with here.services.database.write() as connection:
        connect(
            connection, here.services.clock, here.services.sealer, granted, way="oauth", who=CLI
        )
    here.hurry()
    found(here)
    assert outcomes(here) == ["asked"]


def test_killed_between_finding_and_deciding_none_is_lost(here, side, make):
    key = make()
    side.close_case(side.contact())
    here.look(key)
    other = here.another()
    other.hurry()
    other.deliver()
    assert outcomes(here) == ["asked"]
    assert here.states("trigger_event") == ["delivered"]


def test_killed_after_the_decision_it_is_not_made_twice(here, side, make):
    """The worker dies when the ask stands and its row does not say so yet; meanwhile the customer declines."""
    key = make()
    side.close_case(side.contact())
    here.look(key)
    claim = here.ledger.take("dies")
    handler = TriggerEvents(here.services)
    handler.handle(claim.lease, claim.rows, 20.0)
    (one,) = asks(here)
    here.run(person.update().values(last_declined_at=here.now(), silent_since=None))
    here.run(ask.update().values(state="declined"))
    here.run(lane.update().values(owner=None, lease_until=None))
    here.deliver()
    assert [row.id for row in asks(here)] == [one.id]
    assert [(row.state, row.ask) for row in events(here)] == [("asked", one.id)]


def test_a_second_case_while_the_first_question_is_open_sends_nothing_new(here, side, make):
    make()
    contact = side.contact()
    side.close_case(contact)
    found(here)
    side.close_case(contact)
    found(here)
    assert outcomes(here) == ["asked", "open_already"]
    assert len(asks(here)) == 1


def test_many_are_found_page_by_page_and_each_is_asked(here, side, make):
    make()
    contacts = [side.contact() for _ in range(7)]
    for contact in contacts:
        side.close_case(contact)
    found(here)
    assert outcomes(here) == ["asked"] * 7


def test_an_erased_contact_leaves_nothing(here, side, make):
    key = make()
    contact = side.contact()
    side.close_case(contact)
    found(here)
    with here.services.database.write() as connection:
        erase_person(connection, the(here, key).installation, contact, here.now())
    assert here.all(sa.select(trigger_event)) == []


def test_the_next_look_is_always_owed(here, side, make):
    key = make()
    here.look(key, times=3)
    waiting = sa.select(delivery).where(
        delivery.c.topic == looking.topic(key), delivery.c.state == "queued"
    )
    assert len(here.all(waiting)) == 1


def test_a_touchpoint_that_is_archived_asks_nobody(here, side, make):
    key = make()
    side.close_case(side.contact())
    here.look(key)
    here.run(touchpoint.update().values(archived_at=here.now()))
    here.deliver()
    assert outcomes(here) == ["not_found"]
    assert asks(here) == []
