"""Who was asked, who has answered, who has not, who was not asked: pages in front of both databases."""

from datetime import timedelta
from html import unescape

import pytest
import sqlalchemy as sa

from plugin.answers.store import answer
from plugin.asking.store import ask
from plugin.people.store import person
from tests.support.admin import Admin
from tests.support.admin_data import (
    HOSTILE,
    SALES,
    answered,
    asked,
    connect,
    refused,
    staff,
    touchpoint,
)

ASKS, SILENT, REFUSED = "/admin/asks", "/admin/asks/silent", "/admin/asks/refused"


@pytest.fixture
def stocked(anna: Admin) -> Admin:
    """An ask in every state there is."""
    here, now = anna.services, anna.clock.now()
    connect(here)
    connect(here, SALES, "Fjord Group")
    touchpoint(here)
    touchpoint(here, "quarterly", name="Quarterly", kind="relational", stage="use", texts={})
    mail = {"channel": "email", "mailed_at": now}
    asked(here, name="Waiting", channel="email", days_ago=1)
    asked(
        here, name="Delivered", days_ago=2, reminders=2, reminded_at=now, trigger="deal-won", **mail
    )
    asked(here, name="Bounced", days_ago=3, bounced_at=now, **mail)
    asked(here, name="Opened", days_ago=4, shown_at=now, key="quarterly")
    asked(here, name="Handed", days_ago=5, account=SALES)
    asked(here, name="Declined", days_ago=6, state="declined", declined_at=now, channel="widget")
    asked(here, name="Expired", days_ago=70, **mail)
    newer = asked(here, name="Newer", days_ago=8, state="expired", shown_at=now)
    asked(here, name="Joined", days_ago=9, state="expired", became=newer)
    answered(here, 9, "Good", name="Answered", days_ago=10)
    return anna


def names(admin: Admin, address: str) -> list[str]:
    rows = admin.get(address).text.split(
        '<span class="row-title">' if "refused" in address else 'row-title" href'
    )
    return [row.split("<bdi>")[1].split("</bdi>")[0] for row in rows[1:]]


def facts(admin: Admin, name: str, address: str = ASKS) -> str:
    """The row of one person."""
    page = unescape(admin.get(address).text)
    return page.split(f"<bdi>{name}</bdi>")[1].split('<div class="row-head">')[0]


def test_every_ask_has_one_state_in_words(stocked: Admin) -> None:
    states = {
        "Waiting": "waiting to be mailed", "Delivered": "delivered", "Bounced": "bounced", "Opened": "opened",
        "Handed": "handed over", "Declined": "declined", "Expired": "expired", "Joined": "joined with another",
        "Answered": "answered",
    }  # fmt: skip
    for name, words in states.items():
        badge = facts(stocked, name).split('class="badge"')[1].split(">")[1].split("<")[0]
        assert badge == words, name


def test_a_row_says_who_asked_and_how_often_she_was_reminded(stocked: Admin) -> None:
    row = facts(stocked, "Delivered")
    assert "deal-won" in row
    assert "2 reminders" in row
    assert "asked by a person or the API" in facts(stocked, "Handed")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?state=answered", ["Answered"]),
        ("?state=waiting", ["Waiting"]),
        ("?state=expired", ["Newer", "Expired"]),
        ("?state=joined", ["Joined"]),
        ("?channel=widget", ["Declined", "Answered"]),
        ("?touchpoint=quarterly", ["Opened"]),
        (f"?installation={SALES}", ["Handed"]),
        ("?since=2026-11-18&until=2026-11-19", ["Waiting", "Delivered"]),
        ("?q=oun", ["Bounced"]),
        ("?q=%25", []),
        ("?state=answered&channel=link", []),
        ("?q=%00&touchpoint=%00&state=no&channel=no&since=9999-12-31", []),
    ],
)
def test_the_filter(stocked: Admin, query: str, found: list[str]) -> None:
    assert names(stocked, ASKS + query) == found


def test_numbers_stand_with_what_they_are_a_share_of(stocked: Admin) -> None:
    page = " ".join(unescape(stocked.get(ASKS).text).split())
    assert "<dt>Asked</dt><dd>9</dd>" in page  # the joined one is the newer one
    assert "<dt>Mails delivered</dt><dd>2</dd>" in page
    assert (
        "4 asked, 2 delivered, 1 came back, 0 opened, 0 answered, 0 declined. Response rate 0 %: 0 of the 2 delivered."
        in page
    )
    assert "2 asked, 2 opened, 1 answered, 1 declined. Response rate 50 %: 1 of the 2 seen." in page
    assert (
        "3 asked, 2 opened, 0 answered, 0 declined. Response rate 0 %: 0 of the 2 opened." in page
    )
    assert '<dd>17 %</dd><dd class="count">1 of 6 reached</dd>' in page


