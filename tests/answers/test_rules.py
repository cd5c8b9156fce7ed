"""Revisions and the edit window, as a table."""

from datetime import UTC, datetime, timedelta

import pytest

from plugin.answers.rules import EDIT_WINDOW, Refusal, Said, Submission, next_said

NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)
BEFORE = Said(3, "slow", True, 2, NOW - timedelta(hours=1))


@pytest.mark.parametrize(
    ("score", "category"),
    [
        (0, "detractor"),
        (6, "detractor"),
        (7, "passive"),
        (8, "passive"),
        (9, "promoter"),
        (10, "promoter"),
    ],
)
def test_the_groups_are_the_method_s(score: int, category: str) -> None:
    said = next_said(None, Submission("t", score), NOW, EDIT_WINDOW)
    assert isinstance(said, Said)
    assert said.category == category


@pytest.mark.parametrize(
    ("post", "after"),
    [
        (Submission("t"), BEFORE),
        (Submission("t", 3, "slow", True), BEFORE),
        (Submission("t", 4), Said(4, "slow", True, 3, BEFORE.answered_at)),
        (Submission("t", comment=""), Said(3, "", True, 3, BEFORE.answered_at)),
        (Submission("t", may_contact=False), Said(3, "slow", False, 3, BEFORE.answered_at)),
    ],
)
def test_a_field_left_out_keeps_its_value_and_nothing_new_is_no_revision(
    post: Submission, after: Said
) -> None:
    assert next_said(BEFORE, post, NOW, EDIT_WINDOW) == after


def test_a_first_post_needs_a_score() -> None:
    assert next_said(None, Submission("t", comment="x"), NOW, EDIT_WINDOW) == Refusal(
        "score_missing"
    )


def test_the_window_closes_24_hours_after_the_first_answer() -> None:
    last = BEFORE.answered_at + EDIT_WINDOW - timedelta(milliseconds=1)
    assert isinstance(next_said(BEFORE, Submission("t", 9), last, EDIT_WINDOW), Said)
    over = BEFORE.answered_at + EDIT_WINDOW
    assert next_said(BEFORE, Submission("t", 9), over, EDIT_WINDOW) == Refusal("already_answered")
