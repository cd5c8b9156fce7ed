"""The follow-ups: who is owed a reply, in which order, and how one is closed here."""

from datetime import timedelta
from html import unescape
from typing import Any

import pytest
import sqlalchemy as sa

from plugin.access.audit import entries
from plugin.deliveries.store import delivery
from plugin.followups.store import followup
from tests.support.admin import Admin
from tests.support.admin_data import HOSTILE, HUB, SALES, answered, connect, touchpoint


@pytest.fixture
def stocked(anna: Admin) -> Admin:
    """Two installations; one follow-up overdue, two ahead, one closed."""
    here = anna.services
    connect(here)
    connect(here, SALES, "Fjord Group")
    touchpoint(here)
    answered(here, 9, "Fine", name="Tom")
    change(anna, answered(here, 5, "Cold soup", name="Cleo", days_ago=3), **closed(anna))
    answered(here, 3, "Waited four days. 100% wrong_answer.", name="Maja", days_ago=2)
    change(anna, answered(here, 0, "Never again", name="Ahmad", account=SALES), owner_name="")
    change(anna, answered(here, 2, "Rude", name="Élodie"), owner="9", owner_name="Cia", due_in=1)
    return anna


def closed(admin: Admin) -> dict[str, Any]:
    return {
        "state": "closed", "closed_at": admin.clock.now() - timedelta(days=1), "closed_by": "Bo",
        "cause": "price", "outcome": "partly", "owner": "7", "task": "71",
    }  # fmt: skip


def change(admin: Admin, answer: str, due_in: float | None = None, **values: Any) -> None:
    if due_in is not None:
        values["due_at"] = admin.clock.now() + timedelta(hours=due_in)
    with admin.services.database.write() as connection:
        connection.execute(followup.update().where(followup.c.answer == answer).values(**values))


def of(admin: Admin, comment: str = "Waited") -> str:
    """The address of the follow-up of what was said."""
    page = admin.get("/admin/follow-ups?q=" + comment).text
    return "/admin/follow-ups/" + page.split('href="/admin/follow-ups/')[1].split('"')[0]


def names(admin: Admin, query: str) -> list[str]:
    page = admin.get(f"/admin/follow-ups{query}").text
    rows = page.split('<li class="answer">')[1:]
    return [row.split("<bdi>")[1].split("</bdi>")[0] for row in rows]


def stands(admin: Admin, address: str) -> Any:
    with admin.services.database.read() as connection:
        wanted = followup.c.id == address.rpartition("/")[2]
        return connection.execute(sa.select(followup).where(wanted)).one()


def owed(admin: Admin) -> list[str]:
    kinds = sa.select(delivery.c.kind).where(delivery.c.kind.in_(("contact", "task_done")))
    with admin.services.database.read() as connection:
        return list(connection.scalars(kinds.order_by(delivery.c.kind)))


def test_nobody_is_let_in_unsigned(stocked: Admin) -> None:
    stranger, address = stocked.another(), of(stocked)
    assert "/admin/sign-in" in stranger.get("/admin/follow-ups").location
    sent = {"cause": "price", "outcome": "solved"}
    assert stranger.send(address, sent).status_code != 200
    assert stocked.send(address, sent).status_code == 403  # without the form's own token
    assert stands(stocked, address).state == "open"


def test_a_missing_follow_up_is_not_found(stocked: Admin) -> None:
    assert stocked.get("/admin/follow-ups/nothing").status_code == 404
    sent = stocked.post(
        "/admin/follow-ups/nothing", form_on="/admin/account", cause="price", outcome="solved"
    )
    assert sent.status_code == 404


WHY, WHAT = "Choose why the customer was unhappy.", "Choose what came of it."


@pytest.mark.parametrize(
    ("chosen", "wrong"),
    [
        ({}, [WHY, WHAT]),
        ({"cause": "price", "outcome": ""}, [WHAT]),
        ({"cause": "<b>", "outcome": "solved"}, [WHY]),
    ],
)
def test_without_a_choice_nothing_is_closed(
    stocked: Admin, chosen: dict[str, str], wrong: list[str]
) -> None:
    address = of(stocked)
    page = stocked.post(address, **chosen)
    assert page.status_code == 422
    assert page.text.count('class="error"') == len(wrong)
    assert all(words in page.text for words in wrong)
    assert stands(stocked, address).state == "open"
    assert owed(stocked) == []


