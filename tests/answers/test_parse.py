"""What may be posted, and what is refused with which code."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.answers.parse import MAX_COMMENT, parse
from plugin.answers.rules import Submission
from plugin.errors import Problem
from plugin.strict import FORM, JSON, MAX_BODY


def code_of(media_type: str, body: bytes) -> str:
    with pytest.raises(Problem) as refused:
        parse(media_type, body)
    return refused.value.code


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{",
        b'{"token":"t","score":1,"score":2}',
        b'{"token":"t","score":1,"extra":1}',
        b'{"token":"t","score":NaN}',
        b'{"token":"t","score":1}\xff',
        b'{"token":' + b"[" * 8000 + b"]" * 8000 + b"}",
        b'{"token":"t","\\ud800":1}',
    ],
)
def test_json_that_is_not_one_plain_object_is_malformed(body: bytes) -> None:
    assert code_of(JSON, body) == "body_malformed"


@pytest.mark.parametrize(
    "score", ["true", "9.0", '"9"', "null", "-1", "11", "1e1", "[9]", "9007199254740993"]
)
def test_a_json_score_is_a_whole_number_from_0_to_10(score: str) -> None:
    assert code_of(JSON, b'{"token":"t","score":%s}' % score.encode()) == "field_invalid"


@pytest.mark.parametrize("score", ["", "09", "+9", " 9", "9 ", "9.0", "\u0669", "11", "ten"])
def test_a_form_score_is_one_of_0_to_10_to_the_letter(score: str) -> None:
    from urllib.parse import urlencode

    assert code_of(FORM, urlencode({"token": "t", "score": score}).encode()) == "field_invalid"


@pytest.mark.parametrize(
    "body", [b"token=t&score=1&score=1", b"token=t&score=1&x=1", b"token", b"token=%ff&score=1"]
)
def test_a_form_with_repeated_unknown_or_broken_fields_is_malformed(body: bytes) -> None:
    assert code_of(FORM, body) == "body_malformed"


@pytest.mark.parametrize("comment", ["a\0b", "\ud800", "x" * (MAX_COMMENT + 1)])
def test_a_comment_that_cannot_be_kept_is_refused_and_named(comment: str) -> None:
    with pytest.raises(Problem) as refused:
        parse(JSON, json.dumps({"token": "t", "score": 1, "comment": comment}).encode())
    assert refused.value.code == "field_invalid"
    assert list(refused.value.fields) == ["comment"]


def test_another_media_type_and_a_larger_body_are_refused() -> None:
    assert code_of("text/plain", b"token=t") == "media_type"
    assert code_of("multipart/form-data", b"") == "media_type"
    assert code_of(JSON, b" " * (MAX_BODY + 1)) == "body_too_large"


def test_a_missing_token_is_named() -> None:
    assert code_of(JSON, b'{"score":1}') == "field_invalid"


@pytest.mark.parametrize("aside", ["x" * 5000, 7, None, {"a": 1}, "nul\0inside", "half \ud83d"])
def test_evidence_and_decoy_never_refuse_an_answer(aside: object) -> None:
    said = parse(
        JSON, json.dumps({"token": "t", "score": 9, "evidence": aside, "website": aside}).encode()
    )
    assert said.score == 9
    assert len(said.evidence) <= 2048
    assert "\0" not in said.evidence
    said.evidence.encode("utf-8")


def test_lines_of_a_form_count_as_the_customer_saw_them() -> None:
    lines = "a\r\n" * (MAX_COMMENT // 2)
    assert parse(
        JSON, json.dumps({"token": "t", "comment": lines}).encode()
    ).comment == lines.replace("\r\n", "\n")


def test_what_was_left_out_is_none_and_an_empty_comment_is_empty() -> None:
    assert parse(FORM, b"token=t&comment=") == Submission("t", None, "", None)


@given(st.binary(max_size=300))
def test_no_body_whatsoever_is_anything_but_read_or_refused(body: bytes) -> None:
    for media_type in (JSON, FORM):
        with suppress(Problem):
            parse(media_type, body)


@given(
    st.fixed_dictionaries(
        {"token": st.text(min_size=1, max_size=20)},
        optional={
            "score": st.integers(0, 10),
            "comment": st.text(
                st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=99
            ),
            "may_contact": st.booleans(),
        },
    )
)
def test_form_and_json_say_the_same(fields: dict[str, object]) -> None:
    from urllib.parse import urlencode

    form = {k: str(v).lower() if isinstance(v, bool) else v for k, v in fields.items()}
    said = parse(JSON, json.dumps(fields).encode())
    assert parse(FORM, urlencode(form).encode()) == said
