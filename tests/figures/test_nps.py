"""``GET /api/v1/nps``: never a figure without what it takes to believe it, and never of two kinds."""

from datetime import UTC, datetime
from typing import Any

import pytest

from plugin.answers.belongings import forget
from plugin.answers.store import answer, erased_answer
from plugin.asking.store import ask, frequency
from plugin.people.store import person
from plugin.segments.store import segment
from tests.figures.planting import Given
from tests.support.surveys import HUB, World

NPS = "/api/v1/nps"
MIXED = (10, 10, 9, 8, 7, 2)


def on(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 12, tzinfo=UTC)


@pytest.mark.parametrize("key", ["", "gv_wrong"])
def test_without_a_valid_key_there_is_nothing(read: Any, key: str) -> None:
    assert read(NPS, key).json["code"] == "unauthenticated"


@pytest.mark.parametrize(
    ("query", "code", "field"),
    [
        ("segments=1", "body_malformed", None),
        ("segment=nothing", "field_invalid", "segment"),
        ("segment=%00", "field_invalid", "segment"),
        ("kind=relational&kind=relational", "body_malformed", None),
        ("kind=relational&kind=", "body_malformed", None),
        ("kind=nps", "field_invalid", "kind"),
        ("kind=csat", "field_invalid", "kind"),
        ("kind=Relational", "field_invalid", "kind"),
        ("from=yesterday", "field_invalid", "from"),
        ("from=20261101", "field_invalid", "from"),
        ("from=2026-W10-1", "field_invalid", "from"),
        ("to=2026-02-30", "field_invalid", "to"),
        ("to=2026-11-01T00:00:00Z", "field_invalid", "to"),
        ("to=٢٠٢٦-11-01", "field_invalid", "to"),
        ("from=2026-11-02&to=2026-11-01", "field_invalid", "to"),
        ("touchpoint=nothing", "not_found", None),
        ("touchpoint=%00", "not_found", None),
        ("touchpoint=support&kind=relational", "kinds_mixed", None),
        ("", "too_few_answers", None),
    ],
)
def test_what_is_not_meant_so_is_refused(
    read: Any, query: str, code: str, field: str | None
) -> None:
    reply = read(f"{NPS}?{query}")
    assert reply.json["code"] == code
    assert reply.mimetype == "application/problem+json"
    if field:
        assert list(reply.json["fields"]) == [field]


def test_two_kinds_are_never_one_figure(read: Any, given: Given) -> None:
    given(*MIXED)
    given(0, 0, 0, 0, 0, key="yearly")
    assert (read(NPS).status_code, read(NPS).json["code"]) == (422, "kinds_mixed")
    found = {
        query: (reply.json["kind"], reply.json["n"], reply.json["nps"])
        for query in ("kind=relational", "touchpoint=yearly", "kind=transactional", "touchpoint=support")
        if (reply := read(f"{NPS}?{query}"))
    }  # fmt: skip
    assert found == {
        "kind=relational": ("relational", 5, -100),
        "touchpoint=yearly": ("relational", 5, -100),
        "kind=transactional": ("transactional", 6, 33.3),
        "touchpoint=support": ("transactional", 6, 33.3),
    }


def test_four_answers_are_no_figure(read: Any, given: Given) -> None:
    given(9, 9, 9, 9)
    reply = read(NPS)
    assert (reply.status_code, reply.json["code"]) == (422, "too_few_answers")
    assert "4 answers" in reply.json["detail"]
    given(9)
    assert read(NPS).json["n"] == 5


def test_a_figure_stands_with_count_interval_response_rate_and_kind(
    read: Any, given: Given, survey_world: World
) -> None:
    given(*MIXED, at=on(10, 5))
    for contact in ("1", "2"):
        survey_world.ask(contact)
    survey_world.write(ask.update().values(created_at=on(10, 5)))
    survey_world.write(ask.update().where(ask.c.state == "open").values(shown_at=on(10, 5)))
    survey_world.ask("3")  # handed over, and nobody has seen it
    assert read(f"{NPS}?touchpoint=support&kind=transactional&from=2026-10-01&to=2026-10-31").json == {
        "kind": "transactional", "touchpoint": "support", "segment": None, "from": "2026-10-01", "to": "2026-10-31",
        "nps": 33.3, "interval": {"low": -26.7, "high": 71.2, "confidence": 0.95},
        "n": 6, "promoters": 3, "passives": 2, "detractors": 1,
        "response_rate": {"percent": 75.0, "answered": 6, "reached": 8},
        "erased": {"counted": 0, "left_out": 0},
    }  # fmt: skip