def test_before_the_first_detractor_the_page_says_what_it_is_for(anna: Admin) -> None:
    assert "Nobody is owed a reply" in anna.get("/admin/follow-ups").text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Maja", "Élodie", "Ahmad", "Cleo"]),
        ("?state=open", ["Maja", "Élodie", "Ahmad"]),
        ("?state=overdue", ["Maja"]),
        ("?state=closed", ["Cleo"]),
        ("?state=nonsense", ["Maja", "Élodie", "Ahmad", "Cleo"]),
        (f"?installation={SALES}", ["Ahmad"]),
        ("?owner=9", ["Élodie"]),
        ("?owner=nobody&state=open", ["Maja", "Ahmad"]),
        ("?q=RUDE", ["Élodie"]),
        ("?q=maja", ["Maja"]),
        ("?q=100%25", ["Maja"]),
        ("?q=%25&state=closed", []),
        ("?after=zzz&q=%00", ["Maja", "Élodie", "Ahmad", "Cleo"]),
        ("?after=99999999999999999999-0", ["Maja", "Élodie", "Ahmad", "Cleo"]),
    ],
)
def test_the_most_urgent_first_and_the_filter(stocked: Admin, query: str, found: list[str]) -> None:
    assert names(stocked, query) == found


def test_more_is_a_page_further_and_the_filter_goes_along(anna: Admin) -> None:
    connect(anna.services)
    touchpoint(anna.services)
    for number in range(33):
        answered(anna.services, 3, name=f"Customer {number:02}", days_ago=number / 24)
    first = unescape(anna.get("/admin/follow-ups?state=open").text)
    assert names(anna, "?state=open")[0] == "Customer 32"
    following = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0]
    assert "state=open" in following
    query = following.removeprefix("/admin/follow-ups")
    assert names(anna, query) == ["Customer 02", "Customer 01", "Customer 00"]


def test_the_page_tells_the_story(stocked: Admin) -> None:
    page = stocked.get(of(stocked)).text
    assert "overdue" in page
    assert "Answered with 3" in page
    assert "https://app.hubspot.com/contacts/4711/record/0-1/" in page
    assert "Unclear communication" in page
    assert "Not reached" in page


def test_handled_here_is_closed_audited_and_told_to_the_crm(stocked: Admin) -> None:
    address = of(stocked)
    with stocked.services.database.write() as connection:
        connection.execute(followup.update().values(task="72"))
    done = stocked.post(address, cause="slow_reply", outcome="solved")
    assert done.status_code == 303
    page = stocked.get(done.location).text
    assert "Saved. The follow-up is closed" in page
    assert "Marked handled here" in page
    assert "Slow reply. Solved" in page
    row = stands(stocked, address)
    assert (row.state, row.closed_by, row.cause) == ("closed", "Anna Berg", "slow_reply")
    assert owed(stocked) == ["contact", "task_done"]
    with stocked.services.database.read() as connection:
        newest = entries(connection)[0]
    assert (newest.verb, newest.object) == ("handled", f"follow-up {row.id}")
    assert names(stocked, "?state=closed") == ["Maja", "Cleo"]


def test_sent_twice_is_done_once(stocked: Admin) -> None:
    address = of(stocked)
    for _ in range(2):
        stocked.post(address, cause="slow_reply", outcome="solved")
    with stocked.services.database.read() as connection:
        assert [e.verb for e in entries(connection)].count("handled") == 1


def test_a_closed_one_can_be_corrected(stocked: Admin) -> None:
    address = of(stocked, "Cold")
    page = stocked.get(address).text
    assert '<option value="price" selected>' in page
    stocked.post(address, cause="product_fault", outcome="solved")
    row = stands(stocked, address)
    assert (row.cause, row.closed_by) == ("product_fault", "Bo")
    assert owed(stocked) == ["task_done"]


def test_hostile_words_are_only_text(stocked: Admin) -> None:
    answer = answered(stocked.services, 1, HOSTILE, name=HOSTILE, company=HOSTILE)
    change(stocked, answer, owner="1", owner_name=HOSTILE, task=HOSTILE, due_in=-90)
    address = of(stocked, "alert")
    for path in ("/admin/follow-ups", address):
        page = stocked.get(path).text
        assert "&lt;script&gt;alert" in page, path
        assert "<script>alert" not in page, path
        assert "<img src=x" not in page, path
    change(stocked, answer, **{**closed(stocked), "closed_by": HOSTILE})
    assert "<script>alert" not in stocked.get(address).text


def test_other_pages_lead_there(stocked: Admin) -> None:
    home = stocked.get("/admin/").text
    assert 'href="/admin/follow-ups?state=overdue">1<' in home
    assert 'href="/admin/follow-ups?state=open">3<' in home
    assert "Promises to customers not kept in time: 1." in home
    page = stocked.get(f"/admin/installations/{HUB}").text
    assert "/admin/follow-ups?state=open" in page
    assert of(stocked) in stocked.get("/admin/answers").text
