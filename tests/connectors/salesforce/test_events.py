"""What happens in an org is told, some of it twice, none of it never."""

from datetime import UTC, datetime, timedelta

import pytest

from connectors.changes import Changes, Happened, RequestResult
from connectors.errors import MissingRight, RateLimited, Unreachable
from connectors.manifest import manifest
from connectors.protocol import Connector
from connectors.salesforce.connector import SalesforceConnector
from connectors.sandbox.salesforce import SalesforceSandbox
from connectors.types import ContactUpdate
from tests.connectors.salesforce.helpers import MARKED, connector, installed, task
from tests.connectors.salesforce.wishes import told, wish

HOUR = timedelta(hours=1)


def an_hour_ago() -> str:
    """A mark of before everything in a test."""
    since = datetime.now(UTC) - HOUR
    return f'{{"since": "{since.isoformat()}"}}'


def everything(crm: Connector, mark: str) -> tuple[list[Changes], str]:
    """Page by page until there is no more."""
    pages = [crm.changes(mark)]
    while pages[-1].more:
        pages.append(crm.changes(pages[-1].mark))
        assert len(pages) < 100
    return pages, pages[-1].mark


def what_happened(changes: Changes) -> list[tuple[Happened, str, str]]:
    return [(one.happened, one.contact_id, one.into) for one in changes.contacts]


def test_nothing_lost_when_a_look_is_forgotten(
    org: SalesforceSandbox, crm: SalesforceConnector
) -> None:
    contact = org.add_contact()
    mark = crm.changes("").mark
    org.delete(contact)
    died = crm.changes(mark)  # whoever asked died before the new mark was kept
    again = crm.changes(mark)
    assert died.contacts == again.contacts != ()


def test_a_refused_look_moves_nothing(org: SalesforceSandbox, crm: SalesforceConnector) -> None:
    contact = org.add_contact()
    mark = crm.changes("").mark
    org.delete(contact)
    org.fail("POST .*/composite$", status=503)
    with pytest.raises(Unreachable):
        crm.changes(mark)
    assert what_happened(crm.changes(mark)) == [(Happened.DELETED, contact, "")]


def test_a_lost_reply_moves_nothing(org: SalesforceSandbox, crm: SalesforceConnector) -> None:
    mark = crm.changes("").mark
    org.delete(org.add_contact())
    org.fail("POST .*/composite$", "lost")
    with pytest.raises(Unreachable):
        crm.changes(mark)
    assert len(crm.changes(mark).contacts) == 1


def test_one_query_that_fails_is_no_quiet_gap(
    org: SalesforceSandbox, crm: SalesforceConnector
) -> None:
    mark = crm.changes("").mark
    busy = [{"errorCode": "QUERY_TIMEOUT", "message": "ordered"}]
    part = {"httpStatusCode": 400, "body": busy, "httpHeaders": {}, "referenceId": "x"}
    org.fail("POST .*/composite$", status=200, body={"compositeResponse": [part] * 4})
    with pytest.raises(Unreachable):
        crm.changes(mark)


@pytest.mark.parametrize(
    "row",
    [
        {"IsDeleted": True, "MasterRecordId": None, "SystemModstamp": "2026-11-20T10:00:00Z"},
        {
            "Id": "003gv0000000001AAA",
            "IsDeleted": True,
            "MasterRecordId": None,
            "SystemModstamp": "x",
        },
        {"Id": "'; DROP", "IsDeleted": False, "SystemModstamp": "2026-11-20T10:00:00Z"},
    ],
)
def test_a_row_that_makes_no_sense_is_not_believed(
    org: SalesforceSandbox, crm: SalesforceConnector, row: dict[str, object]
) -> None:
    mark = crm.changes("").mark
    body = {"done": True, "records": [row]}
    part = {"httpStatusCode": 200, "body": body, "httpHeaders": {}, "referenceId": "x"}
    empty = {**part, "body": {"done": True, "records": []}}
    org.fail("POST .*/composite$", status=200, body={"compositeResponse": [part] + [empty] * 3})
    with pytest.raises(Unreachable, match="answer_unreadable"):
        crm.changes(mark)


