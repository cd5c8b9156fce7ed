"""What may make somebody be asked: deals, cases, dates, lists; read page by page, none of it lost."""

from datetime import UTC, date, datetime, timedelta

import pytest

from connectors.errors import MissingRight, RateLimited, Refused, Unreachable
from connectors.protocol import Connector
from connectors.watching import Occurrence, Watch, Watched
from tests.contract.harness import Harness

DEALS, CASES = Watch(Watched.DEALS, everyone=True), Watch(Watched.CASES)
DAY = timedelta(days=1)
TODAY = date(2026, 11, 25)


def now() -> datetime:
    return datetime.now(UTC)


def everything(
    crm: Connector, watch: Watch, mark: str = "", since: datetime | None = None
) -> tuple[list[Occurrence], str]:
    """All pages, and the mark behind them."""
    found: list[Occurrence] = []
    for _ in range(50):
        page = crm.occurrences(watch, since or now() - DAY, mark)
        found += page.found
        mark = page.mark
        if not page.more:
            return found, mark
    raise AssertionError("it never ends")


def finds_nobody(crm: Connector, watch: Watch) -> bool:
    """Because nobody is there, or because the CRM refuses in words."""
    try:
        return everything(crm, watch)[0] == []
    except (Refused, MissingRight) as refused:
        return bool(refused.detail)


def renewals(choice: str, first: date = TODAY, last: date = TODAY) -> Watch:
    return Watch(Watched.DATES, choice, first=first, last=last)


def field(crm: Connector) -> str:
    return next(one.value for one in crm.choices(Watched.DATES) if one.label == "Renewal date")


def test_a_deal_that_was_won_is_told_with_its_contacts(
    account: Harness, connector: Connector
) -> None:
    anna, bo = account.add_contact("a@b.example"), account.add_contact("b@b.example")
    deal = account.win_deal(anna, bo)
    found, _ = everything(connector, DEALS)
    assert {one.contact_id for one in found} == {anna, bo}
    assert {one.record for one in found} == {f"deal:{deal}"}
    assert all(one.at is not None and abs(one.at - now()) < timedelta(minutes=1) for one in found)


def test_when_it_was_won_is_the_crms_own_word(account: Harness, connector: Connector) -> None:
    won = now().replace(microsecond=0) - timedelta(days=40)
    account.win_deal(account.add_contact("a@b.example"), at=won)
    ((one,), _) = everything(connector, DEALS)
    assert one.at == won


def test_a_closed_case_is_told_again_and_again_under_the_same_name(
    account: Harness, connector: Connector
) -> None:
    anna = account.add_contact("a@b.example")
    case = account.close_case(anna)
    first, mark = everything(connector, CASES)
    account.reopen_case(case)
    reopened, mark = everything(connector, CASES, mark)
    account.close_case(anna, case)
    again, _ = everything(connector, CASES, mark)
    assert [one.contact_id for one in first] == [anna]
    assert reopened == []
    assert [one.record for one in again] == [first[0].record]


def test_what_was_before_is_not_told(account: Harness, connector: Connector) -> None:
    account.close_case(account.add_contact("a@b.example"))
    found, _ = everything(connector, CASES, since=now() + timedelta(hours=1))
    assert found == []


def test_nothing_is_lost_between_two_looks(account: Harness, connector: Connector) -> None:
    """A change is seen some time after it was made: each look goes back a while."""
    _, mark = everything(connector, CASES)
    late = account.add_contact("a@b.example")
    account.close_case(late)
    once, _ = everything(connector, CASES, mark)
    died, _ = everything(connector, CASES, mark)  # whoever looked died before the mark was kept
    assert [one.contact_id for one in once] == [one.contact_id for one in died] == [late]


def test_a_case_of_nobody_is_none(account: Harness, connector: Connector) -> None:
    gone = account.add_contact("a@b.example")
    account.close_case(gone)
    account.delete(gone)
    found, _ = everything(connector, CASES)
    assert found == []


def test_a_look_at_rest_is_a_call_or_two(account: Harness, connector: Connector) -> None:
    _, mark = everything(connector, CASES)
    before = account.calls()
    page = connector.occurrences(CASES, now() - DAY, mark)
    assert account.calls() - before == page.calls == 1


