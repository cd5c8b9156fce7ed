"""What recurs where no theme was found becomes a suggestion; nobody's name does."""

from html import unescape

from plugin.themes.suggestions import suggest
from tests.support.admin_data import HOSTILE
from tests.themes.conftest import read

PAGE = "/admin/themes/suggestions"


def suggested(anna) -> dict[str, int]:
    read(anna)
    with anna.services.database.read() as connection:
        return {" ".join(one.words): len(one.comments) for one in suggest(connection)}


def everybody(said, *comments: str, locale: str = "en") -> None:
    for comment in comments:
        said(comment, locale)


def test_with_no_comments_there_is_nothing(anna):
    assert "Nothing recurs" in anna.get(PAGE).text


def test_three_people_are_too_few_and_four_are_enough(anna, said):
    everybody(said, "The parking garage", "Parking garage again", "That parking garage")
    assert suggested(anna) == {}
    said("Our parking garage")
    (words,) = suggested(anna)
    assert "parking garage" in words
    assert suggested(anna)[words] == 4


def test_what_is_as_frequent_in_other_comments_is_none(anna, said):
    everybody(said, *(f"The parking garage {n}" for n in range(5)))
    everybody(said, *(f"The parking garage was expensive {n}" for n in range(30)))
    everybody(said, *(f"Fine {n}" for n in range(30)))
    assert not any("parking" in words for words in suggested(anna))


def test_names_addresses_and_numbers_are_never_suggested(anna, said):
    for n in range(6):
        said(
            f"Thanks Gunvor, lindqvist and Mrs. zebulon, mrs zanzibar 48151623 "
            f"gunvor@example.com https://example.com/secret{n}"
        )
    everybody(said, *("Mit Frau Hagedorn und Fjord" for _ in range(6)), locale="de")
    words = " ".join(suggested(anna))
    for name in (
        "gunvor",
        "lindqvist",
        "zanzibar",
        "hagedorn",
        "fjord",
        "example",
        "secret",
        "4815",
    ):
        assert name not in words


def test_the_name_of_whoever_wrote_is_none_in_small_letters_either(anna, said):
    everybody(said, *("lindqvist from fjord, concierge" for _ in range(6)))
    assert suggested(anna) == {"concierge": 6}


def test_each_language_by_itself_and_endings_do_not_matter(anna, said):
    everybody(
        said,
        "Der Parkplatz",
        "Parkplätze",
        "des Parkplatzes",
        "Parkplatz, schon wieder",
        locale="de",
    )
    assert any("parkpl" in words for words in suggested(anna))


def test_a_suggestion_becomes_a_theme_with_its_words_filled_in(anna, said):
    everybody(said, *("The parking garage" for _ in range(4)))
    read(anna)
    page = unescape(anna.get(PAGE).text)
    address = page.split('href="/admin/themes/new?')[1].split('"')[0]
    form = anna.get(f"/admin/themes/new?{address}").text
    assert "parking garage" in form.split('name="words_en"')[1].split("</textarea>")[0]


def test_hostile_comments_stay_text(anna, said):
    everybody(said, *(f"{HOSTILE} widgetry" for _ in range(5)))
    read(anna)
    assert "<script>alert(" not in anna.get(PAGE).text
