"""Follow-up tasks: one per detractor, whatever happens on the way."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from connectors.errors import Unreachable
from connectors.salesforce.connector import SalesforceConnector
from connectors.sandbox.salesforce import SalesforceSandbox
from connectors.types import Fate, TaskLine
from tests.connectors.salesforce.helpers import KEYED, MARKED, connector, installed, task


@pytest.fixture(params=["unique", "marker"])
def both(request: pytest.FixtureRequest) -> Iterator[tuple[SalesforceSandbox, SalesforceConnector]]:
    """An org that takes the key field on tasks, and one that does not."""
    keyless = request.param == "marker"
    with installed(keyless=keyless) as org:
        yield org, connector(org, capabilities=MARKED if keyless else KEYED)


def line(contact: str, task_id: str, text: str = "22:05: the score changed.") -> TaskLine:
    return TaskLine("a1", contact, task_id, text)


def test_a_task_says_what_is_to_be_done(
    both: tuple[SalesforceSandbox, SalesforceConnector],
) -> None:
    org, crm = both
    rep, contact = org.add_user("Rita", "Rep"), org.add_contact()
    [outcome] = crm.write_tasks([task(contact, owner_id=rep)])
    row = org.row(outcome.crm_id, "Task")
    assert (row["WhoId"], row["OwnerId"]) == (contact, rep)
    assert (row["Subject"], row["Priority"]) == ("NPS 3: follow up", "High")
    assert row["Status"] == "Not Started"
    assert row["Description"].startswith("Score: 3 of 10\n\nIngen svarar")
    assert row["ActivityDate"] == date(2026, 11, 21)
    assert row["IsReminderSet"]
    assert row["ReminderDateTime"] == datetime(2026, 11, 21, 10, 0, 30, tzinfo=UTC)


def test_the_date_is_the_day_in_utc(both: tuple[SalesforceSandbox, SalesforceConnector]) -> None:
    org, crm = both
    late = datetime.fromisoformat("2026-11-21T23:30:00-05:00")
    [outcome] = crm.write_tasks([task(org.add_contact(), due_at=late)])
    assert org.row(outcome.crm_id, "Task")["ActivityDate"] == date(2026, 11, 22)


def test_a_second_try_after_a_lost_reply_makes_no_second_task(
    both: tuple[SalesforceSandbox, SalesforceConnector],
) -> None:
    org, crm = both
    contact, other = org.add_contact(), org.add_contact()
    org.fail("(PATCH|POST) .*composite", "lost")
    with pytest.raises(Unreachable):
        crm.write_tasks([task(contact)])
    [made] = org.rows("Task")
    again = crm.write_tasks([task(contact, attempted=True), task(other, "a2", attempted=True)])
    assert [o.fate for o in again] == [Fate.DONE, Fate.DONE]
    assert again[0].crm_id == made["Id"]
    assert len(org.rows("Task")) == 2


def test_a_task_that_a_rep_has_worked_on_is_not_overwritten(
    both: tuple[SalesforceSandbox, SalesforceConnector],
) -> None:
    org, crm = both
    contact = org.add_contact()
    [first] = crm.write_tasks([task(contact)])
    notes = org.row(first.crm_id, "Task")["Description"] + "\nI called her."
    org.change(first.crm_id, "Task", Status="Completed", Description=notes)
    crm.write_tasks([task(contact, attempted=True)])
    crm.write_tasks([task(contact, proof=first.crm_id)])
    row = org.row(first.crm_id, "Task")
    assert (row["Status"], row["Description"]) == ("Completed", notes)


def test_a_task_that_a_rep_has_deleted_does_not_come_back(
    both: tuple[SalesforceSandbox, SalesforceConnector],
) -> None:
    org, crm = both
    contact = org.add_contact()
    [first] = crm.write_tasks([task(contact)])
    org.delete(first.crm_id, "Task")
    [again] = crm.write_tasks([task(contact, attempted=True)])
    assert (again.fate, again.crm_id) == (Fate.DONE, first.crm_id)
    assert org.rows("Task") == []


def test_lost_contacts_and_bad_rows_leave_the_others_alone(
    both: tuple[SalesforceSandbox, SalesforceConnector],
) -> None:
    org, crm = both
    good, gone, loser = (org.add_contact() for _ in range(3))
    org.delete(gone)
    org.merge(good, loser)
    rows = [task(gone, "a1"), task(good, "a2"), task(loser, "a3"), task("x", "a4")]
    outcomes = crm.write_tasks(rows)
    assert [o.fate for o in outcomes] == [Fate.GONE, Fate.DONE, Fate.MERGED, Fate.REFUSED]
    assert outcomes[2].crm_id == good
    assert len(org.rows("Task")) == 1


def test_an_owner_who_has_left_does_not_keep_the_task_from_being_made(
    both: tuple[SalesforceSandbox, SalesforceConnector],
) -> None:
    org, crm = both
    left, rep = org.add_user("Lee", "Left", active=False), org.add_user("Rita", "Rep")
    contacts = [org.add_contact() for _ in range(3)]
    owners = [left, rep, "005gv0000000777AAA"]
    rows = [
        task(c, f"a{n}", owner_id=o) for n, (c, o) in enumerate(zip(contacts, owners, strict=True))
    ]
    org.calls.clear()
    outcomes = crm.write_tasks(rows)
    assert {o.fate for o in outcomes} == {Fate.DONE}
    assigned = [org.row(o.crm_id, "Task")["OwnerId"] for o in outcomes]
    assert assigned == [org.admin, rep, org.admin]
    assert len(org.calls) == 2


def test_a_queue_may_own_a_task_and_nonsense_may_not(
    both: tuple[SalesforceSandbox, SalesforceConnector],
) -> None:
    org, crm = both
    queue = org.add("Group", Name="Care", Type="Queue")
    contact = org.add_contact()
    rows = [task(contact, "a1", owner_id=queue), task(contact, "a2", owner_id="me' OR")]
    owners = [org.row(o.crm_id, "Task")["OwnerId"] for o in crm.write_tasks(rows)]
    assert owners == [queue, org.admin]


def test_long_texts_are_cut_and_the_marker_stays(
    both: tuple[SalesforceSandbox, SalesforceConnector],
) -> None:
    org, crm = both
    contact = org.add_contact()
    [first] = crm.write_tasks([task(contact, subject="s" * 300, body="😀" * 20_000)])
    assert len(org.row(first.crm_id, "Task")["Subject"]) == 255
    [again] = crm.write_tasks([task(contact, attempted=True)])
    assert again.crm_id == first.crm_id


def test_markup_in_a_customers_words_is_kept_as_it_is_written(
    both: tuple[SalesforceSandbox, SalesforceConnector],
) -> None:
    org, crm = both
    [outcome] = crm.write_tasks([task(org.add_contact(), body="<b>5 > 3 & {!x}</b>")])
    assert org.row(outcome.crm_id, "Task")["Description"].startswith("<b>5 > 3 & {!x}</b>")


def test_a_line_is_added_once_above_the_text_and_nothing_else_changes(
    both: tuple[SalesforceSandbox, SalesforceConnector],
) -> None:
    org, crm = both
    rep, contact = org.add_user("Rita", "Rep"), org.add_contact()
    [made] = crm.write_tasks([task(contact, owner_id=rep)])
    org.change(made.crm_id, "Task", Status="In Progress")
    before = org.row(made.crm_id, "Task")
    for _ in range(2):
        assert crm.add_task_lines([line(contact, made.crm_id)])[0].fate is Fate.DONE
    after = org.row(made.crm_id, "Task")
    assert after["Description"] == f"22:05: the score changed.\n\n{before['Description']}"
    for kept in ("Status", "OwnerId", "Subject", "ActivityDate"):
        assert after[kept] == before[kept]


def test_a_line_is_found_again_whatever_line_ends_the_org_keeps(
    org: SalesforceSandbox, crm: SalesforceConnector
) -> None:
    contact = org.add_contact()
    [made] = crm.write_tasks([task(contact)])
    two = line(contact, made.crm_id, "22:05: the customer wrote:\nNow it works.")
    crm.add_task_lines([two])
    text = org.row(made.crm_id, "Task")["Description"].replace("\n", "\r\n")
    org.change(made.crm_id, "Task", Description=text)
    crm.add_task_lines([two])
    assert org.row(made.crm_id, "Task")["Description"] == text


def test_a_line_with_characters_that_no_field_takes_is_found_again(
    org: SalesforceSandbox, crm: SalesforceConnector
) -> None:
    contact = org.add_contact()
    [made] = crm.write_tasks([task(contact)])
    for _ in range(2):
        crm.add_task_lines(
            [line(contact, made.crm_id, "22:05: the customer wrote: be\x07ep \x1b[0m")]
        )
    assert org.row(made.crm_id, "Task")["Description"].count("the customer wrote: beep") == 1


def test_two_lines_for_one_task_in_one_batch_are_both_kept(
    org: SalesforceSandbox, crm: SalesforceConnector
) -> None:
    contact = org.add_contact()
    [made] = crm.write_tasks([task(contact)])
    lines = [line(contact, made.crm_id, "first"), line(contact, made.crm_id, "second")]
    assert [o.fate for o in crm.add_task_lines(lines)] == [Fate.DONE, Fate.DONE]
    assert org.row(made.crm_id, "Task")["Description"].startswith("second\n\nfirst\n\nScore")


def test_a_line_for_a_task_that_is_gone_or_full_is_refused_in_words(
    org: SalesforceSandbox, crm: SalesforceConnector
) -> None:
    contact = org.add_contact()
    gone, full = (o.crm_id for o in crm.write_tasks([task(contact, k) for k in ("a1", "a2")]))
    org.delete(gone, "Task")
    org.change(full, "Task", Description="x" * 31_990)
    outcomes = crm.add_task_lines([line(contact, t) for t in (gone, full, "nonsense")])
    assert [o.code for o in outcomes] == ["task_gone", "description_full", "task_gone"]
    assert {o.fate for o in outcomes} == {Fate.REFUSED}


def test_two_hundred_lines_take_two_calls(org: SalesforceSandbox, crm: SalesforceConnector) -> None:
    contact = org.add_contact()
    made = crm.write_tasks([task(contact, f"a{n}") for n in range(200)])
    org.calls.clear()
    outcomes = crm.add_task_lines([line(contact, o.crm_id) for o in made])
    assert {o.fate for o in outcomes} == {Fate.DONE}
    assert len(org.calls) == 2