def test_contacts_with_a_date_in_the_range_to_its_very_ends(
    account: Harness, connector: Connector
) -> None:
    contacts = [account.add_contact(f"c{n}@b.example") for n in range(5)]
    for number, contact in enumerate(contacts):
        account.set_date(contact, TODAY + number * DAY)
    found, _ = everything(connector, renewals(field(connector), TODAY + DAY, TODAY + 3 * DAY))
    assert {one.contact_id for one in found} == set(contacts[1:4])
    days = {one.contact_id: one.at.date() for one in found if one.at}
    assert days == {contacts[n]: TODAY + n * DAY for n in (1, 2, 3)}
    assert len({one.record for one in found}) == 3


@pytest.mark.parametrize(
    "choice", ["", "no_such_date", "date:No_Such__c", "Email = 'x' OR Id != null", "../1"]
)
def test_a_field_that_is_none_is_refused_and_says_so(connector: Connector, choice: str) -> None:
    assert finds_nobody(connector, renewals(choice))


def test_members_of_a_list(account: Harness, connector: Connector) -> None:
    contacts = [account.add_contact(f"c{n}@b.example") for n in range(3)]
    account.make_list("Partners", contacts)
    (chosen,) = (one for one in connector.choices(Watched.LIST) if one.label == "Partners")
    found, _ = everything(connector, Watch(Watched.LIST, chosen.value))
    assert [one.contact_id for one in found] == contacts
    assert {one.at for one in found} == {None}


@pytest.mark.parametrize("choice", ["", "999999", "701gv0000000099AAA", "1' OR Id != '", "../1"])
def test_a_list_that_is_none_has_no_members(connector: Connector, choice: str) -> None:
    assert finds_nobody(connector, Watch(Watched.LIST, choice))


def test_all_contacts_each_once(account: Harness, connector: Connector) -> None:
    contacts = [account.add_contact(f"c{n}@b.example") for n in range(130)]
    found, _ = everything(connector, Watch(Watched.EVERYBODY))
    assert sorted(one.contact_id for one in found) == sorted(contacts)


def test_contacts_by_their_address_whatever_its_case(
    account: Harness, connector: Connector
) -> None:
    anna = account.add_contact("Anna@b.example")
    told = connector.contacts_with(["anna@B.example", "nobody@b.example"])
    assert told == {"anna@B.example": [anna], "nobody@b.example": []}


@pytest.mark.parametrize("what", [Watched.DEALS, Watched.CASES, Watched.LIST])
def test_a_right_that_is_missing_is_named(
    account: Harness, connector: Connector, what: Watched
) -> None:
    chosen = account.make_list("Partners", []) if what is Watched.LIST else ""
    account.forbid(what)
    connector = account.connect()
    with pytest.raises(MissingRight) as missing:
        connector.occurrences(Watch(what, chosen), now() - DAY, "")
    assert missing.value.code == "scope_missing"


def test_lists_that_may_not_be_read_are_not_offered(account: Harness, connector: Connector) -> None:
    account.make_list("Partners", [])
    account.forbid(Watched.LIST)
    with pytest.raises(MissingRight):
        account.connect().choices(Watched.LIST)


@pytest.mark.parametrize("what", [Watched.DEALS, Watched.CASES])
def test_what_can_be_chosen_narrows(account: Harness, connector: Connector, what: Watched) -> None:
    anna = account.add_contact("a@b.example")
    account.win_deal(anna)
    account.close_case(anna)
    told = {
        one.value: len(everything(connector, Watch(what, one.value, everyone=True))[0])
        for one in connector.choices(what)
    }
    assert sum(told.values()) == 1


def test_a_call_too_many_is_said(account: Harness, connector: Connector) -> None:
    account.refuse_calls()
    with pytest.raises(RateLimited):
        connector.occurrences(DEALS, now() - DAY, "")


def test_nobody_there_is_said(account: Harness, connector: Connector) -> None:
    account.stop()
    with pytest.raises(Unreachable):
        connector.occurrences(CASES, now() - DAY, "")
