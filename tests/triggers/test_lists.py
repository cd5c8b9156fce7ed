"""Everybody on a list: of the CRM, or one that was pasted."""

import itertools
from datetime import timedelta

import pytest
import sqlalchemy as sa

from connectors.watching import Watched
from plugin.crm.erasing import erase_person
from plugin.triggers import pasted
from plugin.triggers.store import trigger, trigger_contact
from tests.triggers.conftest import asks, events, outcomes, the


def chosen(here, account, label):
    found = here.services.source.choices(account, "list")
    return next(value for value, words in found if words == label)


def all_of_it(here, key):
    here.look(key, times=3)
    here.deliver()


def test_members_are_asked_and_who_joins_later_too(here, side, account, make):
    first, second = side.contact(), side.contact()
    side.make_list("Partners", first)
    key = make("list", choice=chosen(here, account, "Partners"))
    all_of_it(here, key)
    joins(side, second)
    all_of_it(here, key)
    assert [one.contact for one in events(here)] == [first, second]
    assert outcomes(here) == ["asked", "asked"]


def joins(side, contact):
    if side.name == "hubspot":
        (held,) = side.sandbox.portal.lists.values()
        held.contacts.append(contact)
    else:
        (campaign,) = side.sandbox.rows("Campaign")
        side.sandbox.add("CampaignMember", CampaignId=campaign["Id"], ContactId=contact)


def test_spread_over_days_no_day_has_more_than_it_may(here, side, account, make):
    here.services.clock.scale = 1.0
    contacts = [side.contact() for _ in range(5)]
    side.make_list("Partners", *contacts)
    key = make("list", choice=chosen(here, account, "Partners"), per_day=2)
    all_of_it(here, key)
    turns = [one.due_at for one in events(here)]
    assert [later - before for before, later in itertools.pairwise(turns)] == [
        timedelta(hours=12)
    ] * 4
    assert outcomes(here).count("asked") == 1


def test_a_list_that_may_not_be_read_switches_it_off(here, side, account, make):
    side.make_list("Partners", side.contact())
    key = make("list", choice=chosen(here, account, "Partners"))
    side.forbid(Watched.LIST)
    here.look(key)
    assert (the(here, key).is_on, the(here, key).off_reason) == (False, "scope_missing")


def test_a_pasted_list_asks_each_once_however_often_it_is_looked_at(here, side, account, make):
    contacts = tuple(side.contact() for _ in range(3))
    key = make("list", contacts=contacts)
    all_of_it(here, key)
    all_of_it(here, key)
    assert [one.contact for one in events(here)] == list(contacts)
    assert len(asks(here)) == 3


def test_rows_are_looked_up_and_the_wrong_ones_named(here, side, account):
    known = side.contact()
    address = "c0@customer.example" if side.name == "hubspot" else "c@customer.example"
    rows = [
        known,
        f" {address.upper()} ",
        "nobody@customer.example",
        "=HYPERLINK(1)",
        "<b>x</b>",
        "",
        "Åsa Öberg",
        "+46 70 123",
    ]
    told = pasted.read(here.services, account, "\n".join(rows))
    assert told.contacts == (known,)
    assert [one.row for one in told.errors] == [3, 4, 5, 7, 8]
    words = " ".join(one.words for one in told.errors)
    assert "no such contact" in words
    assert "formula" in words


def test_an_address_of_several_contacts_is_said(here, org):
    account = here.connect("salesforce", org)
    for _ in range(2):
        org.add_contact("twin@b.example")
    told = pasted.read(here.services, account, "twin@b.example")
    assert told.contacts == ()
    assert "Several contacts" in told.errors[0].words


def test_too_many_rows_are_said(here, account):
    told = pasted.read(here.services, account, "\n".join(["x"] * (pasted.ROWS_MOST + 5)))
    assert "at most" in told.errors[-1].words


@pytest.mark.parametrize(
    "row", ["a@b", "@b.example", "a b@c.example", "a@b.example,x", "\x00a@b.example"]
)
def test_what_is_no_address_is_refused_without_asking_anybody(here, side, account, row):
    before = len(side.sandbox.calls)
    told = pasted.read(here.services, account, row)
    assert len(told.errors) == 1
    assert len(side.sandbox.calls) == before


def test_who_is_erased_is_on_no_list_any_more_and_nobody_elses_list_is_touched(
    here, side, account, make
):
    contact, other = side.contact(), side.contact()
    key = make("list", contacts=(contact, other))
    here.run(
        trigger.insert().values(
            key="elsewhere", name="x", installation="hubspot:1", kind="list",
            touchpoint="support", created_at=here.now(),
        )
    )  # fmt: skip
    here.run(trigger_contact.insert().values(trigger="elsewhere", contact=contact, lot=0))
    all_of_it(here, key)
    with here.services.database.write() as connection:
        erase_person(connection, account, contact, here.now())
    left = here.all(sa.select(trigger_contact.c.trigger, trigger_contact.c.contact))
    assert sorted(map(tuple, left)) == sorted([("elsewhere", contact), (key, other)])
