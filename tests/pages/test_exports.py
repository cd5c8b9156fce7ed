"""The lists as files: everything in them, nothing that runs, tests marked, every download in the audit log."""

import csv
import io
import tracemalloc
from datetime import timedelta
from html import unescape

import pytest
import sqlalchemy as sa

from plugin.asking.store import ask
from plugin.db import new_id
from plugin.people.store import person
from plugin.spreadsheet import BOM
from tests.support.admin import Admin
from tests.support.admin_data import HUB, answered, asked, connect, refused, staff, touchpoint

ASKS, SILENT, REFUSED, ANSWERS = (
    "/admin/asks.csv",
    "/admin/asks/silent.csv",
    "/admin/asks/refused.csv",
    "/admin/answers.csv",
)
EVIL = '=HYPERLINK("http://x";"y")'


def rows(admin: Admin, address: str) -> list[dict[str, str]]:
    """The file as a parser reads it that forgives nothing."""
    response = admin.get(address)
    assert response.status_code == 200, response.text
    text = response.get_data().decode("utf-8")
    assert text.startswith(BOM)
    return list(csv.DictReader(io.StringIO(text.removeprefix(BOM), newline=""), strict=True))


@pytest.fixture
def stocked(anna: Admin) -> Admin:
    connect(anna.services)
    touchpoint(anna.services)
    return anna


def test_a_file_says_everything_of_an_ask(stocked: Admin) -> None:
    now = stocked.clock.now()
    ask_id = asked(
        stocked.services, name="Maja Ek", channel="email", trigger="deal-won", days_ago=2, mailed_at=now,
        reminders=2, reminded_at=now, shown_at=now, she={"contact": "501", "email": "maja@fjord.example"},
    )  # fmt: skip
    assert rows(stocked, ASKS) == [
        {
            "ask": ask_id, "asked_at": "2026-11-18T09:30:00Z", "contact": "501", "name": "Maja Ek",
            "email": "maja@fjord.example", "company": "Fjord & Co", "installation": HUB,
            "touchpoint": "support-case", "touchpoint_name": "Support case closed", "channel": "email",
            "test": "no", "asked_by": "deal-won", "state": "opened", "mailed_at": "2026-11-20T09:30:00Z",
            "opened_at": "2026-11-20T09:30:00Z", "reminders": "2", "reminded_at": "2026-11-20T09:30:00Z",
            "declined_at": "", "bounced_at": "", "expires_at": "2027-01-17T09:30:00Z", "answered_at": "",
            "answer": "", "score": "", "comment": "",
        }
    ]  # fmt: skip


def test_an_answer_s_own_words_come_through_and_do_not_run(stocked: Admin) -> None:
    said = '"Fine", but\n=1+1\r\n\N{RIGHT-TO-LEFT OVERRIDE}@SUM(A1);-2 خدمة'
    answered(stocked.services, 3, said, name=EVIL, company="\t=cmd")
    for address in (ASKS, ANSWERS):
        (row,) = rows(stocked, address)
        assert (
            row["comment"] == "\"Fine\", but\n'=1+1\r\n\N{RIGHT-TO-LEFT OVERRIDE}'@SUM(A1);'-2 خدمة"
        )
        assert row["name"] == '\'=HYPERLINK("http://x";"y")'
        assert row["company"] == "'\t'=cmd"
        assert row["score"] == "3"
    assert rows(stocked, ANSWERS)[0]["follow_up"] == "open"


def test_who_has_not_reacted_comes_with_the_date_she_may_be_asked_again(stocked: Admin) -> None:
    now = stocked.clock.now()
    asked(stocked.services, name="Later", shown_at=now, she={"silent_since": now})
    asked(stocked.services, name="Free", shown_at=now, days_ago=1)
    asked(stocked.services, name="No", shown_at=now, days_ago=2, she={"unsubscribed_at": now})
    answered(stocked.services, 9, "Good")
    again = [
        (row["name"], row["may_be_asked_again"], row["may_be_asked_from"], row["reason"])
        for row in rows(stocked, SILENT)
    ]
    assert again == [
        ("Later", "later", "2026-12-20T09:30:00Z", "asked_recently"),
        ("Free", "now", "", ""),
        ("No", "no", "", "unsubscribed"),
    ]