def test_numbers_do_not_follow_the_state_that_is_shown(stocked: Admin) -> None:
    assert "<dt>Asked</dt><dd>9</dd>" in stocked.get(f"{ASKS}?state=answered&q=x").text
    assert "<dt>Asked</dt><dd>1</dd>" in stocked.get(f"{ASKS}?touchpoint=quarterly").text
    assert "nobody was reached yet" in stocked.get(f"{ASKS}?installation={SALES}").text


def test_tests_are_marked_and_in_no_number(stocked: Admin) -> None:
    here = stocked.services
    asked(here, name="Tried", test=True, shown_at=stocked.clock.now())
    asked(here, name="Colleague", she={"email": "Eva@Lab.Acme.Example"})
    asked(here, name="Named", she={"contact": "003A"}, account=SALES)
    answered(here, 0, "Only a try", name="Colleague 2")
    staff(here, "acme.example", contacts=["003a", "someone@example.org"])
    with here.database.write() as connection:
        colleague = person.c.name == "Colleague 2"
        connection.execute(person.update().where(colleague).values(email="x@acme.example"))
    page = stocked.get(ASKS).text
    assert "<dt>Asked</dt><dd>9</dd>" in page
    assert "4 tests are left out" in page
    for name in ("Tried", "Colleague", "Named", "Colleague 2"):
        assert ">test</span>" in facts(stocked, name), name
    assert ">test</span>" not in facts(stocked, "Handed")
    answers = stocked.get("/admin/answers").text.split('<li class="answer">')
    assert [">test</span>" in row for row in answers[1:]] == [True, False]
    home = stocked.get("/admin/").text
    assert "<dt>NPS answers in 30 days</dt><dd>1</dd>" in home
    assert '<a href="/admin/follow-ups?state=open">0</a>' in home
    cases = stocked.get("/admin/follow-ups").text
    assert ">test</span>" in cases
    assert '<a href="/admin/follow-ups?state=open">0</a>' in cases


def test_who_has_not_reacted_stands_there_once_with_the_date_she_may_be_asked_again(
    anna: Admin,
) -> None:
    here, now = anna.services, anna.clock.now()
    connect(here)
    touchpoint(here)
    touchpoint(here, "quarterly", name="Quarterly", kind="relational", stage="use", texts={})
    since = {"silent_since": now - timedelta(days=10), "opted_out": False}
    first = asked(here, name="Twice", days_ago=40, shown_at=now, state="expired")
    with here.database.read() as connection:
        who = connection.scalar(sa.select(ask.c.person).where(ask.c.id == first))
    asked(here, of=str(who), days_ago=10, channel="email", mailed_at=now, reminders=1, she=since)
    asked(here, name="Gone", days_ago=5, shown_at=now, she={"gone_at": now})
    asked(here, name="Free", days_ago=40, key="quarterly", channel="widget", shown_at=now)
    asked(here, name="Never seen", channel="widget")
    asked(here, name="Not sent", channel="email")
    asked(here, name="Came back", channel="email", mailed_at=now, bounced_at=now)
    answered(here, 9, "Good", name="Answered")
    assert names(anna, SILENT) == ["Gone", "Twice", "Free"]
    row = facts(anna, "Twice", SILENT)
    assert "May be asked again from" in row
    assert "10 Dec 2026" in row  # 30 days after nobody reacted
    assert "one reminder" in row
    assert "Will not be asked again. The contact was deleted in the CRM." in facts(
        anna, "Gone", SILENT
    )
    assert "May be asked again now." in facts(anna, "Free", SILENT)
    page = anna.get(SILENT).text
    assert "<bdi>Support case closed</bdi></a>: 2" in page
    assert "<bdi>Quarterly</bdi></a>: 1" in page
    assert names(anna, f"{SILENT}?touchpoint=quarterly") == ["Free"]