def test_the_daily_budget_is_said(org: SalesforceSandbox, crm: SalesforceConnector) -> None:
    org.options.daily_limit = org.org.used_today
    with pytest.raises(RateLimited) as refused:
        crm.changes("")
    assert refused.value.daily


def test_what_we_need_and_may_not_see_is_said(
    org: SalesforceSandbox, crm: SalesforceConnector
) -> None:
    mark = crm.changes("").mark
    org.options.hidden_fields.add(f"Task.{manifest().task['key'].salesforce}")
    with pytest.raises(MissingRight, match="field_missing"):
        crm.changes(mark)


@pytest.mark.parametrize("hidden", ["Lead", manifest().salesforce.request.object])
def test_leads_and_requests_that_may_not_be_seen_hinder_nothing(
    org: SalesforceSandbox, crm: SalesforceConnector, hidden: str
) -> None:
    mark = crm.changes("").mark
    org.options.hidden_objects.add(hidden)
    contact = org.add_contact()
    org.delete(contact)
    assert what_happened(crm.changes(mark)) == [(Happened.DELETED, contact, "")]


def test_a_look_is_one_call_whatever_happened(
    org: SalesforceSandbox, crm: SalesforceConnector
) -> None:
    mark = crm.changes("").mark
    before, used = len(org.calls), org.org.used_today
    mark = crm.changes(mark).mark
    wish(org, org.add_contact())
    org.delete(org.add_contact())
    crm.write_tasks([task(org.add_contact())])
    writing = 1
    told = crm.changes(mark)
    assert told.contacts
    assert told.tasks
    assert told.requests
    assert len(org.calls) - before == org.org.used_today - used == 2 + writing


def test_a_chain_of_merges_in_one_look_ends_at_the_last(
    org: SalesforceSandbox, crm: SalesforceConnector
) -> None:
    told, (a, b, c) = _merged_in_a_chain(org, crm)
    assert what_happened(told) == [(Happened.MERGED, a, c), (Happened.MERGED, b, c)]


def test_the_end_of_a_chain_was_reached_with_its_last_merge(
    org: SalesforceSandbox, crm: SalesforceConnector
) -> None:
    told, (_, b, _) = _merged_in_a_chain(org, crm)
    assert {one.at for one in told.contacts} == {org.row(b)["SystemModstamp"]}


def _merged_in_a_chain(
    org: SalesforceSandbox, crm: SalesforceConnector
) -> tuple[Changes, list[str]]:
    """The second merge a minute after the first."""
    a, b, c = org.add_contacts(3)
    mark = crm.changes("").mark
    org.merge(b, a)
    org.options.clock_ahead = 60
    org.merge(c, b)
    return crm.changes(mark), [a, b, c]


def test_a_chain_of_merges_over_several_looks_is_told_link_by_link(
    org: SalesforceSandbox, crm: SalesforceConnector
) -> None:
    a, b, c = org.add_contacts(3)
    mark = crm.changes("").mark
    org.merge(b, a)
    first = crm.changes(mark)
    assert what_happened(first) == [(Happened.MERGED, a, b)]
    org.merge(c, b)
    second = what_happened(crm.changes(first.mark))
    assert (Happened.MERGED, b, c) in second
    assert (Happened.MERGED, a, c) in second  # told again, with what is known of it by now


def test_a_circle_of_merges_ends(org: SalesforceSandbox, crm: SalesforceConnector) -> None:
    a, b = org.add_contacts(2)
    mark = crm.changes("").mark
    org.change(a, IsDeleted=True, MasterRecordId=b)
    org.change(b, IsDeleted=True, MasterRecordId=a)
    assert len(crm.changes(mark).contacts) == 2


def test_merged_comes_before_what_became_of_the_survivor(
    org: SalesforceSandbox, crm: SalesforceConnector
) -> None:
    kept, lost = org.add_contacts(2)
    mark = crm.changes("").mark
    org.merge(kept, lost)
    org.delete(kept)
    assert what_happened(crm.changes(mark)) == [
        (Happened.MERGED, lost, kept),
        (Happened.DELETED, kept, ""),
    ]


