"""NPS by month: no figure without its count, its interval and its response rate, on the page and in the file."""

import csv
import io
from datetime import UTC, datetime
from html import unescape

import pytest

from plugin.answers.store import erased_answer
from plugin.spreadsheet import BOM
from tests.support.admin import Admin
from tests.support.admin_data import HOSTILE, HUB, answered, connect, touchpoint

TREND, FILE = "/admin/trend", "/admin/trend.csv"


@pytest.fixture
def stocked(anna: Admin) -> Admin:
    """It is the 20th of November: six answers in October, three in November."""
    connect(anna.services)
    touchpoint(anna.services)
    for score in (10, 10, 9, 8, 7, 2):
        answered(anna.services, score, days_ago=30)
    for score in (9, 9, 0):
        answered(anna.services, score)
    return anna


def text(admin: Admin, address: str = TREND) -> str:
    page = unescape(admin.get(address).text.split("<main")[1])
    return " ".join(page.replace("<", " <").split())


def rows(admin: Admin, address: str = FILE) -> list[dict[str, str]]:
    given = admin.get(address).get_data().decode("utf-8").removeprefix(BOM)
    return list(csv.DictReader(io.StringIO(given, newline=""), strict=True))


def test_who_is_not_signed_in_sees_nothing(stocked: Admin) -> None:
    for address in (TREND, FILE):
        assert stocked.another().get(address).status_code == 303


def test_a_month_has_its_figure_with_all_that_belongs_to_it(stocked: Admin) -> None:
    page = text(stocked)
    october, november = (
        page.split(f'<time datetime="2026-{month}">')[1].split("</tr>")[0] for month in (10, 11)
    )
    for part in ("<b>33", "\N{MINUS SIGN}27 to 71", ">6 <", "100 %", "6 of 6"):
        assert part in october
    for part in ("so far", "too few answers", ">3 <", "3 of 3"):
        assert part in november
    assert page.count('class="dot"') == 1
    assert "no answers" in page


def test_two_months_are_compared_with_what_chance_may_do(stocked: Admin) -> None:
    assert "against" not in text(stocked)
    for _ in range(2):
        answered(stocked.services, 2)
    said = text(stocked).split("</svg>")[1].split("<table")[0]
    assert 'Nov 2026 </time> against <time datetime="2026-10">' in said
    assert "No effect can be claimed: the difference of −53.3 points may be chance" in said
    for _ in range(60):
        answered(stocked.services, 2)
    assert "points lower than before (98 % interval: " in text(stocked)


def test_the_file_has_the_same_numbers_and_nothing_where_there_is_no_figure(stocked: Admin) -> None:
    found = {row["month"]: row for row in rows(stocked)}
    assert list(found) == ["2025-12", *(f"2026-{month:02}" for month in range(1, 12))]
    assert found["2026-10"] == {
        "touchpoint": "support-case", "touchpoint_name": "Support case closed", "kind": "transactional",
        "month": "2026-10", "nps": "33.3", "interval_low": "-26.7", "interval_high": "71.2", "answers": "6",
        "promoters": "3", "passives": "2", "detractors": "1", "of_erased_people": "0",
        "response_rate_percent": "100.0", "asked_who_answered": "6", "asked_who_were_reached": "6", "remark": "",
        "changes": "",
    }  # fmt: skip
    assert (found["2026-11"]["nps"], found["2026-11"]["answers"]) == ("", "3")
    assert found["2026-11"]["remark"] == "too few answers for a figure"
    assert "exported" in stocked.get("/admin/audit").text


def test_each_kind_stands_by_itself(stocked: Admin) -> None:
    touchpoint(stocked.services, "yearly", name=HOSTILE[:80], kind="relational", stage="use")
    for _ in range(5):
        answered(stocked.services, 0, key="yearly", kind="relational")
    assert stocked.get(TREND).text.count('class="dot"') == 2
    assert HOSTILE[:30] not in stocked.get(TREND).text
    only = text(stocked, f"{TREND}?kind=relational")
    assert "<b>\N{MINUS SIGN}100" in only
    assert "<b>33" not in only
    assert {row["kind"] for row in rows(stocked, f"{FILE}?touchpoint=yearly")} == {"relational"}


def test_months_before_and_a_month_that_is_none(stocked: Admin) -> None:
    older = text(stocked, f"{TREND}?until=2026-10")
    assert '<time datetime="2025-11">' in older
    assert '<time datetime="2026-11">' not in older
    assert "until=2025-10" in older
    assert "No answers in these months" in text(stocked, f"{TREND}?until=2020-01")
    for wrong in ("2026-13", "yesterday", "0000-01", "2026-1", "٢٠٢٦-10"):
        assert "Write a month as 2026-11." in text(stocked, f"{TREND}?until={wrong}")
        assert stocked.get(f"{FILE}?until={wrong}").status_code == 422


def test_what_is_not_meant_narrows_to_nothing_and_breaks_nothing(stocked: Admin) -> None:
    for query in ("touchpoint=%00", "touchpoint=nothing", "installation=hubspot:9", "kind=csat"):
        assert stocked.get(f"{TREND}?{query}").status_code == 200
    assert "No answers in these months" in text(stocked, f"{TREND}?installation=hubspot:9")


def test_erased_people_are_counted_and_said(stocked: Admin) -> None:
    gone = {"installation": HUB, "touchpoint": "support-case", "kind": "transactional", "score": 10}
    with stocked.services.database.write() as connection:
        connection.execute(erased_answer.insert().values(month="2026-11", how_many=2, **gone))
    november = text(stocked).split('<time datetime="2026-11">')[-1].split("</tr>")[0]
    assert "(2 of people erased since)" in november
    assert "<b>60" in november
    assert rows(stocked)[-1]["of_erased_people"] == "2"


def test_a_month_ends_with_its_last_moment_in_utc(anna: Admin) -> None:
    connect(anna.services)
    touchpoint(anna.services)
    before = anna.clock.now() - datetime(2026, 11, 1, tzinfo=UTC)
    for ago in (before.total_seconds(), before.total_seconds() + 0.001):
        for _ in range(5):
            answered(anna.services, 9, days_ago=ago / 86400)
    found = {row["month"]: row["answers"] for row in rows(anna)}
    assert (found["2026-10"], found["2026-11"]) == ("5", "5")
