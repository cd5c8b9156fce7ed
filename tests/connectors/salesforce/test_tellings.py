"""What a contact was told is a task that is done: like a logged e-mail where the org has such a thing."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from connectors.sandbox.salesforce import SalesforceSandbox
from connectors.sandbox.salesforce.org import Row
from connectors.types import TOLD, Fate, Outcome, Telling
from tests.connectors.salesforce.helpers import KEYED, connector, installed, task

ABLE = KEYED | {"task_closed": "Completed", "task_email": "Email"}
AT = datetime(2026, 11, 26, 23, 30, tzinfo=UTC)


@pytest.fixture
def org() -> Iterator[SalesforceSandbox]:
    with installed() as made:
        yield made


def telling(contact: str, channel: str = "email") -> Telling:
    return Telling(f"{TOLD}c1:p1", contact, "We answer within a day", "Hello", channel, AT)


def told(org: SalesforceSandbox, channel: str = "email", **able: str) -> tuple[Outcome, list[Row]]:
    contact = org.add_contact()
    crm = connector(org, capabilities=ABLE | able)
    (outcome,) = crm.write_tellings([telling(contact, channel)])
    return outcome, org.tasks(contact)


def test_it_is_done_and_reminds_nobody(org: SalesforceSandbox) -> None:
    outcome, (row,) = told(org)
    assert outcome == Outcome(Fate.DONE, crm_id=row["Id"])
    assert (row["IsClosed"], row["IsReminderSet"]) == (True, False)
    assert (row["TaskSubtype"], row["ActivityDate"].isoformat()) == ("Email", "2026-11-26")


def test_what_was_seen_on_a_page_is_no_e_mail(org: SalesforceSandbox) -> None:
    assert told(org, "widget")[1][0]["TaskSubtype"] == "Task"


def test_an_org_that_lost_the_subtype_gets_a_plain_task(org: SalesforceSandbox) -> None:
    org.org.objects["Task"].fields["TaskSubtype"].values = ("Task", "Call")
    outcome, (row,) = told(org)
    assert (outcome.fate, row["TaskSubtype"], row["IsClosed"]) == (Fate.DONE, "Task", True)


def test_a_subtype_is_never_changed_and_needs_not_be(org: SalesforceSandbox) -> None:
    """A try we heard nothing of, and were not told of either: the key makes it one record all the same."""
    contact = org.add_contact()
    crm = connector(org, capabilities=ABLE)
    first, again = (crm.write_tellings([telling(contact)]) for _ in range(2))
    assert first == again
    assert len(org.tasks(contact)) == 1


def test_an_org_in_which_nothing_is_closed_gets_no_open_task(org: SalesforceSandbox) -> None:
    org.org.set_statuses({"Open": False})
    outcome, rows = told(org, task_closed="")
    assert (outcome.fate, outcome.code, rows) == (Fate.REFUSED, "no_closed_status", [])


def test_looks_for_changes_are_about_follow_ups_alone(org: SalesforceSandbox) -> None:
    contact = org.add_contact()
    crm = connector(org, capabilities=ABLE)
    mark = crm.changes("").mark
    crm.write_tellings([telling(contact)])
    (made,) = crm.write_tasks([task(contact)])
    assert [one.task_id for one in crm.changes(mark).tasks] == [made.crm_id]
