"""What is a good touchpoint, and until when a follow-up was promised."""

from datetime import UTC, datetime

import pytest

from plugin.touchpoints.rules import Draft, due_at, errors, flat, nested

GOOD = Draft("support-case", "Support case", "transactional", "contact")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize("key", ["a", "support-case", "a_1-b", "a" * 63])
def test_good_keys(key: str) -> None:
    assert "key" not in errors(Draft(key, "N", "relational", "use"))


@pytest.mark.parametrize(
    "key", ["", "1a", "-a", "A", "å", "a b", "a/b", "a.b", "a" * 64, "a\n", "new key"]
)
def test_keys_that_are_refused(key: str) -> None:
    assert "key" in errors(Draft(key, "N", "relational", "use"))


@pytest.mark.parametrize(
    ("hours", "working_days", "good"),
    [
        (1, False, True),
        (720, False, True),
        (0, False, False),
        (721, False, False),
        (24, True, True),
        (24 * 30, True, True),
        (0, True, False),
        (24 * 31, True, False),
        (25, True, False),
    ],
)
def test_promises(hours: int, working_days: bool, good: bool) -> None:
    draft = Draft("a", "N", "relational", "use", hours=hours, working_days=working_days)
    assert ("promise" not in errors(draft)) is good


def test_everything_wrong_is_named_at_once() -> None:
    assert set(errors(Draft("", "", "smile", "die", hours=0))) == {
        "key",
        "name",
        "kind",
        "stage",
        "promise",
    }


def test_long_texts_are_refused_by_name() -> None:
    texts = {"sv.subject": "x" * 81, "sv.thanks.detractor": "x" * 301, "en.subject": "x" * 80}
    draft = Draft("a", "N", "relational", "use", texts=texts)
    assert set(errors(draft)) == {"sv.subject", "sv.thanks.detractor"}


@pytest.mark.parametrize(
    ("answered", "hours", "due"),
    [
        ("2026-11-20 14:00", 24, "2026-11-23 14:00"),  # Friday to Monday
        ("2026-11-20 14:00", 48, "2026-11-24 14:00"),
        ("2026-11-21 15:00", 24, "2026-11-24 00:00"),  # Saturday: Monday's 24 hours
        ("2026-11-22 23:59", 24, "2026-11-24 00:00"),  # Sunday
        ("2026-11-18 09:30", 24, "2026-11-19 09:30"),  # in the week
        ("2026-11-16 00:00", 24 * 5, "2026-11-21 00:00"),  # Monday to the end of Friday
        ("2026-11-18 09:30", 24 * 10, "2026-12-02 09:30"),  # over two weekends
    ],
)
def test_working_days(answered: str, hours: int, due: str) -> None:
    assert due_at(at(answered), hours, working_days=True) == at(due)


def test_hours_go_on_at_the_weekend() -> None:
    assert due_at(at("2026-11-20 14:00"), 24) == at("2026-11-21 14:00")


def test_texts_come_back_as_they_were_kept_and_empty_ones_are_left_out() -> None:
    texts = {"sv.subject": "ditt ärende", "sv.thanks.detractor": "Tack", "en.subject": ""}
    kept = nested(texts)
    assert kept == {"sv": {"subject": "ditt ärende", "thanks": {"detractor": "Tack"}}}
    assert flat(kept) == {"sv.subject": "ditt ärende", "sv.thanks.detractor": "Tack"}
    assert errors(GOOD) == {}
