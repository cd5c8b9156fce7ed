"""The administrator's pages of triggers, in front of real sandbox CRMs."""

import io
from datetime import UTC, datetime
from html import unescape

import pytest
import sqlalchemy as sa

from connectors.sandbox.hubspot.control import ALL_SCOPES
from plugin.access.rules import CLI
from plugin.asking.store import ask, refused_ask
from plugin.crm.actions import connect
from plugin.people.store import person
from plugin.triggers.store import trigger, trigger_contact, trigger_event
from tests.support.admin import Admin, admin_at, quick_passwords
from tests.support.admin_data import HOSTILE, touchpoint
from tests.support.granting import grant
from tests.triggers.conftest import MAIL

__all__ = ["quick_passwords"]

LIST, NEW = "/admin/triggers", "/admin/triggers/new"
CASE = "/admin/triggers/case-closed"


@pytest.fixture
def anna(database_url, quick_passwords):
    with admin_at(database_url, **MAIL) as found:
        found.clock.at = datetime.now(UTC).replace(microsecond=0)
        found.begin()
        touchpoint(found.services)
        yield found


@pytest.fixture
def connected(anna: Admin, side) -> str:
    return connect_to(anna, side)


def connect_to(anna: Admin, side) -> str:
    services = anna.services
    with services.database.write() as connection:
        granted = grant(side.name, side.sandbox)
        return connect(connection, services.clock, services.sealer, granted, way="oauth", who=CLI)


def form(account: str, kind: str = "case_closed", **more: str) -> dict[str, str]:
    given = {"key": "case-closed", "name": "Case closed", "kind": kind, "installation": account}
    return given | {"touchpoint": "support-case", "channel": "email"} | more


def added(anna: Admin, account: str, **more: str) -> str:
    fields = form(account, **more)
    address = f"{NEW}?installation={account}&kind={fields['kind']}"
    answer = anna.post(NEW, form_on=address, **fields)
    assert answer.status_code == 303, answer.text
    return f"{LIST}/{fields['key']}"


def told(page: str) -> str:
    return unescape(page.split('id="told"')[1].split("</section>")[0])


def rows(anna: Admin, table) -> int:
    with anna.services.database.read() as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def test_what_it_would_have_asked_is_said_and_nothing_is_written(anna, side, connected):
    contact, nobody = side.contact(), side.contact()
    side.close_case(contact)
    side.close_case(contact)
    side.close_case(nobody)
    if side.name == "hubspot":
        del side.sandbox.portal.records["contacts"][nobody].properties["email"]
    else:
        side.sandbox.change(nobody, Email=None)
    page = added(anna, connected)
    anna.clock.move(minutes=1)
    assert anna.post(f"{page}/try", form_on=page).status_code == 303
    words = told(anna.get(page).text)
    assert "Would have asked 1 person in the last 30 days; 2 refused." in words
    assert "1: Was asked recently and has not reacted." in words
    assert "1: Has no e-mail address in the CRM." in words
    assert [rows(anna, table) for table in (person, ask, refused_ask, trigger_event)] == [0] * 4


def test_it_cannot_be_switched_on_before_it_was_tried_out(anna, side, connected):
    page = added(anna, connected)
    assert "Switch on" not in anna.get(page).text
    refused = anna.post(f"{page}/on", form_on=page, why="Go")
    assert refused.status_code == 422
    assert "Try it out first" in refused.text


def test_on_and_off_need_a_reason_that_the_log_keeps(anna, side, connected):
    page = added(anna, connected)
    anna.post(f"{page}/try", form_on=page)
    assert anna.post(f"{page}/on", form_on=page, why=" ").status_code == 422
    assert anna.post(f"{page}/on", form_on=page, why="Support is ready.").status_code == 303
    assert "Switch off" in anna.get(page).text
    assert anna.post(f"{page}/off", form_on=page, why="Holidays.").status_code == 303
    log = unescape(anna.get("/admin/audit").text)
    assert "Because: Support is ready." in log
    assert "Because: Holidays." in log


