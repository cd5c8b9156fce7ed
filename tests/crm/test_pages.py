"""What an administrator sees of the installations, and does about them."""

import pytest

from plugin.crm.actions import owe_setup
from plugin.crm.seals import SEALED, opened
from plugin.deliveries.store import lane
from tests.crm.browsers import Browser, app_of, words


@pytest.fixture
def anna(here, account):
    signed_in = Browser(app_of(here.services), here.services)
    here.hurry()
    return signed_in


@pytest.fixture
def page(account):
    return f"/admin/installations/{account}"


def test_before_anything_is_connected_the_page_says_how_to_begin(here):
    anna = Browser(app_of(here.services), here.services)
    shown = words(anna.get("/admin/installations"))
    assert "No CRM is connected yet" in shown
    assert "Connect HubSpot" in shown


def test_the_list_shows_health_backlog_and_success(here, side, account, anna):
    contact = side.contact()
    here.answer(here.person(account, contact), 9)
    assert "2 waiting" in words(anna.get("/admin/installations"))
    here.hurry()
    here.deliver()
    shown = words(anna.get("/admin/installations"))
    assert "0 waiting" in shown
    assert "last success just now" in shown


def test_parked_deliveries_are_told_in_plain_words(here, side, account, anna, page):
    contact = side.contact()
    someone = here.person(account, contact)
    side.delete(contact)
    here.answer(someone, 3)
    here.hurry()
    here.deliver()
    shown = words(anna.get(page))
    assert "The contact was deleted in the CRM." in shown
    assert "3 deliveries" in shown


def test_when_somebody_last_looked_what_happened_there_is_told_and_why_not(
    here, side, account, anna, page
):
    assert "Last look for changes never" in words(anna.get(page))
    here.poll(account)
    assert "Last look for changes just now" in words(anna.get(page))
    here.answer(here.person(account, side.contact()), 3)
    here.deliver()
    side.sandbox.fail("(composite$|batch/read)", status=503)
    here.poll(account)
    assert "just now . The CRM does not answer." in words(anna.get(page))


def test_revoked_access_is_said_with_what_to_do(here, side, account, anna, page):
    side.revoke()
    anna.post(f"{page}/check", on=page)
    shown = words(anna.get(page))
    assert "Deliveries have stopped" in shown
    assert "connect it again" in shown
    assert "needs reconnecting" in words(anna.get("/admin/installations"))


def test_a_check_that_finds_nothing_lets_a_parked_lane_go_on(here, side, account, anna, page):
    here.change(account, reason="missing_right", reason_detail="Scopes: x.")
    here.run(lane.update().values(parked_reason="missing_right"))
    anna.post(f"{page}/check", on=page)
    assert here.lane(account).parked_reason is None
    assert here.row(account).reason == ""


def test_the_set_up_puts_back_what_somebody_deleted(here, side, account, anna, page):
    side.forget_field("score")
    anna.post(f"{page}/check", on=page)
    assert "must be put right" in words(anna.get(page))
    anna.post(f"{page}/setup", on=page)
    here.hurry()
    here.deliver()
    assert here.row(account).setup_done_at
    assert not any(f["fatal"] for f in here.row(account).findings)


def test_something_of_the_same_name_and_another_type_stops_the_set_up_with_words(here, side):
    side.plant_field("score")
    installation = here.connect(side.name, side.sandbox, set_up=False)
    with here.services.database.write() as connection:
        owe_setup(connection, here.services.clock, installation, "setup")
    here.hurry()
    here.deliver()
    assert here.states("setup") == ["parked"]
    anna = Browser(app_of(here.services), here.services)
    shown = words(anna.get(f"/admin/installations/{installation}"))
    assert "of another type stands in the CRM already" in shown
    assert here.row(installation).setup_done_at is None


def test_fallback_owner_and_viewers_are_chosen_from_the_crm_s_people(
    here, side, account, anna, page
):
    bo = side.colleague("Bo")
    shown = words(anna.get(f"{page}/people"))
    assert "Bo Berg" in shown
    anna.post(f"{page}/people", owner=bo, **({"viewers": bo} if side.name == "salesforce" else {}))
    assert here.row(account).fallback_owner == bo
    assert "Bo Berg" in words(anna.get(page))
    if side.name == "salesforce":
        anna.post(f"{page}/check", on=page)
        assert not any(f["code"] == "no_viewer" for f in here.row(account).findings)


def test_nobody_is_chosen_whom_the_crm_does_not_know(here, side, account, anna, page):
    assert anna.post(f"{page}/people", owner="made-up").status_code == 422
    assert here.row(account).fallback_owner == ""


def test_disconnecting_asks_for_the_name(here, side, account, anna, page):
    assert anna.post(f"{page}/disconnect", on=page, name="no").status_code == 422
    assert here.row(account).reason == ""


def test_disconnecting_takes_our_things_away_and_gives_the_token_back(
    here, side, account, anna, page
):
    anna.post(f"{page}/disconnect", on=page, name=here.row(account).name)
    someone = here.person(account, side.contact())
    here.answer(someone, 3)
    here.hurry()
    here.deliver()
    assert here.row(account).state == "disconnected"
    assert side.sandbox.count("revoke") == 1
    assert set(here.states("task")) == {"queued"}
    assert "disconnected" in words(anna.get(page))


def test_whoever_connects_again_meanwhile_is_not_disconnected(here, side, account, anna, page):
    anna.post(f"{page}/disconnect", on=page, name=here.row(account).name)
    here.connect(side.name, side.sandbox, set_up=False)
    here.hurry()
    here.deliver()
    assert here.row(account).state == "connected"
    assert here.states("remove") == ["void"]


def test_what_was_owed_while_disconnected_is_delivered_after_reconnecting(
    here, side, account, anna, page
):
    anna.post(f"{page}/disconnect", on=page, name=here.row(account).name)
    contact = side.contact()
    here.answer(here.person(account, contact), 3)
    here.hurry()
    here.deliver()
    here.connect(side.name, side.sandbox)
    here.deliver()
    assert len(side.tasks(contact)) == 1
    assert len(side.answers(contact)) == 1


def test_a_page_of_no_installation_is_not_found(anna):
    assert anna.get("/admin/installations/hubspot:0").status_code == 404


def test_no_page_shows_a_token(here, side, account, anna, page):
    row = here.row(account)
    secrets = [opened(here.services.sealer, row, name) for name in SEALED]
    shown = [anna.get(a).text for a in (page, f"{page}/people", "/admin/installations")]
    assert not any(secret and secret in text for secret in secrets for text in shown)