def test_a_contact_that_came_back_is_told_if_we_ever_asked_it(
    org: SalesforceSandbox, crm: SalesforceConnector
) -> None:
    asked, stranger = org.add_contacts(2)
    crm.update_contacts([ContactUpdate(asked, {"last_asked_at": datetime.now(UTC)})])
    org.delete(asked)
    org.delete(stranger)
    mark = crm.changes("").mark
    org.undelete(asked)
    org.undelete(stranger)
    assert what_happened(crm.changes(mark)) == [(Happened.RESTORED, asked, "")]


def test_what_was_committed_late_is_seen_by_the_next_look(
    org: SalesforceSandbox, crm: SalesforceConnector
) -> None:
    contact = org.add_contact()
    mark = crm.changes(crm.changes("").mark).mark
    org.delete(contact)
    begun = datetime.now(UTC) - timedelta(minutes=9)
    org.change(contact, SystemModstamp=begun.replace(microsecond=0))
    assert what_happened(crm.changes(mark)) == [(Happened.DELETED, contact, "")]


def test_what_lies_long_back_is_not_told_for_ever(
    org: SalesforceSandbox, crm: SalesforceConnector
) -> None:
    contact = org.add_contact()
    org.delete(contact)
    old = an_hour_ago()
    org.change(contact, SystemModstamp=datetime.now(UTC) - timedelta(minutes=30))
    seen = crm.changes(old)
    assert len(seen.contacts) == 1
    assert crm.changes(seen.mark).contacts == ()


@pytest.mark.parametrize("ahead", [-7200.0, 7200.0])
def test_a_server_whose_clock_is_wrong_misses_nothing(
    org: SalesforceSandbox, crm: SalesforceConnector, ahead: float
) -> None:
    org.options.clock_ahead = ahead
    first, second = org.add_contacts(2)
    mark = crm.changes(crm.changes("").mark).mark
    org.delete(first)
    told = crm.changes(mark)
    assert what_happened(told) == [(Happened.DELETED, first, "")]
    org.delete(second)
    org.change(second, SystemModstamp=org.org.now() - timedelta(minutes=9))
    assert (Happened.DELETED, second, "") in what_happened(crm.changes(told.mark))