def test_days_are_whole_days_in_utc_and_both_are_included(read: Any, given: Given) -> None:
    given(10, 10, 10, 10, at=datetime(2026, 10, 1, tzinfo=UTC))
    given(10, at=datetime(2026, 10, 31, 23, 59, 59, 999000, UTC))
    given(0, at=datetime(2026, 11, 1, tzinfo=UTC))
    given(0, at=datetime(2026, 9, 30, 23, 59, 59, tzinfo=UTC))
    assert read(f"{NPS}?from=2026-10-01&to=2026-10-31").json["nps"] == 100
    assert read(NPS).json["n"] == 7


def test_only_what_a_human_gave_counts(read: Any, given: Given) -> None:
    given(*MIXED)
    given(0, standing="provisional")
    given(0, standing="set_aside")
    assert read(NPS).json["n"] == 6


def test_neither_tests_nor_what_is_asked_elsewhere_count(
    read: Any, given: Given, survey_world: World
) -> None:
    given(*MIXED)
    given(0, test=True)
    given(0, email="Bo@Staff.example")
    given(0, email="bo@mail.staff.example")
    given(0, email="test@else.example")
    given(0, installation="salesforce:00D5e000000XyZaEAK")
    named = {"staff_domains": ["staff.example"], "test_contacts": ["test@else.example"]}
    survey_world.write(frequency.update().values(**named))
    found = read(NPS).json
    assert (found["n"], found["nps"], found["response_rate"]["reached"]) == (6, 33.3, 6)


def test_a_measure_that_is_no_nps_has_no_nps(read: Any, given: Given) -> None:
    given(*MIXED)
    given(0, 0, 0, kind="csat", key="yearly")
    assert read(NPS).json["n"] == 6
    assert read(f"{NPS}?touchpoint=yearly").json["code"] == "too_few_answers"


def test_erased_people_are_counted_where_their_month_is_whole(
    read: Any, given: Given, survey_world: World
) -> None:
    given(*MIXED, at=on(10, 15))
    for month, score, many in (("2026-10", 10, 3), ("2026-09", 0, 2)):
        survey_world.write(
            erased_answer.insert().values(
                installation=HUB, touchpoint="support", kind="transactional", month=month,
                score=score, how_many=many,
            )
        )  # fmt: skip
    found = {
        query: (reply.json["n"], reply.json["erased"])
        for query in ("", "from=2026-10-01", "from=2026-10-02", "from=2026-09-02&to=2026-11-05")
        if (reply := read(f"{NPS}?{query}"))
    }
    assert found == {
        "": (11, {"counted": 5, "left_out": 0}),
        "from=2026-10-01": (9, {"counted": 3, "left_out": 0}),
        "from=2026-10-02": (6, {"counted": 0, "left_out": 3}),
        "from=2026-09-02&to=2026-11-05": (9, {"counted": 3, "left_out": 2}),
    }


def test_a_figure_among_the_people_of_a_segment(
    read: Any, given: Given, survey_world: World
) -> None:
    rule = {"language": "sv"}
    row = {"key": "swedes", "name": "Swedes", "rule": rule, "created_at": on(10, 1)}
    survey_world.write(segment.insert().values(row))
    given(*MIXED)
    assert read(f"{NPS}?segment=swedes").json["code"] == "too_few_answers"
    survey_world.write(person.update().values(locale="sv"))
    given(0, 0)
    gone = {"month": "2026-10", "score": 0, "how_many": 2, "kind": "transactional"}
    survey_world.write(
        erased_answer.insert().values(installation=HUB, touchpoint="support", **gone)
    )
    found = read(f"{NPS}?segment=swedes").json
    assert (found["segment"], found["n"], found["nps"]) == ("swedes", 6, 33.3)
    assert found["response_rate"]["reached"] == 6
    assert found["erased"] == {"counted": 0, "left_out": 2}
    assert (read(NPS).json["n"], read(NPS).json["segment"]) == (10, None)


def test_of_erased_people_too_only_customers_count(
    read: Any, given: Given, survey_world: World
) -> None:
    given(*MIXED, 10)
    given(0, test=True)
    given(0, standing="provisional")
    people = [row["person"] for row in survey_world.rows(answer.select().order_by(answer.c.id))]
    with survey_world.shared.database.write() as connection:
        forget(connection, people[-3:])
    found = read(NPS).json
    assert (found["n"], found["nps"], found["erased"]["counted"]) == (7, 42.9, 1)


def test_a_key_may_read_so_often_and_no_more(read: Any, survey_world: World) -> None:
    limit = survey_world.app.extensions["gensvar.figures"]
    for _ in range(300):
        limit.take("another key")
    assert read(NPS).json["code"] == "too_few_answers"
    limit._count = 1
    reply = read(NPS)
    assert (reply.status_code, reply.json["code"]) == (429, "rate_limited")
    assert 1 <= int(reply.headers["Retry-After"]) <= 61