def test_a_change_is_to_be_tried_out_again_and_only_while_it_is_off(anna, side, connected):
    page = added(anna, connected)
    anna.post(f"{page}/try", form_on=page)
    anna.post(f"{page}/on", form_on=page, why="Go")
    assert anna.post(f"{page}/edit", name="Other", channel="email").status_code == 422
    anna.post(f"{page}/off", form_on=page, why="A change")
    changed = form(connected, name="Another name", channel="widget")
    assert anna.post(f"{page}/edit", **changed).status_code == 303
    assert "Not tried out yet" in anna.get(page).text


def test_a_crm_that_cannot_be_read_is_said(anna, side, connected):
    page = added(anna, connected)
    side.sandbox.stop()
    answer = anna.post(f"{page}/try", form_on=page)
    assert answer.status_code == 422
    assert "The CRM could not be read." in unescape(answer.text)
    assert "Switch on" not in answer.text


def test_a_scope_that_was_not_granted_is_named_with_the_way_to_grant_it(anna, hub):
    services = anna.services
    few = set(ALL_SCOPES) - {"tickets"}
    hub.refresh_token = lambda: hub.grants.allow(few)
    account = connect_to(anna, type("Side", (), {"name": "hubspot", "sandbox": hub}))
    page = unescape(anna.get(f"{NEW}?installation={account}&kind=case_closed").text)
    assert "needs the right" in page
    assert "<code>tickets</code>" in page
    made = added(anna, account)
    shown = unescape(anna.get(made).text)
    assert "connect the account again" in shown
    with services.database.write() as connection:
        connection.execute(trigger.update().values(dry_run={}))
    refused = anna.post(f"{made}/on", form_on=made, why="Go")
    assert refused.status_code == 422
    assert "tickets is not granted" in refused.text


def test_what_is_typed_wrong_is_said_and_nothing_is_lost(anna, side, connected):
    address = f"{NEW}?installation={connected}&kind=case_closed"
    answer = anna.post(NEW, form_on=address, **form(connected, key="No!", name="Mine"))
    assert answer.status_code == 422
    assert 'id="error-key"' in answer.text
    assert 'value="Mine"' in answer.text


def test_a_relational_touchpoint_is_none_for_an_event(anna, side, connected):
    touchpoint(anna.services, "yearly", kind="relational", stage="use")
    address = f"{NEW}?installation={connected}&kind=case_closed"
    answer = anna.post(NEW, form_on=address, **form(connected, touchpoint="yearly"))
    assert answer.status_code == 422
    assert "choose a touchpoint that is not relational" in answer.text
    assert '<option value="yearly"' not in answer.text


def test_satisfaction_is_asked_after_an_event_too(anna, side, connected):
    touchpoint(anna.services, "solved", kind="csat", channels=("email",))
    address = f"{NEW}?installation={connected}&kind=case_closed"
    assert '<option value="solved"' in anna.get(address).text
    assert added(anna, connected, touchpoint="solved")


def test_hostile_names_stay_text(anna, side, connected):
    page = added(anna, connected, name=HOSTILE[:80])
    for address in (LIST, page):
        assert HOSTILE[:20] not in anna.get(address).text


def test_wrong_rows_of_a_pasted_list_are_named_and_nothing_is_added(anna, side, connected):
    known = side.contact()
    fields = form(connected, "list", key="vips", pasted=f"{known}\n=1+1\n{HOSTILE}")
    answer = anna.post(NEW, form_on=f"{NEW}?installation={connected}&kind=list", **fields)
    assert answer.status_code == 422
    assert "Row 2" in answer.text
    assert "Row 3" in answer.text
    assert HOSTILE[:20] not in answer.text
    assert rows(anna, trigger) == 0


def test_a_pasted_list_is_added_and_tried_out(anna, side, connected):
    page = added(anna, connected, kind="list", key="vips", pasted=side.contact())
    assert anna.post(f"{page}/try", form_on=page).status_code == 303
    assert "Would ask 1 person of the list today; 0 refused." in told(anna.get(page).text)


