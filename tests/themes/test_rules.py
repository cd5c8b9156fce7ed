"""Words and phrases found in comments, and what people may type."""

from functools import cache

import pytest

from plugin.themes.languages import language_of, languages, ready_themes
from plugin.themes.phrases import parse
from plugin.themes.rules import Book, Lessons, Theme, ready


@cache
def ready_book() -> Book:
    """The ready themes: dear to make, so only where one of these tests runs."""
    return Book(ready())


def found(comment: str, locale: str) -> set[str]:
    return {one.theme for one in ready_book().read(comment, locale).found}


def mine(*phrases: str, language: str = "en") -> Book:
    return Book([Theme("mine", {}, {language: phrases})])


def hit(book: Book, comment: str, locale: str = "en") -> bool:
    return bool(book.read(comment, locale).found)


@pytest.mark.parametrize(
    "comment",
    ["", " ", "4.000", "🙂🙂🙂👍🏽", "???!!!...", "\u200b\u200f", "ÿ" * 40, "- - -", "'''", "#"],
)
def test_what_says_nothing_has_no_theme(comment):
    assert ready_book().read(comment, "en").found == []


def test_four_thousand_characters_are_read_in_a_moment():
    assert "price" in found("too expensive " * 285, "en")


def test_markup_is_text_like_any_other():
    assert found("<script>alert('expensive')</script>", "en") == {"price"}


def test_right_to_left_text_and_what_stands_in_it():
    assert found("הכל בסדר, تمام", "en") == set()
    assert found("الخدمة \u202bslow reply\u202c", "en") == {"slow_reply"}


@pytest.mark.parametrize(
    ("comment", "locale"),
    [
        ("Not slow and not expensive", "en"),
        ("It isn't expensive", "en"),
        ("Inte alls dyrt", "sv"),
        ("Det är inte särskilt dyrt", "sv"),
        ("Ikke dyrt", "nb"),
        ("Slet ikke dyrt", "da"),
        ("Nicht teuer", "de"),
        ("Gar nicht zu teuer", "de"),
        ("Ei kallis", "fi"),
        ("Ei ollenkaan kallis", "fi"),
    ],
)
def test_what_is_denied_is_no_theme(comment, locale):
    assert found(comment, locale) == set()


@pytest.mark.parametrize(
    ("comment", "locale", "theme"),
    [
        ("Not good, expensive", "en", "price"),
        ("Not only expensive", "en", "price"),
        ("Nicht nur teuer", "de", "price"),
        ("Inte bara dyrt", "sv", "price"),
        ("Not bad but expensive", "en", "price"),
        ("It is not easy to use", "en", "hard_to_use"),
        ("Funkar inte", "sv", "product_fault"),
    ],
)
def test_a_denial_reaches_no_further_than_it_means(comment, locale, theme):
    assert found(comment, locale) == {theme}


@pytest.mark.parametrize("code", ["da", "de", "en", "fi", "nb", "sv"])
def test_a_small_word_is_about_nothing(code):
    assert [word for word in languages()[code].common if found(word, code)] == []


def test_a_word_that_shares_the_stem_of_a_small_one_is_not_that_one():
    goods = mine("vara/varor", language="sv")
    assert not hit(goods, "Det var bra", "sv")
    assert hit(goods, "Era varorna kom sent", "sv")
    assert found("Jag fick jaga er", "sv") == {"missing_follow_up"}


@pytest.mark.parametrize(
    ("comment", "locale", "theme"),
    [
        ("Leveranstiderna!", "sv", "delivery"),
        ("Lieferzeiten", "de", "delivery"),
        ("Månadsfakturan", "sv", "billing"),
        ("Monatsrechnung", "de", "billing"),
        ("Leveringstidspunktet", "da", "delivery"),
        ("Leveringstiden", "nb", "delivery"),
        ("Toimitusaikojen", "fi", "delivery"),
    ],
)
def test_compounds_are_known_by_their_parts(comment, locale, theme):
    assert found(comment, locale) == {theme}


@pytest.mark.parametrize(
    ("comment", "locale", "theme"),
    [
        ("oförskämmd personal", "sv", "unfriendly_staff"),
        ("very expansive", "en", "price"),
        ("freundich und nett", "de", "friendly_staff"),
        ("TOO EXPENSIVE", "en", "price"),
        ("langsamt svar", "sv", "slow_reply"),
    ],
)
def test_a_letter_may_be_wrong(comment, locale, theme):
    assert theme in found(comment, locale)


def test_a_short_word_is_never_taken_for_another():
    assert not hit(mine("bill"), "ball")


@pytest.mark.parametrize(
    ("phrase", "comment", "expected"),
    [
        ("slow reply", "slow replies", True),
        ("slow reply", "slow to reply", False),
        ("slow ... reply", "slow to give me a reply", True),
        ("slow ... reply", "slow. I never got a reply", False),
        ("slow/late reply", "a late reply", True),
        ("park*", "the parking lot", True),
        ("*lot", "the big parkinglot", True),
        ("don't like", "I don’t like it", True),
        ("24 hours", "within 24 hours", True),
    ],
)
def test_a_phrase_means_what_it_says(phrase, comment, expected):
    assert hit(mine(phrase), comment) is expected


@pytest.mark.parametrize("phrase", ["", "...", "a*", "*", "/", "**", "ab*c*"])
def test_a_phrase_that_would_catch_everything_is_none(phrase):
    with pytest.raises(ValueError, match="needs"):
        parse("mine", phrase, "english", frozenset())


def test_each_assignment_says_by_which_words():
    (one,) = ready_book().read("It was far too EXPENSIVE for us", "en").found
    assert (one.by, one.words) == ("rule", ["EXPENSIVE"])


@pytest.mark.parametrize(
    ("locale", "comment", "language"),
    [
        ("sv", "Det var bra", "sv"),
        ("sv-FI", "", "sv"),
        ("no", "", "nb"),
        ("nn", "", "nb"),
        ("", "", ""),
        ("fr", "Très bien", ""),
        ("fr", "The reply was slow and I have been waiting", "en"),
        ("en", "Ich habe leider nie eine Antwort bekommen und das ist nicht gut", "de"),
        ("sv", "It was very slow and they are not helpful", "en"),
        ("../../etc", "x", ""),
    ],
)
def test_the_language_is_the_answers_own_unless_the_words_say_otherwise(locale, comment, language):
    assert language_of(locale, comment) == language


def test_two_words_in_another_language_are_read_too():
    assert found("Friendly staff", "sv") == {"friendly_staff"}


def test_every_language_has_every_theme_and_readable_phrases():
    for one in languages().values():
        assert tuple(one.themes) == ready_themes()
        for theme in one.themes.values():
            assert theme.name
            for phrase in theme.words:
                parse("x", phrase, one.stemming, one.denials)


def test_another_word_is_another_edition_and_the_same_is_not():
    assert mine("one").edition == mine("one").edition
    assert mine("one").edition != mine("two").edition
    learned = Lessons(stamp="3 corrections")
    assert Book([Theme("mine", {}, {"en": ["one"]})], learned).edition != mine("one").edition
