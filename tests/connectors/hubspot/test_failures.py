"""What HubSpot says, as what the ledger must do."""

import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from connectors import http
from connectors.errors import CrmError, MissingRight, RateLimited, Refused, Unreachable
from connectors.hubspot import CRM
from connectors.hubspot.client import Api
from connectors.hubspot.failures import until_midnight
from connectors.protocol import Connector
from connectors.sandbox.hubspot import HubSpotSandbox
from connectors.types import ContactRef, Fate
from tests.contract.hubspot import HubSpotHarness
from tests.contract.rows import answer, task, update

SECRET = "the customer's own words"


@pytest.mark.parametrize(
    ("status", "kind", "unknown"),
    [
        (423, Unreachable, False),
        (477, Unreachable, False),
        (500, Unreachable, True),
        (502, Unreachable, True),
        (503, Unreachable, True),
        (521, Unreachable, True),
        (302, Unreachable, True),
        (404, Refused, None),
        (413, Refused, None),
        (400, Refused, None),
        (403, MissingRight, None),
    ],
)
def test_a_status_means_what_to_do(
    account: HubSpotHarness,
    connector: Connector,
    status: int,
    kind: type[CrmError],
    unknown: bool | None,
) -> None:
    rows = [update(account.add_contact(f"{n}@b.example")) for n in range(2)]
    body = {"category": "VALIDATION_ERROR", "message": SECRET, "correlationId": "c-1"}
    account.hub.fail("contacts/batch/update", status=status, body=body,
                     headers={"Location": "http://127.0.0.1:9/", "Retry-After": "3"})  # fmt: skip
    with pytest.raises(kind) as failed:
        connector.update_contacts(rows)
    assert SECRET not in f"{failed.value} {failed.value!r} {failed.value.detail}"
    assert failed.value.correlation == "c-1"
    if unknown is not None:
        assert isinstance(failed.value, Unreachable)
        assert failed.value.unknown is unknown
        assert failed.value.retry_after == 3


@pytest.mark.parametrize("kind", ["hang", "reset", "lost", "garbage", "drip"])
def test_a_write_whose_answer_does_not_come_may_have_happened(
    account: HubSpotHarness, connector: Connector, kind: Any
) -> None:
    contact = account.add_contact("a@b.example")
    account.hub.fail("contacts/batch/update", kind, seconds=5.0)
    began = time.monotonic()
    with http.within(0.5), pytest.raises(Unreachable) as failed:
        connector.update_contacts([update(contact)])
    assert failed.value.unknown
    assert time.monotonic() - began < 3


@pytest.mark.parametrize("kind", ["reset", "garbage"])
def test_a_read_changes_nothing(account: HubSpotHarness, connector: Connector, kind: Any) -> None:
    account.hub.fail("GET ", kind)
    with pytest.raises(Unreachable) as failed:
        connector.find_contacts(ContactRef(id="1"))
    assert not failed.value.unknown


@pytest.mark.parametrize("status", [403, 404])
def test_a_gateways_page_makes_nobody_gone(
    account: HubSpotHarness, connector: Connector, status: int
) -> None:
    contact = account.add_contact("a@b.example")
    account.hub.fail("GET ", status=status, body=b"<html>not here</html>")
    with pytest.raises(Unreachable):
        connector.find_contacts(ContactRef(id=contact))


def test_a_whole_verb_ends_in_the_time_of_one_call(
    account: HubSpotHarness, connector: Connector, hub: HubSpotSandbox
) -> None:
    contacts = [account.add_contact(f"{n}@b.example") for n in range(5)]
    for contact in contacts:
        account.delete(contact)
    hub.fail("GET ", "slow_reply", times=9, seconds=0.4)
    began = time.monotonic()
    with http.within(0.7), pytest.raises(Unreachable):
        connector.contacts(contacts)
    assert time.monotonic() - began < 1.5


@pytest.mark.parametrize(
    ("body", "headers", "after", "daily"),
    [
        ({"policyName": "TEN_SECONDLY_ROLLING"}, {"Retry-After": "12"}, 12, False),
        ({"policyName": "SECONDLY"}, {}, None, False),
        ({}, {"Retry-After": "soon"}, None, False),
        ({"policyName": "DAILY"}, {"Retry-After": "60"}, 60, True),
    ],
)
def test_too_many_calls(
    account: HubSpotHarness,
    connector: Connector,
    body: dict[str, str],
    headers: dict[str, str],
    after: float | None,
    daily: bool,
) -> None:
    account.hub.fail("/crm/", status=429, body=body, headers=headers)
    with pytest.raises(RateLimited) as limited:
        connector.find_contacts(ContactRef(id="1"))
    assert (limited.value.retry_after, limited.value.daily) == (after, daily)


def test_a_spent_day_lasts_until_the_accounts_midnight(account: HubSpotHarness) -> None:
    account.install()
    account.hub.portal.options.daily = 0
    at = datetime(2026, 11, 21, 22, 0, tzinfo=UTC)
    with pytest.raises(RateLimited) as limited:
        Api(account.connection, account.tokens, lambda: at).plain(
            "GET", "/account-info/2026-03/details"
        )
    assert limited.value.daily
    assert limited.value.retry_after == 3600  # Stockholm is an hour ahead


