"""Values of contact fields: what is offered, read in bulk, read again when it changed; and none of it believed."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from connectors.attributes import Kind, Value, Values
from connectors.errors import RateLimited, Unreachable
from connectors.protocol import Connector
from connectors.watching import Watched
from tests.contract.harness import Harness

pytestmark = pytest.mark.parametrize("account", ["hubspot", "salesforce"], indirect=True)
PLAN, SINCE, REVENUE = "Plan", "Customer since", "Annual revenue"


def chosen(crm: Connector, *labels: str) -> dict[str, Kind]:
    """By their labels, in that order."""
    known = {one.label.removeprefix("Account: "): one for one in crm.contact_fields()}
    return {known[label].value: known[label].kind for label in labels}


def changes(crm: Connector, fields: Mapping[str, Kind], mark: str = "") -> tuple[Values, str]:
    """All pages since a minute ago, or since the mark, as one."""
    held: dict[str, Mapping[str, Value]] = {}
    for _ in range(20):
        page = crm.values_changed(fields, datetime.now(UTC) - timedelta(minutes=1), mark)
        held |= page.held
        mark = page.mark
        if not page.more:
            return Values(held, page.missing, page.wrong), mark
    raise AssertionError("it never ends")


def test_fields_are_offered_with_what_they_hold(connector: Connector) -> None:
    assert list(chosen(connector, PLAN, REVENUE, SINCE).values()) == [
        Kind.TEXT, Kind.NUMBER, Kind.DATE,
    ]  # fmt: skip


def test_what_names_a_person_and_what_is_ours_is_not_offered(connector: Connector) -> None:
    offered = {one.value.casefold() for one in connector.contact_fields()}
    assert offered.isdisjoint({"email", "firstname", "lastname", "name", "phone"})
    assert not [name for name in offered if "gensvar" in name]


def test_what_stands_on_contacts_is_told_by_its_kind(
    account: Harness, connector: Connector
) -> None:
    full, bare = account.add_contact("a@b.example"), account.add_contact("b@b.example")
    account.fields.put(full, PLAN, "Team")
    account.fields.put(full, REVENUE, 21600.5)
    account.fields.put(full, SINCE, date(2021, 9, 1))
    fields = chosen(connector, PLAN, REVENUE, SINCE)
    told = connector.values_of(fields, [full, bare])
    assert list(map(told.held[full].get, fields)) == ["Team", Decimal("21600.5"), date(2021, 9, 1)]
    assert told.held[bare] == dict.fromkeys(fields)
    assert (told.missing, dict(told.wrong)) == ((), {})


def test_hundreds_are_told_in_a_few_calls(account: Harness, connector: Connector) -> None:
    contacts = [account.add_contact(f"c{n}@b.example") for n in range(250)]
    before = account.calls()
    told = connector.values_of(chosen(account.connect(), PLAN), contacts)
    assert told.held.keys() == set(contacts)
    assert told.calls <= 4
    assert account.calls() - before <= told.calls + 2  # and those that told which fields there are


def test_who_is_gone_or_another_by_now_is_left_out(account: Harness, connector: Connector) -> None:
    gone, merged, survivor = (account.add_contact(f"c{n}@b.example") for n in range(3))
    account.delete(gone)
    account.merge(survivor, merged)
    told = connector.values_of(chosen(connector, PLAN), [gone, merged, "no id at all"])
    assert told.held == {}


def test_changes_are_told_from_one_look_to_the_next(account: Harness, connector: Connector) -> None:
    fields = chosen(connector, PLAN)
    (plan,) = fields
    first = account.add_contact("a@b.example")
    told, mark = changes(connector, fields)
    assert told.held == {first: {plan: None}}
    account.fields.put(first, PLAN, "Business")
    died, _ = changes(connector, fields, mark)  # whoever looked died before the mark was kept
    told, _ = changes(connector, fields, mark)
    assert died.held == told.held == {first: {plan: "Business"}}


def test_what_did_not_change_is_not_told(account: Harness, connector: Connector) -> None:
    account.add_contact("a@b.example")
    fields = chosen(connector, PLAN)
    page = connector.values_changed(fields, datetime.now(UTC) + timedelta(hours=1), "")
    assert (dict(page.held), page.more, page.calls) == ({}, False, 1)


def test_more_than_a_page_is_told_page_by_page(account: Harness, connector: Connector) -> None:
    many = 205 if account.name == "hubspot" else 1005
    contacts = {account.add_contact(f"c{n}@b.example") for n in range(many)}
    fields = chosen(connector, PLAN)
    page = connector.values_changed(fields, datetime.now(UTC) - timedelta(minutes=1), "")
    assert page.more
    rest, _ = changes(connector, fields, page.mark)
    assert page.held.keys() | rest.held.keys() == contacts
    assert page.held.keys().isdisjoint(rest.held.keys())


@pytest.mark.parametrize("raw", ["soon", "2021-13-01", "0001-01-01", "99999999999999", "<b>x</b>"])
def test_a_wrong_value_is_empty_and_counted_and_stops_nothing(
    account: Harness, connector: Connector, raw: str
) -> None:
    odd, fine = account.add_contact("a@b.example"), account.add_contact("b@b.example")
    account.fields.put(odd, SINCE, raw)
    account.fields.put(fine, SINCE, date(2021, 9, 1))
    fields = chosen(connector, SINCE)
    (since,) = fields
    told = connector.values_of(fields, [odd, fine])
    assert told.held == {odd: {since: None}, fine: {since: date(2021, 9, 1)}}
    assert dict(told.wrong) == {since: 1}


def test_a_field_that_is_gone_is_named_and_the_others_are_told(
    account: Harness, connector: Connector
) -> None:
    contact = account.add_contact("a@b.example")
    account.fields.put(contact, PLAN, "Team")
    account.fields.put(contact, SINCE, date(2021, 9, 1))
    fields = chosen(connector, PLAN, SINCE)
    plan, since = fields
    account.fields.take(SINCE)
    of, (changed, _) = connector.values_of(fields, [contact]), changes(connector, fields)
    for told in (of, changed):
        assert told.missing == (since,)
        assert told.held == {contact: {plan: "Team"}}


def test_when_all_fields_are_gone_nothing_is_told(account: Harness, connector: Connector) -> None:
    contact = account.add_contact("a@b.example")
    fields = chosen(connector, SINCE)
    account.fields.take(SINCE)
    assert connector.values_of(fields, [contact]).missing == tuple(fields)


@pytest.mark.parametrize("name", ["", "Email FROM User --", "Id, Name", "../x", "no_such_field"])
def test_a_field_that_is_none_is_missing(account: Harness, connector: Connector, name: str) -> None:
    told = connector.values_of({name: Kind.TEXT}, [account.add_contact("a@b.example")])
    assert told.missing == (name,)


def test_a_list_says_how_many_are_on_it(account: Harness, connector: Connector) -> None:
    account.make_list("Partners", [account.add_contact(f"c{n}@b.example") for n in range(3)])
    assert [one.size for one in connector.choices(Watched.LIST)] == [3]


def test_a_call_too_many_is_said(account: Harness, connector: Connector) -> None:
    fields = chosen(connector, PLAN)
    account.refuse_calls()
    with pytest.raises(RateLimited):
        connector.values_changed(fields, datetime.now(UTC), "")


def test_nobody_there_is_said(account: Harness, connector: Connector) -> None:
    fields = chosen(connector, PLAN)
    account.stop()
    with pytest.raises(Unreachable):
        connector.values_changed(fields, datetime.now(UTC), "")
