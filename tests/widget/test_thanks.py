"""What a detractor is told happens next."""

import pytest

from widget.locales import available
from widget.thanks import Promise, follow_up_question, thanks


@pytest.mark.parametrize(
    ("promise", "told"),
    [
        (None, "A person in our team will read your answer and get back to you."),
        (
            Promise("Anna {within} Berg", 24),
            "Anna {within} Berg will read your answer and get back to you within 24 hours.",
        ),
        (Promise("Anna Berg"), "Anna Berg will read your answer and get back to you."),
        (
            Promise(None, 1, "working_days"),
            "A person in our team will read your answer and get back to you within one working day.",
        ),
        (Promise(None, 0), "A person in our team will read your answer and get back to you."),
    ],
)
def test_a_detractor_learns_who_and_when(promise: Promise | None, told: str) -> None:
    assert thanks("en", "detractor", None, promise).next == told
    assert thanks("en", "detractor", True, promise).next == told


def test_who_wants_no_contact_is_promised_none() -> None:
    said = thanks("en", "detractor", False, Promise("Anna Berg", 24))
    assert "we will not contact you" in said.next
    assert "Anna" not in said.next


def test_others_are_thanked_and_promised_nothing() -> None:
    assert thanks("sv", "promoter", True, Promise("Anna", 24)).next == ""
    assert thanks("sv", "passive").thanks == "Tack för ditt svar."


@pytest.mark.parametrize(
    ("locale", "amount", "told"),
    [
        ("pl", 1, "w ciągu godziny"),
        ("pl", 22, "w ciągu 22 godzin"),
        ("ar", 1, "خلال ساعة واحدة"),
        ("ar", 2, "خلال ساعتين"),
        ("ar", 3, "خلال 3 ساعات"),
        ("ar", 24, "خلال 24 ساعة"),
        ("ar", 104, "خلال 104 ساعات"),
        ("fi", 24, "24 tunnin kuluessa"),
        ("sv", 2, "inom 2 timmar"),
    ],
)
def test_hours_are_counted_in_each_languages_way(locale: str, amount: int, told: str) -> None:
    assert told in thanks(locale, "detractor", None, Promise("Li", amount)).next


@pytest.mark.parametrize("locale", available())
@pytest.mark.parametrize("unit", ["hours", "working_days"])
def test_every_language_leaves_no_hole(locale: str, unit: str) -> None:
    for amount in (None, 1, 2, 5, 11, 24, 48, 100):
        for person in (None, "Li"):
            text = thanks(locale, "detractor", None, Promise(person, amount, unit)).next  # type: ignore[arg-type]
            assert "{" not in text
            assert (str(amount) in text) or amount in (None, 1, 2)
            assert person is None or person in text


def test_a_name_keeps_its_direction_in_a_text_from_right_to_left() -> None:
    assert "\u2068Anna\u2069" in thanks("ar", "detractor", None, Promise("Anna")).next


def test_the_comment_is_asked_for_by_category() -> None:
    assert follow_up_question("en", "promoter") == "What do you value most?"
