"""A company's text filled for one customer: what is known, what is not, and what nobody may smuggle in."""

from dataclasses import replace

import pytest

from plugin.changes.texts import PLACEHOLDERS, problems
from plugin.messages.excerpts import MOST, excerpt
from plugin.messages.letters import spoken, thanks
from plugin.messages.placeholders import Slots
from tests.support.surveys import World
from widget.locales import available, wording

EBBA = Slots("Ebba", "Acme", "your order", "It took you two days!")
NOBODY = Slots()


def test_what_is_known_is_put_in() -> None:
    text = "{first_name}, about {touchpoint} you told {company}: “{words}”"
    assert (
        spoken(text, EBBA, "en") == "Ebba, about your order you told Acme: “It took you two days!”"
    )


@pytest.mark.parametrize(
    "hostile",
    [
        "{company}",
        "{{contact.email}}",
        "{!Contact.Email}",
        "{words}{first_name}",
        "<b>x</b>",
        "{",
        "%s {0}",
    ],
)
@pytest.mark.parametrize("slot", PLACEHOLDERS)
def test_what_is_put_in_is_not_looked_into(slot: str, hostile: str) -> None:
    slots = replace(EBBA, **{slot: hostile})
    assert spoken(f"[{{{slot}}}] {{company}}", slots, "en") == f"[{hostile}] {slots.company}"


@pytest.mark.parametrize(
    ("locale", "text", "said"),
    [
        ("en", "Hello {first_name},", "Hello,"),
        ("en", "Hi {first_name}!", "Hi!"),
        ("en", "Dear {first_name},", "Hello!"),
        ("en", "{first_name}, you asked for it.", "You asked for it."),
        ("en", "Thank you, {first_name}, for telling us.", "Thank you for telling us."),
        ("en", "Thank you, {first_name}!", "Thank you!"),
        ("en", "Thank you {first_name}. It helped.", "Thank you. It helped."),
        ("en", "{first_name}", ""),
        ("sv", "Hej {first_name}!", "Hej!"),
        ("sv", "Kära {first_name}", "Hej!"),
        ("sv", "Tack {first_name} för att du hörde av dig.", "Tack för att du hörde av dig."),
        ("nb", "Kjære {first_name},", "Hei!"),
        ("da", "Kære {first_name}", "Hej!"),
        ("de", "Liebe/r {first_name},", "Guten Tag!"),
        ("de", "Hallo {first_name},", "Hallo,"),
        ("fi", "Hyvä {first_name},", "Hei!"),
        ("fi", "Moi {first_name}", "Moi"),
        ("fr", "Chère {first_name},", "Bonjour,"),
        ("fr", "Merci {first_name} !", "Merci !"),
        ("es", "¡Hola, {first_name}!", "¡Hola!"),
        ("es", "Estimado/a {first_name}:", "Hola:"),
        ("nl", "Beste {first_name},", "Goedendag!"),
        ("pl", "Szanowna {first_name},", "Dzień dobry!"),
        ("ar", "عزيزي {first_name}،", "مرحبًا!"),
        ("ar", "شكرًا، {first_name}!", "شكرًا!"),
    ],
)
def test_a_missing_first_name_is_not_missed(locale: str, text: str, said: str) -> None:
    assert spoken(text, NOBODY, locale) == said


@pytest.mark.parametrize("locale", available())
def test_a_missing_company_and_touchpoint_have_words(locale: str) -> None:
    said = spoken("{company}|{touchpoint}", NOBODY, locale)
    for name in ("company", "touchpoint"):
        assert wording(locale).heard[name] in said


def test_a_line_about_words_that_nobody_wrote_is_left_out() -> None:
    text = "Thank you.\nYou wrote: {words}\nWe listened."
    assert spoken(text, NOBODY, "en") == "Thank you.\nWe listened."


def test_her_words_in_a_sentence_are_one_line_and_not_too_long() -> None:
    said = spoken("{words}", replace(EBBA, words="one\n two " * 200), "en")
    assert said.startswith("one two one")
    assert len(said) <= 280


@pytest.mark.parametrize(
    "text", ["{firstname}", "{", "Hello }", "{ company }", "{{company}}", "{}"]
)
def test_a_form_refuses_other_braces_and_here_they_stay_text(text: str) -> None:
    assert problems(text)
    assert "{" in spoken(text, EBBA, "en") or "}" in text


LETTER = {
    "words": "Too slow!",
    "first_name": "Ebba",
    "touchpoint_name": "your order",
    "unsubscribe": "https://n/u/T",
}


@pytest.mark.sqlite
def test_the_letter_quotes_her_once_and_comes_from_the_company(survey_world: World) -> None:
    texts = {
        "en": {"subject": "Faster now", "body": "Hello {first_name},\n\nwe listened."},
        "sv": {"subject": "Snabbare", "body": "Du skrev ”{words}”. {company} svarar snabbare."},
    }
    shared = survey_world.shared
    english = thanks(shared, locale="en", change_texts=texts, company="", **LETTER)
    assert english.subject == "Faster now"
    assert "> Too slow!" in english.text
    assert "because you gave Acme feedback" in english.text, "whoever our mails come from"
    swedish = thanks(shared, locale="sv", change_texts=texts, company="Björk", **LETTER)
    assert swedish.text.count("Too slow!") == swedish.html.count("Too slow!") == 1
    assert "Du skrev ”Too slow!”. Björk svarar snabbare." in swedish.text
    stranger = thanks(
        shared, locale="en", change_texts=texts, company="", **dict.fromkeys(LETTER, "")
    )
    assert "one of our customers" in stranger.text
    with pytest.raises(LookupError):
        thanks(shared, locale="de", change_texts=texts, company="", **LETTER)


def test_a_line_on_a_page_is_whole_paragraphs_without_a_greeting() -> None:
    body = "Dear {first_name},\n\nFirst {words}.\nSecond line.\n\n" + "x" * 470 + "\n\nlast"
    assert excerpt(body, EBBA, "en") == "First It took you two days!.\nSecond line."
    assert excerpt("y " * 400, EBBA, "en").endswith("y…")
    assert len(excerpt("y " * 400, EBBA, "en")) <= MOST
    assert excerpt("Thank you {first_name}, for this.", EBBA, "en") == "Thank you Ebba, for this."
    assert excerpt("", EBBA, "en") == ""
