"""The answers: newest first, found by what they are and what they say, each with its history."""

from html import unescape

import pytest

from plugin.answers.store import revision
from tests.support.admin import Admin
from tests.support.admin_data import HOSTILE, HUB, SALES, answered, connect, touchpoint


@pytest.fixture
def stocked(anna: Admin) -> Admin:
    """Two installations, two touchpoints, four answers."""
    here = anna.services
    connect(here)
    connect(here, SALES, "Fjord Group")
    touchpoint(here)
    touchpoint(here, "quarterly", name="Quarterly", kind="relational", stage="use", texts={})
    answered(here, 3, "Waited four days. 100% wrong_answer.", name="Maja", days_ago=40)
    answered(here, 8, "Works well enough", name="Tom")
    answered(here, 10, "", name="Élodie", key="quarterly")
    answered(here, 0, "Never again", name="Ahmad", account=SALES, may_contact=False)
    return anna


def names(admin: Admin, query: str) -> list[str]:
    page = admin.get(f"/admin/answers{query}").text
    rows = page.split('<li class="answer">')[1:]
    return [row.split("<bdi>")[1].split("</bdi>")[0] for row in rows]


def test_before_the_first_answer_the_page_says_what_to_do_next(anna: Admin) -> None:
    assert "Add a touchpoint" in anna.get("/admin/answers").text
    touchpoint(anna.services)
    assert "Get the code" in anna.get("/admin/answers").text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Ahmad", "Élodie", "Tom", "Maja"]),
        ("?category=detractor", ["Ahmad", "Maja"]),
        ("?category=promoter", ["Élodie"]),
        ("?touchpoint=quarterly", ["Élodie"]),
        (f"?installation={SALES}", ["Ahmad"]),
        ("?since=2026-11-01", ["Ahmad", "Élodie", "Tom"]),
        ("?until=2026-10-31", ["Maja"]),
        ("?since=2026-11-20&until=2026-11-20", ["Ahmad", "Élodie", "Tom"]),
        ("?q=WELL", ["Tom"]),
        ("?q=maja", ["Maja"]),
        ("?q=Fjord", ["Ahmad", "Élodie", "Tom", "Maja"]),
        ("?q=100%25", ["Maja"]),
        ("?q=%25", ["Maja"]),
        ("?q=g_a", ["Maja"]),
        ("?q=t_o", []),
        ("?q=nobody", []),
        ("?category=nonsense", ["Ahmad", "Élodie", "Tom", "Maja"]),
        ("?q=%00&after=zzz", ["Ahmad", "Élodie", "Tom", "Maja"]),
    ],
)
def test_the_filter(stocked: Admin, query: str, found: list[str]) -> None:
    assert names(stocked, query) == found


def test_a_day_that_cannot_be_read_is_named(stocked: Admin) -> None:
    page = stocked.get("/admin/answers?since=yesterday&q=well").text
    assert "Write a day as 2026-11-21." in page
    assert 'value="well"' in page


def test_older_answers_are_a_page_further_and_the_filter_goes_along(anna: Admin) -> None:
    connect(anna.services)
    touchpoint(anna.services)
    for number in range(35):
        answered(anna.services, number % 7, name=f"Customer {number:02}")
    first = unescape(anna.get("/admin/answers?category=detractor").text)
    assert "Customer 34" in first
    assert "Customer 04" not in first
    following = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0]
    assert "category=detractor" in following
    assert names(anna, following.removeprefix("/admin/answers")) == [
        f"Customer {n:02}" for n in (4, 3, 2, 1, 0)
    ]


def test_one_answer_shows_everything_that_was_said(stocked: Admin) -> None:
    answer_id = answered(stocked.services, 2, "Second thought", name="Cleo")
    with stocked.services.database.write() as connection:
        connection.execute(
            revision.insert().values(
                answer=answer_id, revision=2, score=6, comment="Third", at=stocked.clock.now()
            )
        )
    page = stocked.get(f"/admin/answers/{answer_id}").text
    assert "Said in 2 revisions" in page
    assert page.index("Third") < page.index("Second thought", page.index("Said in 2"))
    assert "promised until" in page
    assert "Jonas Ek" in page
    assert "https://app.hubspot.com/contacts/4711/record/0-1/" in page
    assert "Answer record" in page


def test_the_follow_up_is_overdue_when_its_time_has_passed(stocked: Admin) -> None:
    rows = stocked.get("/admin/answers?category=detractor").text.split('<li class="answer">')
    assert "follow-up open" in rows[1]
    assert "follow-up overdue" in rows[2]
    assert "Does not want to be contacted." in rows[1]


def test_hostile_comments_are_only_text(stocked: Admin) -> None:
    answer_id = answered(stocked.services, 1, HOSTILE, name=HOSTILE, company=HOSTILE)
    for path in ("/admin/", "/admin/answers", f"/admin/answers/{answer_id}"):
        page = stocked.get(path).text
        assert "&lt;script&gt;alert" in page, path
        assert "<script>alert" not in page, path
        assert "<img src=x" not in page, path
        assert "{{7*7}}" in page, path


def test_a_search_is_only_text_too(stocked: Admin) -> None:
    page = stocked.browser.get("/admin/answers", query_string={"q": HOSTILE}).text
    assert "<script>alert" not in page


def test_a_missing_answer_is_not_found(anna: Admin) -> None:
    assert anna.get("/admin/answers/nothing").status_code == 404


def test_an_answer_of_an_installation_that_is_gone_is_still_shown(anna: Admin) -> None:
    touchpoint(anna.services)
    from plugin.deliveries.actions import ensure_lane

    with anna.services.database.write() as connection:
        ensure_lane(connection, f"crm:{HUB}", 9)
    answer_id = answered(anna.services, 9, "Still here")
    assert "Still here" in anna.get("/admin/answers").text
    assert HUB in anna.get(f"/admin/answers/{answer_id}").text
