"""Contacts and owners, found as they are now."""

import pytest

from connectors.protocol import Connector
from connectors.types import ContactRef
from tests.contract.harness import Harness


def test_a_contact_is_found_by_id_and_by_address(account: Harness, connector: Connector) -> None:
    owner = account.add_owner("Astrid Holm")
    company = account.add_company("Björk & Bygg AB")
    contact = account.add_contact("Ebba@b.example", owner_id=owner, company_id=company)
    (by_id,) = connector.find_contacts(ContactRef(id=contact))
    (by_mail,) = connector.find_contacts(ContactRef(field="email", value="ebba@b.example"))
    assert by_id == by_mail
    assert (by_id.id, by_id.owner_id, by_id.company_id) == (contact, owner, company)
    assert by_id.name == "Ebba Sandström"
    assert by_id.company_name == "Björk & Bygg AB"
    assert not by_id.opted_out


@pytest.mark.parametrize("value", ["nobody@b.example", "", "a' OR Name != '", "x" * 300, "*", "\\"])
def test_nobody_is_found_by_another_address(
    account: Harness, connector: Connector, value: str
) -> None:
    account.add_contact("a@b.example")
    assert connector.find_contacts(ContactRef(field="email", value=value)) == []


@pytest.mark.parametrize("key", ["../contacts", "1 OR 1", "", "%2e%2e"])
def test_nobody_is_found_by_what_is_no_id(account: Harness, connector: Connector, key: str) -> None:
    before = account.calls()
    assert connector.find_contacts(ContactRef(id=key)) == []
    assert account.calls() == before


def test_a_merged_contact_is_its_survivor(account: Harness, connector: Connector) -> None:
    winner, loser, gone, other = (account.add_contact(f"{n}@b.example") for n in "abcd")
    survivor = account.merge(winner, loser)
    account.delete(gone)
    (found,) = connector.find_contacts(ContactRef(id=loser))
    assert found.id == survivor
    assert connector.find_contacts(ContactRef(id=gone)) == []
    every = connector.contacts([loser, gone, other])
    ids = {asked: found.id if found else None for asked, found in every.items()}
    assert ids == {loser: survivor, gone: None, other: other}


def test_an_opt_out_is_seen(account: Harness, connector: Connector) -> None:
    contact = account.add_contact("a@b.example", opted_out=True)
    (found,) = connector.find_contacts(ContactRef(id=contact))
    assert found.opted_out is True


def test_a_task_goes_to_who_is_there(account: Harness, connector: Connector) -> None:
    astrid, jonas, fallback = (account.add_owner(n) for n in ("Astrid", "Jonas", "Mireille"))
    left = account.add_owner("Petter", active=False)
    of_jonas = account.add_company("Rosenmühle", owner_id=jonas)
    of_left = account.add_company("Fjordlinje", owner_id=left)
    owned = account.add_contact("a@b.example", owner_id=astrid, company_id=of_jonas)
    by_company = account.add_contact("b@b.example", owner_id=left, company_id=of_jonas)
    by_fallback = account.add_contact("c@b.example", owner_id=left, company_id=of_left)
    contacts = [owned, by_company, by_fallback]
    chosen = connector.task_owners(contacts, fallback)
    assert {key: owner and owner.id for key, owner in chosen.items()} == {
        owned: astrid,
        by_company: jonas,
        by_fallback: fallback,
    }
    assert connector.task_owners([by_fallback], "")[by_fallback] is None
    assert connector.task_owners([by_fallback], left)[by_fallback] is None


def test_people_are_listed_active_ones_first(account: Harness, connector: Connector) -> None:
    left = account.add_owner("Petter Lindqvist", active=False)
    astrid = account.add_owner("Astrid Holm")
    listed = [owner.id for owner in connector.users() if owner.id in (left, astrid)]
    assert listed in ([astrid, left], [astrid])
    named = connector.owners([astrid, left, "999999"])
    assert (named[astrid].name, named[astrid].active) == ("Astrid Holm", True)
    assert left not in named or not named[left].active
