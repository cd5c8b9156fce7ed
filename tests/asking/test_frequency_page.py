"""The administrator's page on how often people are asked."""

import re
from datetime import timedelta
from html import unescape

import pytest
import sqlalchemy as sa

from plugin import rowset
from plugin.asking import preview
from plugin.asking.forms import values_of
from plugin.asking.limits import Limits, errors
from plugin.db import new_id
from plugin.people.store import person
from tests.support.admin import Admin, admin, anna, quick_passwords
from tests.support.admin_data import HUB

__all__ = ["admin", "anna", "quick_passwords"]

PAGE = "/admin/frequency"
FORM = values_of(Limits())


def known(anna: Admin, contact: str, **values: object) -> str:
    made = new_id()
    row = {"id": made, "installation": HUB, "contact": contact, "seen_at": anna.clock.now()}
    with anna.services.database.write() as connection:
        connection.execute(person.insert().values(**(row | values)))
    return made


def test_a_changed_rule_needs_a_reason_and_nothing_typed_is_lost(anna: Admin) -> None:
    page = anna.post(PAGE, **(FORM | {"transactional_answered_days": "7"}))
    assert page.status_code == 422
    assert 'id="error-why"' in page.text
    assert 'value="7"' in page.text
    assert 'value="90"' in anna.get(PAGE).text
    assert "frequency" not in anna.get("/admin/audit").text.split("<main")[1]


def test_a_change_and_its_reason_stand_in_the_audit_log(anna: Admin) -> None:
    changed = FORM | {"relational_silent_days": "45", "why": "Few people complain.  "}
    assert anna.post(PAGE, **changed).status_code == 303
    log = unescape(anna.get("/admin/audit").text)
    assert "days after no reaction, relational: 30 to 45" in log
    assert "Because: Few people complain." in log


def test_writing_to_whose_opt_out_is_hidden_is_decided_with_a_reason(anna: Admin) -> None:
    changed = FORM | {"unseen_opts_out": "no"}
    assert anna.post(PAGE, **changed).status_code == 422
    assert anna.post(PAGE, **(changed | {"why": "None of ours has opted out."})).status_code == 303
    log = unescape(anna.get("/admin/audit").text)
    assert "an opt-out that the CRM does not show counts: yes to no" in log


def test_colleagues_and_test_contacts_need_no_reason_and_are_not_named_in_the_log(
    anna: Admin,
) -> None:
    listed = {"staff_domains": "@Acme.example, acme.test\n", "test_contacts": "Eve@b.example\n777"}
    assert anna.post(PAGE, **(FORM | listed)).status_code == 303
    page = anna.get(PAGE).text
    assert "acme.example\nacme.test" in page
    assert "eve@b.example\n777" in page
    log = anna.get("/admin/audit").text
    assert "test contacts: 0 listed to 2 listed" in log
    assert "eve@b.example" not in log


@pytest.mark.parametrize(
    ("name", "value", "field"),
    [
        ("transactional_answered_days", "-1", "transactional_answered_days"),
        ("relational_declined_days", "731", "relational_declined_days"),
        ("transactional_silent_days", "soon", "transactional_silent_days"),
        ("company_most", "101", "company_most"),
        ("company_days", "0", "company_days"),
        ("quiet_from", "21", "quiet_from"),
        ("time_zone", "Europe/Stokholm", "time_zone"),
        ("staff_domains", "acme", "staff_domains"),
        ("staff_domains", "anna@acme.example", "staff_domains"),
        ("why", "x" * 301, "why"),
    ],
)
def test_what_cannot_be_a_rule_is_named(anna: Admin, name: str, value: str, field: str) -> None:
    given = FORM | {"why": "Because.", "company_most": "3"} | {name: value}
    for address in (given, given | {"do": "preview"} if name != "why" else given):
        page = anna.post(PAGE, **address)
        assert page.status_code == 422
        assert f'id="error-{field}"' in page.text


def test_the_same_hours_are_no_quiet_hours() -> None:
    assert "quiet_from" in errors(Limits(quiet_from=8, quiet_until=8))
    assert "quiet_from" in errors(Limits(quiet_from=24, quiet_until=8))
    assert errors(Limits(quiet_from=0, quiet_until=8)) == {}


def test_the_preview_counts_with_what_is_typed_and_saves_nothing(anna: Admin) -> None:
    now = anna.clock.now()
    known(anna, "1", email="a@b.c", opted_out=False, last_answered_at=now - timedelta(days=50))
    known(anna, "2", email="b@b.c", opted_out=True)
    known(anna, "3", unsubscribed_at=now)
    known(anna, "4", survivor=known(anna, "5", email="e@acme.example", opted_out=False))
    page = unescape(anna.get(PAGE).text)
    assert "2 of 4</b> contacts may be asked today" in page
    assert "1: Has answered recently." in page
    wanted = {"transactional_answered_days": "30", "staff_domains": "acme.example"}
    page = unescape(anna.post(PAGE, **(FORM | wanted | {"do": "preview"})).text)
    assert "With what you typed, not yet saved" in page
    assert "2 of 4</b> contacts may be asked today" in page  # about an event, on a page
    assert "1: A colleague or a test contact." in page
    assert 'value="30"' in page
    assert "1: A colleague" not in unescape(anna.get(PAGE).text)


def test_of_very_many_contacts_a_share_is_counted_and_the_page_says_so(
    anna: Admin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preview, "MOST", 50)
    now = anna.clock.now()
    with anna.services.database.write() as connection:
        rows = [
            {"id": new_id(), "installation": HUB, "contact": f"{at}", "seen_at": now}
            for at in range(1000)
        ]
        rowset.insert(connection, person, rows)
    page = unescape(anna.get(PAGE).text)
    counted = re.search(r"Counted over (\d+) of your 1,000 contacts, drawn at random", page)
    assert counted is not None
    assert 20 < int(counted[1]) < 85


def test_everybody_s_date_follows_the_rules(anna: Admin) -> None:
    at = anna.clock.now() - timedelta(days=10)
    who = known(anna, "1", last_answered_at=at, next_ask_at=at + timedelta(days=90))
    changed = {"transactional_answered_days": "20", "why": "A test."}
    anna.post(PAGE, **(FORM | changed))
    with anna.services.database.read() as connection:
        date = connection.scalar(sa.select(person.c.next_ask_at).where(person.c.id == who))
    assert date == at + timedelta(days=20)


def test_nobody_sees_or_changes_it_without_signing_in(anna: Admin) -> None:
    stranger = anna.another()
    assert stranger.get(PAGE).status_code == 303
    assert stranger.send(PAGE, FORM).status_code in (400, 401, 403)