def test_wrong_rows_of_a_file_are_named_and_nothing_is_added(anna, side, connected):
    data = f"id;name\n{side.contact()};Åsa\n=1+1;Bo\n{HOSTILE};C\n".encode("latin-1", "replace")
    fields = form(connected, "list", key="vips", file=(io.BytesIO(data), "people.csv"))
    answer = anna.post(NEW, form_on=f"{NEW}?installation={connected}&kind=list", **fields)
    assert answer.status_code == 422
    shown = unescape(answer.text)
    assert "Row 2</b> <code></code></p><p>This row is not written in UTF-8." in shown
    assert "It begins like a formula" in shown
    assert "It has signs that no address has" in shown
    assert HOSTILE[:20] not in answer.text
    assert rows(anna, trigger) == 0


def test_a_file_is_added_unless_a_list_was_pasted_too(anna, side, connected):
    long = "Å" * 100_000  # an export has columns of which nothing is read
    data = f"id,name\n{side.contact()},{long}\n".encode("utf-8-sig")
    fields = form(connected, "list", key="vips", file=(io.BytesIO(data), "people.csv"))
    address = f"{NEW}?installation={connected}&kind=list"
    both = anna.post(NEW, form_on=address, **fields | {"pasted": "a@b.example"})
    assert "not both" in both.text
    fields["file"] = (io.BytesIO(data), "people.csv")
    assert anna.post(NEW, form_on=address, **fields).status_code == 303
    assert rows(anna, trigger_contact) == 1


def test_a_flow_says_how_many_a_day_it_asks(anna, side, connected):
    touchpoint(anna.services, "yearly", kind="relational", stage="use")
    side.contact()
    page = added(anna, connected, kind="steady_flow", key="flow", touchpoint="yearly", monthly="60")
    anna.post(f"{page}/try", form_on=page)
    assert "it asks about 10.0 contacts a day" in told(anna.get(page).text)


def test_what_an_event_led_to_stands_on_the_page(anna, side, connected):
    page = added(anna, connected)
    now = anna.clock.now()
    with anna.services.database.write() as connection:
        common = {"trigger": "case-closed", "installation": connected, "touchpoint": "support-case"}
        common |= {"found_at": now, "due_at": now, "decided_at": now, "person": None, "ask": None}
        for number, (state, reason) in enumerate(
            [("refused", "answered_recently"), ("asked", "open_already"), ("failed", "gone")]
        ):
            row = {"id": f"e{number}", "record": f"case:{number}", "contact": "7"}
            connection.execute(
                trigger_event.insert().values(**row, state=state, reason=reason, **common)
            )
    shown = anna.get(page).text
    for words in ("Has answered recently.", "had been asked already", "was deleted in the CRM"):
        assert words in shown


def test_removed_it_is_gone_and_its_key_stays_taken(anna, side, connected):
    page = added(anna, connected)
    assert anna.post(f"{page}/remove", form_on=page).status_code == 303
    assert anna.get(page).status_code == 404
    address = f"{NEW}?installation={connected}&kind=case_closed"
    assert anna.post(NEW, form_on=address, **form(connected)).status_code == 422


def test_nobody_but_an_administrator_comes_in(anna, side, connected):
    page = added(anna, connected)
    stranger = anna.another()
    for address in (LIST, NEW, page):
        assert stranger.get(address).status_code in (302, 303, 401)
    assert stranger.send(f"{page}/on", {"why": "x"}).status_code in (400, 401, 403)


def test_without_a_mail_server_nothing_asks_by_mail(anna, side, connected):
    object.__setattr__(anna.services.settings, "mail_url", "")
    page = added(anna, connected)
    anna.post(f"{page}/try", form_on=page)
    refused = anna.post(f"{page}/on", form_on=page, why="Go")
    assert refused.status_code == 422
    assert "GENSVAR_MAIL_URL" in refused.text


def test_one_that_went_off_by_itself_is_said_on_the_first_page_and_says_why(anna, side, connected):
    page = added(anna, connected)
    off = {"off_reason": "scope_missing", "off_detail": "<b>tickets</b>"}
    with anna.services.database.write() as connection:
        connection.execute(trigger.update().values(**off))
    first = unescape(anna.get("/admin/").text)
    assert "The trigger “Case closed” went off by itself." in first
    shown = anna.get(page).text
    assert "What is missing: &lt;b&gt;tickets&lt;/b&gt;" in shown
