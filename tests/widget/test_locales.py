"""The languages: complete, of one shape, and found for every tag."""

import json
from dataclasses import fields
from pathlib import Path

import pytest

from widget import locales
from widget.locales import Wording, available, category, is_fallback, resolve, wording

FOLDER = Path(locales.__file__).parent
ENGLISH = json.loads((FOLDER / "en.json").read_text("utf-8"))


def texts(value: object, path: str = "") -> dict[str, str]:
    if isinstance(value, dict):
        return {k: v for key in value for k, v in texts(value[key], f"{path}.{key}").items()}
    if isinstance(value, list):
        return {k: v for n, part in enumerate(value) for k, v in texts(part, f"{path}.{n}").items()}
    return {path: str(value)}


def test_the_promised_languages_are_there() -> None:
    assert set(available()) == {"ar", "da", "de", "en", "es", "fi", "fr", "nb", "nl", "pl", "sv"}
    assert [tag for tag in available() if wording(tag).direction == "rtl"] == ["ar"]


@pytest.mark.parametrize("tag", available())
def test_a_language_has_every_text_and_no_other(tag: str) -> None:
    given = json.loads((FOLDER / f"{tag}.json").read_text("utf-8"))
    assert set(given) == {field.name for field in fields(Wording)} - {"locale"}
    own, english = texts(given), texts(ENGLISH)
    plural = {key for key in own.keys() ^ english.keys() if key.startswith(".within.")}
    assert own.keys() ^ english.keys() == plural
    assert all(text.strip() == text and text for text in own.values())


@pytest.mark.parametrize("tag", [tag for tag in available() if tag != "en"])
def test_a_language_fills_in_the_same_names_and_is_translated(tag: str) -> None:
    own, english = texts(json.loads((FOLDER / f"{tag}.json").read_text("utf-8"))), texts(ENGLISH)
    for key in own.keys() & english.keys():
        if not key.startswith(".within."):
            assert own[key].count("{") == english[key].count("{"), key
            for name in ("company", "touchpoint", "person", "within"):
                assert (f"{{{name}}}" in own[key]) == (f"{{{name}}}" in english[key]), key
    same = {key for key in own.keys() & english.keys() if own[key] == english[key]}
    assert same <= {".direction", ".send", ".no"}, same


@pytest.mark.parametrize(
    ("asked", "used", "missing"),
    [
        ("sv", "sv", False),
        ("sv-FI", "sv", False),
        ("sv_FI", "sv", False),
        ("SV", "sv", False),
        ("no", "nb", False),
        ("nb-NO", "nb", False),
        ("nn-NO", "nb", False),
        ("ar-EG", "ar", False),
        ("en-GB", "en", False),
        ("zh-Hant-TW", "en", True),
        ("ja", "en", True),
        ("", "en", True),
        ("../en", "en", True),
    ],
)
def test_a_missing_language_falls_back_and_can_be_told(
    asked: str, used: str, missing: bool
) -> None:
    assert resolve(asked) == used
    assert wording(asked).locale == used
    assert is_fallback(asked) is missing


def test_scores_make_categories() -> None:
    assert [category(score) for score in range(11)] == [
        *["detractor"] * 7,
        *["passive"] * 2,
        *["promoter"] * 2,
    ]