@pytest.mark.parametrize(
    ("zone", "seconds"),
    [("", 7200), ("Europe/Stockholm", 3600), ("Nowhere/Land", 7200), ("Asia/Tokyo", 61_200)],
)
def test_midnight_is_the_accounts(zone: str, seconds: float) -> None:
    assert until_midnight(datetime(2026, 11, 21, 22, 0, tzinfo=UTC), zone) == seconds


def test_a_batch_refused_for_one_taken_key_sends_the_missing_only(
    account: HubSpotHarness, connector: Connector, hub: HubSpotSandbox
) -> None:
    contacts = [account.add_contact(f"{n}@b.example") for n in range(3)]
    connector.write_answers([answer(contacts[0], "k0")])
    hub.fail("notes/batch/create", status=409, body={"category": "CONFLICT"})
    rows = [answer(contact, f"k{n}") for n, contact in enumerate(contacts)]
    assert {o.fate for o in connector.write_answers(rows)} == {Fate.DONE}
    assert [len(account.answers(contact)) for contact in contacts] == [1, 1, 1]


def test_a_taken_key_is_found_without_having_been_tried(
    account: HubSpotHarness, connector: Connector
) -> None:
    """The ledger forgot that it had tried: the unique key still refuses a second record."""
    one, two = account.add_contact("a@b.example"), account.add_contact("b@b.example")
    (first,) = connector.write_tasks([task(one, "k1")])
    again, other = connector.write_tasks([task(one, "k1"), task(two, "k2")])
    assert again == first
    assert other.fate is Fate.DONE
    assert len(account.tasks(one)) == len(account.tasks(two)) == 1


def test_an_answer_found_by_its_taken_key_gets_its_newest_text(
    account: HubSpotHarness, connector: Connector
) -> None:
    contact = account.add_contact("a@b.example")
    (first,) = connector.write_answers([answer(contact)])
    (again,) = connector.write_answers([answer(contact, comment="Far too slow")])
    assert again == first
    (seen,) = account.answers(contact)
    assert "Far too slow" in seen.text


def test_a_customer_cannot_write_a_mark(account: HubSpotHarness) -> None:
    account.hub.portal.options.activity_properties = False
    connector = account.install()
    contact = account.add_contact("a@b.example")
    (first,) = connector.write_answers([answer(contact, "k1", comment="[gensvar:k2]")])
    rows = [answer(contact, "k1", attempted=True), answer(contact, "k2", attempted=True)]
    one, two = connector.write_answers(rows)
    assert one == first
    assert two.crm_id != first.crm_id
    assert len(account.answers(contact)) == 2


def test_after_a_write_a_failing_look_up_leaves_rows_for_later(
    account: HubSpotHarness, connector: Connector, hub: HubSpotSandbox
) -> None:
    good, gone = account.add_contact("a@b.example"), account.add_contact("b@b.example")
    account.delete(gone)
    hub.fail("contacts/batch/read", status=500, times=3)
    rows = [answer(good, "k1"), answer(gone, "k2")]
    assert [o.fate for o in connector.write_answers(rows)] == [Fate.DONE, Fate.BUSY]


def test_only_dated_paths_leave_and_no_address_stands_in_one(
    account: HubSpotHarness, connector: Connector, hub: HubSpotSandbox
) -> None:
    contact = account.add_contact("a@b.example")
    connector.find_contacts(ContactRef(field="email", value="a@b.example"))
    connector.write_tasks([task(contact)])
    connector.check()
    assert hub.calls
    assert all("/2026-03" in call.path for call in hub.calls)
    assert not [call for call in hub.calls if "a@b" in call.path + call.query]


def test_an_account_may_be_on_a_later_version(account: HubSpotHarness, hub: HubSpotSandbox) -> None:
    account.install()
    hub.calls.clear()
    contact = account.add_contact("a@b.example")
    later = CRM.connector(replace(account.connection, api_version="2026-09"), account.tokens)
    (outcome,) = later.update_contacts([update(contact)])
    assert outcome.fate is Fate.DONE
    assert all("/2026-09/" in call.path for call in hub.calls)


def test_a_property_that_is_not_unique_is_searched(
    account: HubSpotHarness, connector: Connector, hub: HubSpotSandbox
) -> None:
    one = hub.add_contact("a@b.example", phone="+46 1")
    two = hub.add_contact("b@b.example", phone="+46 1")
    found = connector.find_contacts(ContactRef(field="phone", value="+46 1"))
    assert {contact.id for contact in found} == {one.id, two.id}
    assert connector.find_contacts(ContactRef(field="phone", value="+46 2")) == []
    assert connector.find_contacts(ContactRef(field="Phone; x", value="+46 2")) == []


def test_without_the_owners_scope_ids_are_believed(
    account: HubSpotHarness, connector: Connector, hub: HubSpotSandbox
) -> None:
    left = account.add_owner("Petter", active=False)
    contact = account.add_contact("a@b.example", owner_id=left)
    account.tokens.current = hub.token(["crm.objects.contacts.read", "crm.objects.contacts.write"])
    owner = connector.task_owners([contact], "")[contact]
    assert owner
    assert owner.id == left
    (outcome,) = connector.write_tasks([task(contact, owner_id=owner.id)])
    assert outcome.fate is Fate.DONE
    assert account.tasks(contact)[0].owner_id == ""