def test_who_was_not_asked_has_one_reason_and_a_date(anna: Admin) -> None:
    here, later = anna.services, anna.clock.now() + timedelta(days=3)
    connect(here)
    touchpoint(here)
    refused(here, "declined_recently", name="Later", channel="email", days_ago=1,
            next_eligible_at=later, again_at=later, window_ends_at=later)  # fmt: skip
    refused(here, "answered_recently", name="Dated", next_eligible_at=later, days_ago=2)
    refused(here, "unsubscribed", name="Never", days_ago=3)
    assert names(anna, REFUSED) == ["Later", "Dated", "Never"]
    assert "decided again" in facts(anna, "Later", REFUSED)
    assert "may be asked from" in facts(anna, "Dated", REFUSED)
    assert "no date" in facts(anna, "Never", REFUSED)
    assert "Has unsubscribed from our questions." in facts(anna, "Never", REFUSED)
    assert names(anna, f"{REFUSED}?show=waiting") == ["Later"]
    assert names(anna, f"{REFUSED}?reason=unsubscribed") == ["Never"]
    assert names(anna, f"{REFUSED}?until=2026-11-18&channel=widget") == ["Dated", "Never"]
    assert f'href="{REFUSED}?show=waiting"' in anna.get("/admin/frequency").text


@pytest.mark.parametrize("address", [ASKS, SILENT, REFUSED])
def test_long_lists_go_on_a_page_further_with_the_filter(anna: Admin, address: str) -> None:
    connect(anna.services)
    touchpoint(anna.services)
    for number in range(35):
        if address == REFUSED:
            refused(anna.services, "gone", name=f"Customer {number:02}")  # all at the same moment
        else:
            asked(anna.services, name=f"Customer {number:02}", shown_at=anna.clock.now())
    first = names(anna, f"{address}?touchpoint=support-case")
    page = unescape(anna.get(f"{address}?touchpoint=support-case").text)
    following = page.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0]
    assert "touchpoint=support-case" in following
    rest = names(anna, following)
    assert (len(first), len(rest)) == (30, 5)
    assert sorted(first + rest) == [f"Customer {n:02}" for n in range(35)]
    assert anna.get(f"{address}?after=nonsense~").status_code == 200
    assert anna.get(f"{address}?after=1~%00").status_code == 200


def test_a_day_that_cannot_be_read_is_named(stocked: Admin) -> None:
    for address in (ASKS, SILENT, REFUSED):
        assert "Write a day as 2026-11-21." in stocked.get(f"{address}?since=yesterday").text


def test_empty_pages_say_what_comes_next(anna: Admin) -> None:
    assert "Add a touchpoint" in anna.get(ASKS).text
    assert "Whoever was asked has answered" in anna.get(SILENT).text
    assert "Whoever was to be asked was asked." in anna.get(REFUSED).text
    touchpoint(anna.services)
    assert "Get the code" in anna.get(ASKS).text


def test_one_ask_tells_what_became_of_it(stocked: Admin) -> None:
    def page_of(name: str) -> str:
        with stocked.services.database.read() as connection:
            found = connection.scalar(
                sa.select(ask.c.id)
                .join(person, person.c.id == ask.c.person)
                .where(person.c.name == name)
            )
        return unescape(stocked.get(f"{ASKS}/{found}").text)

    mailed = page_of("Delivered")
    assert "<dt>Mailed</dt><dd><time" in mailed
    assert "<dt>Reminders</dt><dd>2, the last <time" in mailed
    assert 'class="qr"' not in mailed
    said = page_of("Answered")
    with stocked.services.database.read() as connection:
        answer_id = connection.scalar(sa.select(answer.c.id))
    assert f'<a href="/admin/answers/{answer_id}">score 9</a>' in said
    assert stocked.get(f"{ASKS}/nothing").status_code == 404
    assert stocked.get(f"{ASKS}/nothing/qr.svg").status_code == 404


def test_hostile_names_are_only_text(anna: Admin) -> None:
    connect(anna.services)
    touchpoint(anna.services, name=HOSTILE[:80])
    ask_id = asked(anna.services, name=HOSTILE, trigger=HOSTILE)
    refused(anna.services, "gone", name=HOSTILE)
    for address in (ASKS, SILENT, REFUSED, f"{ASKS}/{ask_id}"):
        page = anna.get(address).text
        assert "&lt;script&gt;alert" in page, address
        assert "<script>alert" not in page, address
        assert "<img src=x" not in page, address


@pytest.mark.parametrize(
    "path", [ASKS, SILENT, REFUSED, f"{ASKS}/x", f"{ASKS}/x/qr.svg", f"{ASKS}/try", f"{ASKS}.csv"]
)
def test_nobody_sees_them_without_signing_in(admin: Admin, path: str) -> None:
    assert admin.get(path).status_code == 303
    assert "/admin/sign-in" in str(admin.get(path).location)
