"""Where an administrator chooses what is kept in step for segments."""

import pytest
import sqlalchemy as sa

from connectors.watching import Watched
from plugin.access.store import audit_entry
from plugin.crm.keeping import looks
from plugin.deliveries.store import lane
from plugin.segments.store import attribute, attribute_value, followed_list
from tests.crm.browsers import Browser, app_of, words
from tests.crm.sides import InHubSpot, InSalesforce

PAGE = "/admin/segments/fields"


@pytest.fixture
def side(request, database_url):
    """Each CRM with one of the databases."""
    if database_url.startswith("sqlite"):
        return InHubSpot(request.getfixturevalue("hub"))
    return InSalesforce(request.getfixturevalue("org"))


@pytest.fixture
def anna(here, account):
    return Browser(app_of(here.services), here.services)


@pytest.fixture
def page(account):
    return f"{PAGE}/{account}"


def plan(side):
    return "plan" if side.name == "hubspot" else "Plan__c"


def test_the_list_of_segments_leads_here_and_says_that_nothing_is_kept_yet(here, account, anna):
    assert f'href="{PAGE}"' in anna.get("/admin/segments").text
    assert "Nothing is kept in step yet" in words(anna.get(PAGE))


def test_what_it_costs_is_said_before_anything_is_chosen(here, side, account, anna, page):
    side.make_list("Partners", *(side.contact() for _ in range(3)))
    shown = words(anna.get(page))
    assert "about 96 calls a day" in shown
    assert "Partners (3 on it, about 24 calls a day)" in shown
    assert "Plan (text)" in shown
    assert "Customer since (date)" in shown


def test_a_field_is_chosen_read_and_stopped(here, side, account, anna, page):
    contact = side.contact()
    side.fields.put(contact, "Plan", "Team")
    here.person(account, contact)
    assert anna.post(f"{page}/field", on=page, field=plan(side)).status_code == 303
    assert "being read for the first time" in words(anna.get(PAGE))
    here.keep(account, times=2)
    assert "last read just now" in words(anna.get(PAGE))
    assert anna.post(f"{page}/field/stop", on=PAGE, field=plan(side)).status_code == 303
    assert "its values are deleted" in words(anna.get(PAGE))
    assert here.all(sa.select(attribute_value)) == here.all(sa.select(attribute)) == []
    verbs = {row.verb for row in here.all(sa.select(audit_entry))}
    assert {"keeps in step a field of", "keeps no more a field of"} <= verbs


def test_a_list_is_chosen_read_and_left(here, side, account, anna, page):
    contact = side.contact()
    here.person(account, contact)
    name = side.make_list("Partners", contact, side.contact())
    assert anna.post(f"{page}/list", on=page, list=name).status_code == 303
    here.keep(account, name)
    assert "1 of them known here" in words(anna.get(PAGE))
    assert "Partners" not in words(anna.get(page))
    assert anna.post(f"{page}/list/stop", on=PAGE, list=name).status_code == 303
    assert here.all(sa.select(followed_list)) == []


@pytest.mark.parametrize("what", ["field", "list"])
@pytest.mark.parametrize("choice", ["", "email", "Email", "no_such", "../1", "Id, Name"])
def test_what_is_not_offered_cannot_be_chosen(here, side, account, anna, page, what, choice):
    answer = anna.post(f"{page}/{what}", on=page, **{what: choice})
    assert answer.status_code == 422
    assert here.all(sa.select(attribute)) == here.all(sa.select(followed_list)) == []


def test_trouble_is_told_in_words_and_old_values_are_called_old(here, side, account, anna, page):
    anna.post(f"{page}/field", on=page, field=plan(side))
    here.person(account, side.contact())
    here.keep(account, times=2)
    side.fields.take("Plan")
    anna.post(f"{page}/again", on=PAGE)
    here.keep(account)
    shown = words(anna.get(PAGE))
    assert "segments go by old values" in words(anna.get("/admin/"))
    assert "has this field no more" in shown
    assert "old values" in shown


def test_why_nothing_is_read_just_now_is_said(here, side, account, anna, page):
    anna.post(f"{page}/field", on=page, field=plan(side))
    mine = lane.update().where(lane.c.id == looks.lane(account))
    here.run(mine.values(wait_reason="daily_budget"))
    assert "Nothing is read just now." in words(anna.get(PAGE))


def test_a_right_that_is_missing_is_named_and_the_other_can_still_be_chosen(
    here, side, account, anna, page
):
    side.forbid(Watched.LIST)
    if side.name == "salesforce":
        side.sandbox.options.hidden_objects.add("Campaign")
    shown = words(anna.get(page))
    assert "What is missing" in shown
    assert "Plan (text)" in shown


def test_hostile_labels_stay_text(here, side, account, anna, page):
    name = side.make_list("<script>alert(1)</script>", side.contact())
    assert anna.post(f"{page}/list", on=page, list=name).status_code == 303
    assert "<script>alert" not in anna.get(PAGE).text


def test_what_is_not_kept_cannot_be_stopped_and_no_account_has_no_page(here, anna, page):
    assert anna.post(f"{page}/field/stop", on=PAGE, field="x").status_code == 404
    assert anna.get(f"{PAGE}/hubspot:1").status_code == 404