@pytest.mark.parametrize("size", [1, 3, 2000])
def test_many_changes_come_in_pages_and_none_is_left_out(
    org: SalesforceSandbox, crm: SalesforceConnector, size: int
) -> None:
    gone = org.add_contacts(8)
    mark = crm.changes("").mark
    for contact in gone:
        org.delete(contact)
    org.options.page_size = size
    pages, mark = everything(crm, mark)
    seen = [one.contact_id for page in pages for one in page.contacts]
    assert sorted(seen) == sorted(gone)
    assert len(pages) == max(1, -(-8 // size))
    again, _ = everything(crm, mark)
    assert {one.contact_id for page in again for one in page.contacts} == set(gone)


def test_what_happens_between_two_pages_is_not_skipped(
    org: SalesforceSandbox, crm: SalesforceConnector
) -> None:
    gone = org.add_contacts(5)
    mark = crm.changes("").mark
    org.options.page_size = 2
    for contact in gone[:4]:
        org.delete(contact)
    first = crm.changes(mark)
    assert first.more
    org.delete(gone[4])
    org.undelete(gone[3])
    rest, mark = everything(crm, first.mark)
    later, _ = everything(crm, mark)
    seen = {one.contact_id for page in [first, *rest, *later] for one in page.contacts}
    assert seen == {*gone[:3], gone[4]}


def test_streams_that_are_read_to_their_end_are_not_asked_again(
    org: SalesforceSandbox, crm: SalesforceConnector
) -> None:
    contacts = org.add_contacts(4)
    crm.write_tasks([task(contacts[0])])
    mark = an_hour_ago()
    org.options.page_size = 2
    for contact in contacts:
        org.delete(contact)
    pages, _ = everything(crm, mark)
    assert len(pages) == 2
    assert sum(len(page.tasks) for page in pages) == 1


def test_a_converted_lead_is_the_contact_it_became(
    org: SalesforceSandbox, crm: SalesforceConnector
) -> None:
    lead = org.add("Lead", LastName="Lindqvist", Company="Nordlys", OwnerId=org.admin)
    org.add("Lead", LastName="Waiting", Company="Nordlys", OwnerId=org.admin)
    mark = crm.changes("").mark
    contact = org.convert(lead)
    assert what_happened(crm.changes(mark)) == [(Happened.MERGED, lead, contact)]


def test_our_tasks_are_told_and_nobody_elses(
    org: SalesforceSandbox, crm: SalesforceConnector
) -> None:
    bo = org.add_user("Bo", "Dahl")
    closed, deleted, moved, quiet = (
        crm.write_tasks([task(org.add_contact(), f"k{n}")])[0].crm_id for n in range(4)
    )
    others = org.add("Task", Subject="Call", OwnerId=bo)
    long_ago = datetime.now(UTC) - timedelta(minutes=30)
    org.change(quiet, "Task", SystemModstamp=long_ago)
    mark = crm.changes("").mark
    judged = {str(manifest().task[key].salesforce): value for key, value in JUDGED.items()}
    org.change(closed, "Task", Status="Completed", **judged)
    org.delete(deleted, "Task")
    org.change(moved, "Task", OwnerId=bo)
    org.change(others, "Task", Status="Completed")
    states = {one.task_id: one for one in crm.changes(mark).tasks}
    assert states.keys() == {closed, deleted, moved}
    assert states[closed].closed
    assert (states[closed].cause, states[closed].outcome) == ("price", "solved")
    assert states[deleted].gone
    owner = states[moved].owner
    assert owner is not None
    assert (owner.id, owner.name) == (bo, "Bo Dahl")


JUDGED = {"cause": "price", "outcome": "solved"}


def test_an_org_without_our_key_on_tasks_tells_none() -> None:
    with installed(keyless=True) as org:
        crm = connector(org, capabilities=MARKED)
        mark = crm.changes("").mark
        crm.write_tasks([task(org.add_contact())])
        assert crm.changes(mark).tasks == ()
        assert not crm.tells_tasks


def test_requests_wait_until_they_are_answered(
    org: SalesforceSandbox, crm: SalesforceConnector
) -> None:
    contact = org.add_contact()
    first = wish(org, contact, channel="link")
    wish(org, contact, state="asked")
    binned = wish(org, contact)
    org.delete(binned, manifest().salesforce.request.object)
    old = datetime.now(UTC) - timedelta(days=40)
    org.change(first, manifest().salesforce.request.object, SystemModstamp=old, CreatedDate=old)
    for mark in ("", crm.changes("").mark):
        (asked,) = crm.changes(mark).requests
        assert (asked.id, asked.contact_id) == (first, contact)
        assert (asked.touchpoint, asked.channel) == ("support-case", "link")
    link = "https://nps.example.com/s/" + "x" * 300
    results = [RequestResult(first, "asked", link=link), RequestResult("../x", "asked")]
    done, refused = crm.answer_requests(results)
    assert (done.crm_id, refused.code) == (first, "malformed_id")
    assert told(org, first)["link"] == link
    assert crm.changes("").requests == ()


def test_a_request_that_is_refused_says_why_and_when(
    org: SalesforceSandbox, crm: SalesforceConnector
) -> None:
    request = wish(org, org.add_contact())
    at = datetime(2026, 12, 24, 10, 0, tzinfo=UTC)
    crm.answer_requests(
        [RequestResult(request, "not_asked", "", "the customer answered recently", at)]
    )
    found = told(org, request)
    assert (found["state"], found["reason"]) == ("not_asked", "the customer answered recently")
    assert found["next_ask_at"] == at
    assert found["link"] is None


def test_more_requests_than_one_call_can_answer_come_page_by_page(
    org: SalesforceSandbox, crm: SalesforceConnector
) -> None:
    contact = org.add_contact()
    made = {wish(org, contact) for _ in range(250)}
    pages, _ = everything(crm, "")
    assert [len(page.requests) for page in pages] == [200, 50]
    assert {one.id for page in pages for one in page.requests} == made
