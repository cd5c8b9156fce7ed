"""Trying a touchpoint with a test contact, and the link with its QR code."""

from html import unescape
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from plugin.asking import frequency
from plugin.asking.store import ask
from plugin.asking.testing import is_test, listed
from plugin.db import new_id
from plugin.people.store import person
from tests.evidence.visitors import FIREFOX, Form
from tests.support.admin import Admin
from tests.support.admin_data import HUB, asked, connect, staff, touchpoint

TRY = "/admin/asks/try"


@pytest.fixture
def stocked(anna: Admin) -> Admin:
    connect(anna.services)
    touchpoint(anna.services, channels=("widget",))
    staff(anna.services, "acme.example", contacts=["777"])
    return anna


def known(admin: Admin, contact: str, **values: object) -> str:
    """A contact the CRM told of just now."""
    made = new_id()
    row = {"id": made, "installation": HUB, "contact": contact, "seen_at": admin.clock.now()}
    with admin.services.database.write() as connection:
        connection.execute(person.insert().values(**(row | values)))
    return made


def wish(admin: Admin, contact: str, **more: str) -> TestResponse:
    given = {"touchpoint": "support-case", "installation": HUB, "contact": contact, "locale": "sv"}
    return admin.post(TRY, **(given | more))


def asks(admin: Admin) -> list[Any]:
    with admin.services.database.read() as connection:
        return list(connection.execute(sa.select(ask)))


def test_a_test_contact_answers_and_it_reaches_no_figure(stocked: Admin) -> None:
    who = known(stocked, "777", name="Trial")
    before = facts_of(stocked, who)
    page = stocked.get(str(wish(stocked, "777").location))
    assert "This is a test: it is in no figure." in page.text
    link = unescape(page.text).split('id="link"')[1].split("<code>")[1].split("</code>")[0]
    assert link.startswith("http://localhost/s/")
    customer = stocked.app.test_client()
    survey = customer.get(link.removeprefix("http://localhost")).text
    assert 'lang="sv"' in survey
    stocked.clock.move(seconds=5)
    sent = Form(survey).fields | {"score": "2"}
    said = customer.post("/api/v1/answers", data=sent, headers={"User-Agent": FIREFOX})
    assert said.status_code == 201
    assert facts_of(stocked, who) == before  # no rule of frequency noticed
    home = stocked.get("/admin/").text
    assert "<dt>NPS answers in 30 days</dt><dd>0</dd>" in home
    assert '<a href="/admin/follow-ups?state=open">0</a>' in home
    listed_page = stocked.get("/admin/asks").text
    assert "One test is in no number" in listed_page
    assert ">test</span>" in stocked.get("/admin/answers").text
    assert "tried" in stocked.get("/admin/audit").text


def facts_of(admin: Admin, who: str) -> tuple[object, ...]:
    with admin.services.database.read() as connection:
        row = connection.execute(sa.select(person).where(person.c.id == who)).one()
    return row.last_asked_at, row.silent_since, row.last_declined_at


def test_as_often_as_she_likes_and_one_open_ask_is_the_same(stocked: Admin) -> None:
    known(stocked, "1", email="eva@lab.acme.example")
    first, second = wish(stocked, "1"), wish(stocked, "1")
    assert first.location == second.location
    with stocked.services.database.write() as connection:
        connection.execute(ask.update().values(state="answered"))
    assert wish(stocked, "1").location != first.location
    assert all(one.test for one in asks(stocked))


@pytest.mark.parametrize(
    ("contact", "more", "words"),
    [
        ("", {}, "Enter an e-mail address or a record id."),
        ("x" * 65, {}, "Enter an e-mail address or a record id."),
        ("501", {}, "Neither a colleague nor a test contact."),
        ("502", {}, "deleted in the CRM"),
        ("777", {"touchpoint": "nothing"}, "There is no such touchpoint."),
        ("777", {"touchpoint": "old"}, "This touchpoint is archived."),
    ],
)
def test_who_or_what_cannot_be_tried_is_said(
    stocked: Admin, contact: str, more: dict[str, str], words: str
) -> None:
    known(stocked, "777")
    known(stocked, "501", email="maja@fjord.example", name="A customer")
    known(stocked, "502", email="bo@acme.example", gone_at=stocked.clock.now())
    touchpoint(stocked.services, "old")
    stocked.post("/admin/touchpoints/old/archive", form_on="/admin/touchpoints/old")
    page = wish(stocked, contact, **more)
    assert page.status_code == 422
    assert words in unescape(page.text)
    assert asks(stocked) == []


def test_without_anybody_named_the_page_says_where(anna: Admin) -> None:
    assert "First connect a CRM" in anna.get(TRY).text
    connect(anna.services)
    touchpoint(anna.services)
    page = anna.get(f"{TRY}?touchpoint=support-case").text
    assert "Name them under Frequency" in page
    assert '<option value="support-case" selected>' in page


def test_the_database_and_the_rules_agree_on_who_is_a_test(anna: Admin) -> None:
    staff(anna.services, "acme.example", "x-y.co", contacts=["003abc", "eve@b.example", "777"])
    people = [
        ("1", "anna@acme.example"), ("2", "anna@ACME.Example "), ("3", "a@deep.lab.acme.example"),
        ("4", "a@notacme.example"), ("5", "acme.example@b.example"), ("6", "a@acme.example.evil"), ("7", ""),
        ("003ABC", ""), ("8", "Eve@b.example"), ("777", "x@y.z"), ("7770", "x@y.z"), ("9", "a@x-y.co"),
        ("10", "a@xzy.co"), ("11", "a@b_acme.example"),
    ]  # fmt: skip
    for contact, email in people:
        known(anna, contact, email=email)
    with anna.services.database.read() as connection:
        rules = frequency.load(connection)
        marked = set(connection.scalars(sa.select(person.c.contact).where(listed(rules))))
        assert marked == {contact for contact, email in people if rules.is_test(email, contact)}
        assert marked == {"1", "2", "3", "003ABC", "8", "777", "9"}
        joined = sa.select(ask.c.id).join(person, person.c.id == ask.c.person)
        assert connection.execute(joined.where(is_test(connection))).all() == []


def test_a_link_that_may_be_answered_is_shown_with_its_code(stocked: Admin) -> None:
    now = stocked.clock.now()
    open_ask = asked(stocked.services, name="Open")
    page = stocked.get(f"/admin/asks/{open_ask}").text
    assert '<div class="qr" role="img" aria-label="QR code of the survey link"><svg' in page
    assert 'data-copy="link"' in page
    assert "://" not in page.split("<svg")[1].split("</svg>")[0]
    drawn = stocked.get(f"/admin/asks/{open_ask}/qr.svg")
    assert drawn.content_type == "image/svg+xml"
    assert f"attachment; filename=survey-{open_ask}.svg" in drawn.headers["Content-Disposition"]
    assert "default-src 'none'" in drawn.headers["Content-Security-Policy"]
    tree = ET.fromstring(drawn.get_data())
    assert {one.tag.rpartition("}")[2] for one in tree.iter()} <= {"svg", "g", "path"}
    closed = {
        "answered": {"state": "answered"}, "mail": {"channel": "email", "mailed_at": now},
        "late": {"expires_at": now}, "page": {"channel": "widget"},
    }  # fmt: skip
    for name, values in closed.items():
        ask_id = asked(stocked.services, name=name, **values)
        assert 'class="qr"' not in stocked.get(f"/admin/asks/{ask_id}").text, name
        assert stocked.get(f"/admin/asks/{ask_id}/qr.svg").status_code == 404, name
