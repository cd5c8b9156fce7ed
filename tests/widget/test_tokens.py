"""Survey tokens: what they carry, who may open them, and what is refused."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widget.tokens import LONGEST, LinkExpired, LinkInvalid, SurveyToken, Tokens

OLD, NEW, FOREIGN = "o" * 32, "n" * 32, "f" * 32
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
TOKEN = SurveyToken(
    id="01jd00000000000000000000ab",
    installation="salesforce:00D5g00000AbCdEEAV",
    contact="0035g00000XyZaBAAV",
    touchpoint="support-case",
    channel="widget",
    locale="sv",
    expires_at=NOON + timedelta(hours=24),
)
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def tokens(*keys: str, now: datetime = NOON, purpose: str = "survey") -> Tokens:
    return Tokens(keys or (NEW,), lambda: now, purpose)


def test_what_is_sealed_is_opened() -> None:
    text = tokens().seal(TOKEN)
    assert tokens().open(text) == TOKEN
    assert len(text) < 250
    assert set(text) <= set(ALPHABET + ".")


def test_the_first_key_seals_and_every_key_opens() -> None:
    before = tokens(OLD).seal(TOKEN)
    after = tokens(NEW, OLD).seal(TOKEN)
    assert tokens(NEW, OLD).open(before) == TOKEN
    assert tokens(NEW).open(after) == TOKEN
    with pytest.raises(LinkInvalid):
        tokens(OLD).open(after)
    with pytest.raises(LinkInvalid):
        tokens(FOREIGN).open(before)


def test_a_token_of_another_purpose_does_not_open() -> None:
    with pytest.raises(LinkInvalid):
        tokens(purpose="unsubscribe").open(tokens().seal(TOKEN))


def test_several_texts_are_the_same_token_so_only_the_id_counts() -> None:
    """Two bits at a signature's end mean nothing, and a rotated key makes another text."""
    text = tokens(NEW).seal(TOKEN)
    last = ALPHABET.index(text[-1])
    spellings = {text[:-1] + ALPHABET[last & ~3 | spare] for spare in range(4)}
    spellings.add(tokens(OLD).seal(TOKEN))
    opened = [tokens(NEW, OLD).open(spelling) for spelling in spellings]
    assert len(spellings) == 5
    assert {token.id for token in opened} == {TOKEN.id}


def test_an_expired_token_says_whose_it_was_and_for_how_long() -> None:
    text = tokens().seal(TOKEN)
    assert tokens(now=TOKEN.expires_at - timedelta(seconds=1)).open(text) == TOKEN
    with pytest.raises(LinkExpired) as caught:
        tokens(now=TOKEN.expires_at + timedelta(days=3)).open(text)
    assert caught.value.token == TOKEN
    assert caught.value.age == timedelta(days=3)
    with pytest.raises(LinkExpired):
        tokens(now=TOKEN.expires_at).open(text)


def test_every_changed_character_of_the_payload_is_noticed() -> None:
    text = tokens().seal(TOKEN)
    for at in range(text.index(".")):
        other = "A" if text[at] != "A" else "B"
        with pytest.raises(LinkInvalid):
            tokens().open(text[:at] + other + text[at + 1 :])


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "a",
        "a.b",
        "\0",
        "å.å",
        " ",
        "." * 900,
        "a" * 5000,
        "a." + "b" * 43,
        "a\n." + "b" * 43,
    ],
)
def test_nonsense_is_invalid(text: str) -> None:
    with pytest.raises(LinkInvalid):
        tokens().open(text)


@given(st.text())
def test_no_text_does_worse_than_being_invalid(text: str) -> None:
    with pytest.raises(LinkInvalid):
        tokens().open(text)


def test_decorated_texts_are_invalid() -> None:
    text = tokens().seal(TOKEN)
    for decorated in (f" {text}", f"{text}\n", f"{text}=", f"{text}\0", text.replace(".", "..")):
        with pytest.raises(LinkInvalid):
            tokens().open(decorated)


def test_fields_hold_printable_text_only() -> None:
    with pytest.raises(ValueError, match="printable"):
        tokens().seal(replace(TOKEN, touchpoint="a\nb"))
    with pytest.raises(ValueError, match="characters"):
        tokens().seal(replace(TOKEN, touchpoint="a" * LONGEST))


def test_short_or_missing_keys_are_refused() -> None:
    for keys in ([], ["short"], [NEW, "short"]):
        with pytest.raises(ValueError, match="32 bytes"):
            Tokens(keys, lambda: NOON)
