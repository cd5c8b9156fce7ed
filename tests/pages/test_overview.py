"""The first page: the first run's steps, then what needs attention, worst first."""

import re

from tests.support.admin import Admin
from tests.support.admin_data import (
    SALES,
    answered,
    at_work,
    connect,
    set_apart,
    touchpoint,
)


def done(page: str) -> int:
    return page.count("<li data-done>")


def test_the_first_run_goes_step_by_step(anna: Admin) -> None:
    page = anna.get("/admin/").text
    assert "Three steps to the first answer" in page
    assert done(page) == 0
    connect(anna.services)
    assert done(anna.get("/admin/").text) == 1
    touchpoint(anna.services)
    page = anna.get("/admin/").text
    assert done(page) == 2
    assert 'href="/admin/touchpoints/support-case"' in page
    answered(anna.services, 9)
    assert "Three steps" not in anna.get("/admin/").text


def test_a_crm_that_needs_reconnecting_is_no_step_done(anna: Admin) -> None:
    connect(anna.services, state="needs_reconnect", reason="invalid_grant")
    assert done(anna.get("/admin/").text) == 0


def test_all_is_well(anna: Admin) -> None:
    connect(anna.services)
    touchpoint(anna.services)
    at_work(anna.services)
    assert "Nothing needs your attention." in anna.get("/admin/").text


def test_what_needs_attention_is_named_with_where_to_look(anna: Admin) -> None:
    connect(anna.services)
    connect(anna.services, SALES, "Fjord", state="needs_reconnect", reason="invalid_grant")
    touchpoint(anna.services)
    answered(anna.services, 3, days_ago=2)
    set_apart(anna.services, "parked", "contact_gone")
    set_apart(anna.services, "unsure", "unsure")
    page = anna.get("/admin/").text
    assert "Fjord: The CRM has taken our access back" in page
    assert "One delivery is parked" in page
    assert "One delivery is unsure" in page
    assert "Deliveries have been waiting for longer than 15 minutes." in page
    assert "Promises to customers not kept in time: 1." in page
    assert "No worker is running" in page
    assert page.index("Fjord: ") < page.index("One delivery is parked")
    assert "Nothing needs your attention." not in page


def test_the_figures(anna: Admin) -> None:
    connect(anna.services)
    touchpoint(anna.services)
    for score, days in ((9, 0), (2, 1), (5, 29), (1, 31)):
        answered(anna.services, score, days_ago=days)
    page = anna.get("/admin/").text
    figures = re.findall(r"</dt><dd>(?:<a [^>]*>)?(\d+)", page)
    assert figures[:4] == ["3", "2", "3", "2"]


def test_the_address_without_its_slash_leads_here(anna: Admin) -> None:
    assert anna.get("/admin").location == "/admin/"
