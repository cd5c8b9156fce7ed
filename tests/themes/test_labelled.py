"""The figures of the labelled comments cannot silently become worse. See docs/themes.md for those that were seen."""

import pytest

from bench.themes import Scores, labelled, measure
from plugin.themes.languages import languages, ready_themes


@pytest.fixture(scope="module")
def scores() -> Scores:
    return measure(labelled("held_out"))


def test_there_are_enough_of_each_language_and_none_is_in_both_parts():
    held_out, tuning = labelled("held_out"), labelled("tuning")
    assert len(held_out) >= 300
    for code in languages():
        assert sum(one.language == code for one in held_out) >= 50
    assert not {one.comment for one in held_out} & {one.comment for one in tuning}
    assert not {one.comment for one in labelled("indirect")} & {one.comment for one in tuning}
    assert {theme for one in held_out for theme in one.themes} <= set(ready_themes())


def test_precision_and_recall_on_what_was_held_out(scores):
    assert scores.overall.precision >= 0.90
    assert scores.overall.recall >= 0.88


@pytest.mark.parametrize("code", ["da", "de", "en", "fi", "nb", "sv"])
def test_no_language_falls_behind(scores, code):
    assert scores.languages[code].f1 >= 0.83


@pytest.mark.parametrize("theme", ready_themes())
def test_no_theme_falls_behind(scores, theme):
    assert scores.themes[theme].f1 >= 0.78
