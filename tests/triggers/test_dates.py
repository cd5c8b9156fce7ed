"""Some days before or after a date on the contact, in either CRM."""

from datetime import UTC, datetime, time, timedelta

import pytest

from plugin.triggers import rules
from plugin.triggers.rules import Happening, Parameters
from tests.triggers.conftest import asks, events, outcomes, the, turns_come

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def days_are_days(here):
    """Windows count in days: here none is shortened."""
    here.services.clock.scale = 1.0


def chosen(here, account, label="Renewal date"):
    return next(
        value
        for value, words in here.services.source.choices(account, "date_nearing")
        if words == label
    )


def today(here):
    return here.now().date()


def found(here, key):
    here.look(key, times=2)
    turns_come(here)


def test_asks_so_many_days_before(here, side, account, make):
    key = make("date_nearing", choice=chosen(here, account), days=30)
    near, far = side.contact(), side.contact()
    side.set_date(near, today(here) + 30 * DAY)
    side.set_date(far, today(here) + 31 * DAY)
    found(here, key)
    assert outcomes(here) == ["asked"]
    assert events(here)[0].contact == near
    assert events(here)[0].occurred_at == datetime.combine(today(here), time(), UTC)


def test_asks_so_many_days_after(here, side, account, make):
    key = make("days_after", choice=chosen(here, account), days=14)
    contact, early = side.contact(), side.contact()
    side.set_date(contact, today(here) - 14 * DAY)
    side.set_date(early, today(here) - 13 * DAY)
    found(here, key)
    assert [one.contact for one in events(here)] == [contact]


def test_what_was_due_before_it_was_switched_on_is_not_asked(here, side, account, make):
    contact = side.contact()
    side.set_date(contact, today(here) + 29 * DAY)
    key = make("date_nearing", choice=chosen(here, account), days=30)
    found(here, key)
    assert events(here) == []


def test_a_date_typed_late_is_noticed_for_some_days(here, side, account, make):
    key = make("date_nearing", choice=chosen(here, account), days=30)
    contact = side.contact()
    side.set_date(contact, today(here) + 30 * DAY)
    here.services.clock.ahead = 2 * DAY
    found(here, key)
    assert outcomes(here) == ["asked"]


def test_the_same_date_asks_once_and_the_next_years_again(here, side, account, make):
    key = make("date_nearing", choice=chosen(here, account), days=30)
    contact = side.contact()
    side.set_date(contact, today(here) + 30 * DAY)
    found(here, key)
    found(here, key)
    assert len(asks(here)) == 1
    here.services.clock.ahead = timedelta(days=365)
    side.set_date(contact, today(here) + 30 * DAY)
    found(here, key)
    assert len(events(here)) == 2


def test_a_field_that_was_taken_away_switches_it_off_and_says_so(here, side, account, make):
    key = make("date_nearing", choice=chosen(here, account), days=30)
    if side.name == "hubspot":
        side.sandbox.fail(
            "POST .*/contacts/search$", "status", status=400, body={"category": "VALIDATION_ERROR"}
        )
    else:
        side.sandbox.options.hidden_fields.add("Contact.Renewal_Date__c")
    here.look(key)
    row = the(here, key)
    assert not row.is_on
    assert row.off_reason in ("refused", "scope_missing")
    assert row.off_detail


@pytest.mark.parametrize(
    ("kind", "days", "at"), [("date_nearing", 30, "2026-11-01"), ("days_after", 14, "2026-12-15")]
)
def test_a_date_is_due_so_many_days_before_or_after(kind, days, at):
    happening = Happening("date:x", "1", datetime(2026, 12, 1, 15, tzinfo=UTC))
    found = rules.due(kind, Parameters(days=days), happening)
    assert f"{found.at:%Y-%m-%d %H}" == f"{at} 00"
