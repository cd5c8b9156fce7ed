"""Figures of satisfaction and effort: with their count and interval, never mixed."""

from datetime import timedelta
from html import unescape

import pytest

from plugin.figures.measures import ces, csat, student
from tests.support.admin import Admin
from tests.support.admin_data import answered, connect, touchpoint

PAGE = "/admin/measures"
LINK = {"channels": ("link",), "texts": {}}


@pytest.fixture
def stocked(anna: Admin) -> Admin:
    connect(anna.services)
    touchpoint(anna.services)
    for key, kind in (("care", "csat"), ("shop", "csat"), ("effort", "ces"), ("none", "ces")):
        touchpoint(anna.services, key, name=key.title(), kind=kind, **LINK)
    given = {"care": (5, 4, 4, 1), "shop": (2,), "effort": (7, 6, 5)}
    for key, scores in given.items():
        for score in scores:
            kind = "ces" if key == "effort" else "csat"
            answered(anna.services, score, key=key, kind=kind, category="", standing="counted")
    answered(anna.services, 3, key="care", kind="csat", category="", days_ago=40)
    answered(anna.services, 9)
    return anna


def test_each_has_its_own_figure(stocked: Admin) -> None:
    page = " ".join(unescape(stocked.get(PAGE).text).split())
    assert "60 % satisfied</b>: of 5 answers those with 4 or 5 of 5." in page
    assert "between 23 and 88 %" in page
    assert "6.0 of 7</b>: the mean of 3 answers. With 95 % confidence between 3.5 and 7.0." in page
    assert "0 % satisfied</b>: of 1 answer" in page
    assert "No answers yet." in page
    assert "Support case closed" not in page
    assert "Response rate 100 %: 5 of 5 reached answered." in page
    lately = stocked.clock.now().date() - timedelta(days=30)
    assert "of 4 answers" in stocked.get(f"{PAGE}?since={lately}").text


def test_touchpoints_of_one_kind_make_one_figure_and_others_are_refused(stocked: Admin) -> None:
    together = stocked.get(f"{PAGE}?touchpoint=care&touchpoint=shop")
    assert "of 6 answers those with 4 or 5" in together.text
    for mixed in ("care&touchpoint=effort", "care&touchpoint=support-case", "support-case"):
        page = stocked.get(f"{PAGE}?touchpoint={mixed}")
        assert page.status_code == 422
        assert "never mixed in one figure" in page.text
    assert stocked.get(f"{PAGE}?touchpoint=nothing").status_code == 404


def test_the_overview_counts_nps_only(stocked: Admin) -> None:
    assert "<dt>NPS answers in 30 days</dt><dd>1</dd>" in stocked.get("/admin/").text
    row = stocked.get("/admin/answers?touchpoint=care").text
    assert "of 5</span>" in row
    assert "satisfaction, 1 to 5" in row


@pytest.mark.parametrize("kind", ["csat", "ces"])
def test_a_touchpoint_of_this_kind_offers_no_code_to_embed(anna: Admin, kind: str) -> None:
    given = {"key": "care", "name": "Care", "kind": kind, "stage": "contact", "promise": "24",
             "unit": "hours", "channel-link": "yes"}  # fmt: skip
    refused = anna.post("/admin/touchpoints/new", **given, **{"channel-widget": "yes"})
    assert refused.status_code == 422
    assert "asks the NPS question only" in refused.text
    assert anna.post("/admin/touchpoints/new", **given).status_code == 303
    page = anna.get("/admin/touchpoints/care").text
    assert "Embed it" not in page
    preview = anna.get("/admin/touchpoints/care/preview/en/").text
    assert "recommend" not in preview
    assert preview.count('name="score"') == {"csat": 5, "ces": 7}[kind]


def test_the_intervals_are_those_of_the_textbooks() -> None:
    # Newcombe 1998, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29
    for (yes, n), (low, high) in {
        (81, 263): (25.53, 36.62), (15, 148): (6.24, 16.05), (0, 20): (0.0, 16.11), (1, 29): (0.61, 17.18),
    }.items():  # fmt: skip
        found = csat({5: yes, 1: n - yes})
        assert found is not None
        assert (round(found.low or 0, 2), round(found.high or 0, 2)) == (low, high)
    known = {1: 12.706, 2: 4.303, 3: 3.182, 4: 2.776, 5: 2.571, 9: 2.262, 29: 2.045, 1000: 1.962}
    assert {n: pytest.approx(t, abs=0.02) for n, t in known.items()} == {
        n: student(n) for n in known
    }
    assert csat({}) is None
    assert ces({}) is None
    one = ces({4: 1})
    assert one is not None
    assert (one.n, one.value, one.low, one.high) == (1, 4, None, None)
