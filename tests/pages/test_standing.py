"""Why an answer counts or does not, in words, and an administrator's last word on it."""

from datetime import timedelta
from html import unescape

import pytest
import sqlalchemy as sa

from plugin.answers.store import answer
from plugin.asking.store import ask
from plugin.db import new_id
from plugin.people.store import person
from tests.support.admin import Admin
from tests.support.admin_data import HUB, answered, connect, touchpoint
from widget.tokens import SurveyToken, Tokens


@pytest.fixture
def scanned(anna: Admin) -> str:
    """An answer that a scanner left: it fetched everything in the mail, and posted."""
    here, now = anna.services, anna.clock.now()
    connect(here)
    touchpoint(here)
    who, asked = new_id(), new_id()
    common = {"installation": HUB, "person": who, "touchpoint": "support-case", "channel": "email"}
    with here.database.write() as connection:
        connection.execute(
            person.insert().values(id=who, installation=HUB, contact="1", name="Maja", seen_at=now)
        )
        connection.execute(
            ask.insert().values(
                id=asked,
                created_at=now,
                mailed_at=now,
                expires_at=now + timedelta(days=60),
                **common,
            )
        )
    tokens = Tokens(here.settings.signing_keys, here.clock.now)
    text = tokens.seal(
        SurveyToken(asked, HUB, "1", "support-case", "email", "en", now + timedelta(days=60))
    )
    anna.clock.move(seconds=4)
    customer = anna.another().browser
    for score in range(12):
        customer.get(f"/s/{text}?score={score}", headers={"User-Agent": "Mozilla/5.0"})
    anna.clock.move(minutes=3)
    customer.head(f"/s/{text}", headers={"User-Agent": "Slackbot 1.0"})
    reply = customer.post("/api/v1/answers", json={"token": text, "score": 0})
    return str(reply.json["answer_id"])


def standing(admin: Admin) -> str:
    with admin.services.database.read() as connection:
        return str(connection.scalar(sa.select(answer.c.standing)))


def test_it_is_in_no_list_and_no_figure_but_in_a_list_of_its_own(anna: Admin, scanned: str) -> None:
    assert scanned not in anna.get("/admin/answers").text
    assert "Maja" not in anna.get("/admin/").text
    others = anna.get("/admin/answers?counts=no").text
    assert scanned in others
    assert "Sent without opening the page." in others


def test_where_every_answer_counts_the_other_list_says_so(anna: Admin) -> None:
    connect(anna.services)
    touchpoint(anna.services)
    answered(anna.services, 9)
    page = anna.get("/admin/answers?counts=no").text
    assert "Every answer so far counts." in page
    assert "Nothing like that" not in page
    narrowed = anna.get("/admin/answers?counts=no&q=x").text
    assert 'href="/admin/answers?counts=no">Show all' in narrowed, "of the same list"


def test_its_page_says_how_it_came_about(anna: Admin, scanned: str) -> None:
    page = unescape(anna.get(f"/admin/answers/{scanned}").text)
    assert "does not count: no human hand was seen" in page
    assert "Sent without opening the page." in page
    assert (
        "Opened 4.0 s after delivery by something that fetched all eleven links at once, "
        "and the link that no person sees." in page
    )
    assert "Opened 3 min after delivery by a program that makes link previews" in page


def test_it_is_counted_for_a_reason_and_set_aside_again(anna: Admin, scanned: str) -> None:
    address = f"/admin/answers/{scanned}"
    refused = anna.post(f"{address}/standing", form_on=address, counts="yes", why=" ")
    assert refused.status_code == 422
    assert "Say why" in refused.text
    assert standing(anna) == "provisional"
    done = anna.post(f"{address}/standing", form_on=address, counts="yes", why="She rang us")
    assert done.status_code == 303
    assert standing(anna) == "counted"
    page = anna.get(address).text
    assert "Anna Berg decided that it counts." in page
    assert "Follow-up" in page
    assert scanned in anna.get("/admin/answers").text
    anna.post(f"{address}/standing", form_on=address, counts="no", why="A mistake")
    assert standing(anna) == "set_aside"
    assert "set aside by an administrator" in anna.get(address).text
    log = anna.get("/admin/audit").text
    assert "She rang us" in log
    assert "A mistake" in log


def test_who_is_not_signed_in_decides_nothing(anna: Admin, scanned: str) -> None:
    nobody = anna.another()
    reply = nobody.send(f"/admin/answers/{scanned}/standing", {"counts": "yes", "why": "x"})
    assert reply.status_code in (302, 303, 401, 403)
    assert standing(anna) == "provisional"


def test_a_missing_answer_is_not_found(anna: Admin, scanned: str) -> None:
    address = f"/admin/answers/{scanned}"
    wrong = anna.post("/admin/answers/nothing/standing", form_on=address, counts="yes", why="x")
    assert wrong.status_code == 404
