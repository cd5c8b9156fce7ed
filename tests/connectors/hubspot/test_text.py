"""Customers' words as rich text: escaped, inert, whole."""

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.hubspot.tasks import with_lines
from connectors.hubspot.text import inert, one_line, plain, rich, shorten, shown, units

ANY = st.text(alphabet=st.one_of(st.characters(codec="utf-8"), st.sampled_from("{}%#<>&\n\r'\"")))


@given(ANY, st.integers(min_value=20, max_value=200))
def test_whatever_is_written_stays_text_within_the_limit(text: str, limit: int) -> None:
    made = rich(text, limit)
    assert units(made) <= limit
    assert not re.search(r"\{[{%#]|[}%#]\}", made)
    assert "<" not in made.replace("<br>", "")
    assert re.fullmatch(r"([^&]|&(amp|lt|gt|#34|#39);)*", made, re.DOTALL)


@given(ANY)
def test_short_text_is_shown_as_it_was(text: str) -> None:
    made = unescape(rich(text).replace("<br>", "\n"))
    assert made == inert(text)


@pytest.mark.parametrize("whole", ["👩‍👩‍👧", "é", "👍🏽", "𝔘", "&"])
def test_what_a_reader_takes_for_one_character_is_not_cut(whole: str) -> None:
    for limit in range(10, 60):
        made = unescape(rich(whole * 40, limit)).removesuffix("…")
        assert made == whole * made.count(whole)
        assert units(plain(whole * 40, limit)) <= limit


@pytest.mark.parametrize(
    "text", ["{{ contact.email }}", "{% if 1 %}", "{# x #}", "{{{{", "}}}}", "{{{%"]
)
def test_nothing_is_left_for_hubspot_to_evaluate(text: str) -> None:
    made = inert(text)
    assert made.replace("\u2060", "") == text
    assert not re.search(r"\{[{%#]|[}%#]\}", made)


def test_a_subject_is_one_line() -> None:
    assert one_line("NPS 3:\r\n\tfollow\x00 up ") == "NPS 3: follow up"
    assert units(one_line("x" * 900)) <= 250


@given(ANY, st.integers(min_value=1, max_value=80))
def test_rich_text_is_shortened_between_its_parts(text: str, limit: int) -> None:
    cut = shorten(rich(text), limit)
    assert units(cut) <= limit
    assert cut.count("<") == cut.count(">")
    assert "&" not in re.sub(r"&(amp|lt|gt|#34|#39);", "", cut)


def test_a_line_is_recognised_whatever_hubspot_made_of_it() -> None:
    body = with_lines("Score: 3", ["10:30: from 3 to 9 & <more>"])
    tidied = f"<div><p>{body.replace('<br>', '</p><p>')}</p></div>".replace(" ", "&nbsp;")
    assert with_lines(tidied, ["10:30: from 3 to 9 & <more>"]) == tidied
    assert shown(body).split("\n") == ["10:30: from 3 to 9 & <more>", "Score: 3"]
