"""One value of one field, as hostile as a CRM may have it."""

from datetime import date
from decimal import Decimal

import pytest

from connectors.attributes import Kind, Value, told, value

LONG = "x" * 10_000


@pytest.mark.parametrize(
    ("kind", "raw", "kept"),
    [
        (Kind.TEXT, "Team", "Team"),
        (Kind.TEXT, None, None),
        (Kind.TEXT, "", None),
        (Kind.TEXT, " \x00\n ", None),
        (Kind.TEXT, "a\x00b", "a b"),
        (Kind.TEXT, "a\ud800b", "a b"),
        (Kind.TEXT, LONG, "x" * 255),
        (Kind.TEXT, "<b>{{ contact.email }}</b>", "<b>{{ contact.email }}</b>"),
        (Kind.TEXT, True, "true"),
        (Kind.TEXT, 3, "3"),
        (Kind.NUMBER, "21600", Decimal(21600)),
        (Kind.NUMBER, "-0.00004", Decimal(0)),
        (Kind.NUMBER, "1.25E3", Decimal(1250)),
        (Kind.NUMBER, 84000.0, Decimal(84000)),
        (Kind.DATE, "2021-09-01", date(2021, 9, 1)),
        (Kind.DATE, "2021-09-01T23:30:00-02:00", date(2021, 9, 2)),
        (Kind.DATE, "2026-11-25T09:00:00.000+0000", date(2026, 11, 25)),
        (Kind.DATE, "1630454400000", date(2021, 9, 1)),
    ],
)
def test_what_fits_is_kept(kind: Kind, raw: object, kept: Value) -> None:
    assert value(kind, raw) == kept


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        (Kind.TEXT, {"a": 1}),
        (Kind.TEXT, ["a"]),
        (Kind.NUMBER, "many"),
        (Kind.NUMBER, "1,200"),
        (Kind.NUMBER, "1_200"),
        (Kind.NUMBER, "\u0661\u0662"),
        (Kind.NUMBER, "NaN"),
        (Kind.NUMBER, float("inf")),
        (Kind.NUMBER, "1e99"),
        (Kind.NUMBER, "9" * 10_000),
        (Kind.NUMBER, True),
        (Kind.DATE, "soon"),
        (Kind.DATE, "2021-02-30"),
        (Kind.DATE, "0001-01-01T00:00:00+14:00"),
        (Kind.DATE, "9999-12-31T23:59:59-12:00"),
        (Kind.DATE, "99999999999999"),
        (Kind.DATE, "-99999999999999"),
        (Kind.DATE, LONG),
        (Kind.DATE, True),
    ],
)
def test_what_does_not_fit_is_refused(kind: Kind, raw: object) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        value(kind, raw)


def test_wrong_ones_are_empty_and_counted_by_field() -> None:
    rows = [("1", {"n": "x", "t": "a"}), ("2", {"n": "7"}), ("3", {"n": "y", "other": "b"})]
    held, wrong = told({"n": Kind.NUMBER, "t": Kind.TEXT}, rows)
    assert held == {"1": {"n": None, "t": "a"}, "2": {"n": Decimal(7)}, "3": {"n": None}}
    assert dict(wrong) == {"n": 2}
