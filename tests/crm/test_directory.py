"""Contacts looked up in their CRM, and what is said when that does not work."""

import pytest

from plugin.errors import Problem
from plugin.people.rules import ContactName


@pytest.fixture
def find(here, account):
    return lambda **name: here.services.directory.find(account, ContactName(**name))


def test_by_id_and_by_e_mail(side, find):
    contact = side.contact()
    (by_id,) = find(id=contact)
    (by_mail,) = find(field="email", value=by_id.email)
    assert by_id == by_mail
    assert (by_id.contact, by_id.name) == (contact, "Åsa Öberg")


def test_a_merged_contact_is_its_survivor(side, find):
    loser, winner = side.contact(), side.contact()
    survivor = side.merge(winner, loser)
    assert [found.contact for found in find(id=loser)] == [survivor]


@pytest.mark.parametrize("name", [{"id": "../x"}, {"field": "email", "value": "nobody@x.example"}])
def test_nobody_is_nobody(find, name):
    assert find(**name) == []


@pytest.mark.parametrize("side", ["salesforce"], indirect=True)  # HubSpot's search finds nobody
def test_a_field_the_crm_does_not_have(find):
    with pytest.raises(Problem) as refused:
        find(field="no_such_field", value="x")
    assert refused.value.code == "field_invalid"


def test_an_unknown_installation(here, account):
    with pytest.raises(Problem) as refused:
        here.services.directory.find("hubspot:0", ContactName(id="1"))
    assert refused.value.code == "not_found"


def test_access_that_is_gone_is_noted_and_nobody_asks_again(here, side, account, find):
    contact = side.contact()
    side.revoke()
    with pytest.raises(Problem) as refused:
        find(id=contact)
    assert refused.value.code == "needs_reconnect"
    assert here.row(account).state == "needs_reconnect"
    calls = len(side.sandbox.calls)
    with pytest.raises(Problem):
        find(id=contact)
    assert len(side.sandbox.calls) == calls


def test_a_crm_that_is_away(side, find):
    contact = side.contact()
    side.sandbox.fail(".", status=503, times=3)
    with pytest.raises(Problem) as refused:
        find(id=contact)
    assert refused.value.code == "crm_unavailable"


def test_many_at_once_with_who_is_gone_and_who_was_merged(here, side, account):
    stays, leaves, loser, winner = (side.contact() for _ in range(4))
    side.delete(leaves)
    survivor = side.merge(winner, loser)
    before = len(side.sandbox.calls)
    found = here.services.directory.known(account, [stays, leaves, winner])
    assert len(side.sandbox.calls) - before <= 3
    assert {asked: one and one.contact for asked, one in found.items()} == {
        stays: stays,
        leaves: None,
        winner: survivor,
    }
    assert found[stays].email


def test_many_at_once_of_a_crm_that_is_away(here, side, account):
    contact = side.contact()
    side.sandbox.fail(".", status=503, times=3)
    with pytest.raises(Problem) as refused:
        here.services.directory.known(account, [contact])
    assert refused.value.code == "crm_unavailable"
