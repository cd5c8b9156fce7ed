"""Cutting text at a field's limit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.salesforce.text import cut, size

FAMILY = "👨‍👩‍👧"
FLAG = "🇸🇪"


@pytest.mark.parametrize(
    ("text", "limit", "kept"),
    [
        ("abc", 3, "abc"),
        ("abcd", 3, "ab…"),
        ("ab😀", 4, "ab😀"),
        ("ab😀d", 4, "ab…"),
        ("abe\u0301x", 4, "ab…"),
        (f"a{FAMILY}b", 8, "a…"),
        (f"a{FLAG}{FLAG}", 8, f"a{FLAG}…"),
        ("a\x00b\x07c\nd\te", 99, "abc\nd\te"),
        ("ا\u0651\u0651\u0651", 3, "…"),
        ("ab   cd", 5, "ab…"),
    ],
)
def test_it_is_cut_on_a_whole_character(text: str, limit: int, kept: str) -> None:
    assert cut(text, limit) == kept


@given(st.text(), st.integers(min_value=1, max_value=50))
def test_it_always_fits_and_starts_as_before(text: str, limit: int) -> None:
    short = cut(text, limit)
    assert size(short) <= limit
    plain = cut(text, 10**6)
    assert plain.startswith(short.removesuffix("…")) or short == plain
