"""Changes as points on the trend: with their names, in the table and in the file."""

import csv
import io

from plugin.segments.store import segment
from plugin.spreadsheet import BOM
from tests.changes.conftest import LIST, moved, on_one, registered, shown
from tests.changes.planting import plant
from tests.support.admin import Admin
from tests.support.admin_data import HOSTILE, connect, touchpoint

TREND = "/admin/trend"


def rows(here: Admin, address: str) -> dict[tuple[str, str], str]:
    given = here.get(address).get_data().decode().removeprefix(BOM)
    read = csv.DictReader(io.StringIO(given, newline=""), strict=True)
    return {(row["touchpoint"], row["month"]): row["changes"] for row in read}


def test_each_change_is_a_point_on_the_trend_of_its_touchpoints(anna: Admin) -> None:
    connect(anna.services)
    for key in ("support-case", "onboarding"):
        touchpoint(anna.services, key, name=key.title(), texts={})
        plant(anna, key, (5, 3, 2), days_ago=40)
    here = registered(anna, effective_on="2026-10-05", touchpoint=["support-case"])
    moved(anna, here, "done")
    everywhere = registered(anna, title=HOSTILE[:60], effective_on="2026-10-20")
    moved(anna, everywhere, "announced")
    registered(anna, title="Only planned", effective_on="2026-10-20")
    moved(anna, registered(anna, title="Long ago", effective_on="2020-10-20"), "done")
    dropped = registered(anna, title="Never", effective_on="2026-10-20")
    moved(anna, dropped, "dropped")

    page = shown(anna, TREND)
    onboarding, support = page.split('<section class="card"')[1:]
    assert onboarding.count('class="mark"') == 1
    assert support.count('class="mark"') == 2
    assert "A numbered line for each change" in support
    assert f'href="{LIST}/{here}"' in support
    assert f'href="{LIST}/{here}/effect"' in support
    assert "announced for 20 Oct 2026" in support
    october = support.split('<time datetime="2026-10">')[-1].split("</tr>")[0]
    assert october.index("1. ") < october.index("2. ")
    for absent in ("Only planned", "Long ago", "Never"):
        assert absent not in page
    assert "<script>alert" not in anna.get(TREND).text
    found = rows(anna, f"{TREND}.csv")
    assert found["support-case", "2026-10"] == f"Replies within four hours; {HOSTILE[:60]}"
    assert found["onboarding", "2026-10"] == HOSTILE[:60]
    assert found["onboarding", "2026-09"] == ""


@on_one
def test_a_point_stands_where_its_day_is(anna: Admin) -> None:
    connect(anna.services)
    touchpoint(anna.services, texts={})
    plant(anna, "support-case", (5, 3, 2), days_ago=1)
    for day in ("2025-12-01", "2026-11-30"):
        moved(anna, registered(anna, effective_on=day), "done")
    lines = shown(anna, TREND).split('class="mark" x1="')[1:]
    first, last = (float(line.split('"')[0]) for line in lines)
    assert 8 < first < 10
    assert 674 < last < 676


def test_a_trend_among_a_segment(anna: Admin) -> None:
    connect(anna.services)
    touchpoint(anna.services, texts={})
    plant(anna, "support-case", (5, 3, 2), days_ago=1)
    row = {"key": "swedes", "name": "Swedes", "rule": {"language": "sv"}, "created_by": "x"}
    with anna.services.database.write() as connection:
        connection.execute(segment.insert().values(created_at=anna.clock.now(), **row))
    assert "n 10" in shown(anna, TREND)
    assert "No answers in these months" in shown(anna, f"{TREND}?segment=swedes")
    for key in ("nothing", "%00"):
        assert "Choose another segment." in shown(anna, f"{TREND}?segment={key}")
        assert anna.get(f"{TREND}.csv?segment={key}").status_code == 422