def test_refusals_come_with_their_one_reason(stocked: Admin) -> None:
    later = stocked.clock.now() + timedelta(days=3)
    refused(stocked.services, "answered_recently", name="@Tom", next_eligible_at=later)
    refused(stocked.services, "gone", name="Gone", channel="email")
    first, second = rows(stocked, REFUSED)
    assert (first["name"], first["reason"]) == ("'@Tom", "answered_recently")
    assert first["reason_in_words"] == "Has answered recently."
    assert first["may_be_asked_from"] == "2026-11-23T09:30:00Z"
    assert (second["reason"], second["may_be_asked_from"]) == ("gone", "")
    assert [row["name"] for row in rows(stocked, f"{REFUSED}?channel=email")] == ["Gone"]


def test_tests_are_marked_in_every_file(stocked: Admin) -> None:
    staff(stocked.services, "acme.example")
    now = stocked.clock.now()
    asked(stocked.services, name="Tried", test=True, shown_at=now)
    asked(stocked.services, name="Customer", shown_at=now, days_ago=1)
    answered(stocked.services, 9, name="Answered", days_ago=2)
    who = refused(stocked.services, "test_person", name="Colleague")
    refused(stocked.services, "gone", name="Gone")
    with stocked.services.database.write() as connection:
        colleagues = sa.or_(person.c.name == "Answered", person.c.id == who)
        connection.execute(person.update().where(colleagues).values(email="x@acme.example"))
    marked = {
        row["name"]: row["test"]
        for address in (ASKS, SILENT, REFUSED, ANSWERS)
        for row in rows(stocked, address)
    }
    assert marked == {
        "Tried": "yes", "Customer": "no", "Answered": "yes", "Colleague": "yes", "Gone": "no",
    }  # fmt: skip


def test_the_file_follows_the_filter_and_is_named_for_the_day(stocked: Admin) -> None:
    asked(stocked.services, name="Opened", shown_at=stocked.clock.now())
    asked(stocked.services, name="Handed")
    page = unescape(stocked.get("/admin/asks?state=opened&q=pen").text)
    link = page.split(">Download as CSV<")[0].rsplit('href="', 1)[1].split('"')[0]
    assert [row["name"] for row in rows(stocked, link)] == ["Opened"]
    names = {
        address: stocked.get(address).headers["Content-Disposition"].partition("filename=")[2]
        for address in (ASKS, SILENT, REFUSED, ANSWERS)
    }
    assert names == {
        ASKS: "gensvar-asks-2026-11-20.csv",
        SILENT: "gensvar-no-answers-2026-11-20.csv",
        REFUSED: "gensvar-refused-2026-11-20.csv",
        ANSWERS: "gensvar-answers-2026-11-20.csv",
    }


def test_every_file_is_in_the_audit_log_without_the_words_that_were_searched(
    stocked: Admin,
) -> None:
    stocked.get(f"{ASKS}?state=opened&q=Maja&other=Lindqvist")
    log = unescape(stocked.get("/admin/audit").text).split("<main")[1]
    assert "exported" in log
    assert "state: opened" in log
    assert "Maja" not in log
    assert "Lindqvist" not in log
    stocked.another().get(ASKS)
    assert unescape(stocked.get("/admin/audit").text).split("<main")[1] == log


def test_a_day_that_cannot_be_read_gives_no_file(stocked: Admin) -> None:
    for address in (ASKS, SILENT, REFUSED, ANSWERS):
        assert stocked.get(f"{address}?since=yesterday").status_code == 422


def test_many_rows_each_once_and_without_filling_the_memory(
    stocked: Admin, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in ("overview.exporting", "overview.asks.exports", "spreadsheet"):
        monkeypatch.setattr(f"plugin.{place}.AT_ONCE", 50)
    many, now = 1200, stocked.clock.now()
    with stocked.services.database.write() as connection:
        people = [
            {
                "id": new_id(),
                "installation": HUB,
                "contact": str(n),
                "name": f"N{n}",
                "seen_at": now,
            }
            for n in range(many)
        ]
        connection.execute(person.insert(), people)
        common = {
            "installation": HUB,
            "touchpoint": "support-case",
            "channel": "link",
            "shown_at": now,
        }
        common |= {"created_at": now, "expires_at": now + timedelta(days=9)}
        asks = [{"id": new_id(), "person": one["id"], **common} for one in people]
        connection.execute(sa.insert(ask), asks)
    for address in (ASKS, SILENT):
        response = stocked.browser.get(address, buffered=False)
        tracemalloc.start()
        whole = 0
        names = set()
        for piece in response.iter_encoded():
            whole += len(piece)
            names |= {line.split(b",")[3] for line in piece.splitlines() if b"," in line}
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert len(names) == many + 1
        assert peak < 1_200_000, peak
