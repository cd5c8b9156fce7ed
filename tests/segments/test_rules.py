"""Rules as data: read strictly, written back the same, said in words."""

import pytest
from hypothesis import given

from plugin.errors import Problem
from plugin.segments.forms import data as data_of_form
from plugin.segments.forms import part_of
from plugin.segments.naming import Field, Names
from plugin.segments.parsing import data, parse
from plugin.segments.wording import sentence
from tests.segments.drawing import rules

NAMES = Names(
    {"support": "Support case"},
    {"slow_reply": "Slow reply"},
    {"vip": "VIP"},
    {"plan": Field("plan", "Plan", "text"), "renewal": Field("renewal", "Renewal", "date")},
    {},
)
PROMOTER = {"category": "promoter", "kind": "transactional"}


def nested(depth: int) -> dict:
    return {"all": [nested(depth - 1), {"language": "sv"}]} if depth else {"language": "en"}


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ([], "an object that says one thing"),
        ("promoters", "an object that says one thing"),
        ({}, "has one of these: all, any, not"),
        ({"sql": "1=1"}, "has one of these"),
        ({"all": []}, "at least one condition"),
        ({"all": {}}, "at least one condition"),
        ({"all": [PROMOTER], "any": [PROMOTER]}, "“any” does not belong beside “all”"),
        ({"any": [PROMOTER, 5]}, "an object that says one thing"),
        ({"not": {"not": PROMOTER}}, "and once"),
        (nested(4), "at most 3 deep"),
        ({"any": [{"language": "sv"}] * 41}, "at most 40 conditions"),
        ({"category": "promoter"}, "relational and transactional answers are never mixed"),
        ({"category": "promoter", "kind": "csat"}, "“kind” is one of relational, transactional"),
        ({"category": ["promoter"], "kind": "relational"}, "“category” is one of"),
        ({"category": "fan", "kind": "relational"}, "“category” is one of"),
        ({"fell": True, "kind": "relational"}, "a whole number from 1 to 10"),
        ({"fell": 3.0, "kind": "relational"}, "a whole number from 1 to 10"),
        ({"attribute": "plan"}, "names a field and one comparison"),
        ({"attribute": {"field": "plan"}}, "“attribute” has one of these: is, is_not"),
        ({"attribute": {"field": "plan", "is": "a", "empty": True}}, "has one of these"),
        ({"attribute": {"field": "plan", "like": "%"}}, "has one of these"),
        ({"attribute": {"field": "", "is": "a"}}, "a field is a text of 1 to 255"),
        ({"attribute": {"field": "plan", "is": "a\0"}}, "a value is a text of 1 to 255"),
        ({"attribute": {"field": "plan", "is": 5}}, "a value is a text of 1 to 255"),
        ({"attribute": {"field": "plan", "one_of": []}}, "1 to 100 values"),
        ({"attribute": {"field": "plan", "one_of": ["a"] * 101}}, "1 to 100 values"),
        ({"attribute": {"field": "mrr", "at_least": "5"}}, "compared with a number"),
        ({"attribute": {"field": "mrr", "at_least": True}}, "compared with a number"),
        ({"attribute": {"field": "mrr", "at_most": float("nan")}}, "too large"),
        ({"attribute": {"field": "mrr", "at_most": 10**30}}, "too large"),
        ({"attribute": {"field": "renewal", "before": "soon"}}, "a date is written"),
        ({"attribute": {"field": "renewal", "after": 5}}, "a date is written"),
        ({"attribute": {"field": "renewal", "in_last": -1}}, "a whole number from 0"),
        ({"attribute": {"field": "renewal", "empty": "yes"}}, "true or false"),
        ({"known_for": {"at_least": 10**9}}, "a whole number from 0"),
        ({"known_for": {"is": 5}}, "has one of these: at_least, at_most"),
        ({"list": 12}, "a list is a text"),
        ({"touchpoint": "Support; --"}, "“touchpoint” is a key"),
        ({"touchpoint": "support", "what": "seen"}, "“what” is one of answered, asked"),
        ({"theme": "slow_reply", "within": "7"}, "a whole number from 0"),
        ({"language": "sv'"}, "a language is a tag"),
        ({"segment": "../vip"}, "“segment” is a key"),
        ({"segment": None}, "“segment” is a key"),
    ],
)
def test_what_is_wrong_is_said_in_words(wrong, words):
    with pytest.raises(Problem, match="field_invalid") as refused:
        parse(wrong)
    assert words in refused.value.detail
    assert refused.value.fields == {"rule": refused.value.detail}


@given(rules())
def test_a_rule_is_read_back_as_it_was_kept(given):
    """Also when it went through the form, which is a group at its top."""
    rule = parse(given)
    assert parse(data(rule)) == rule
    wrong: dict[str, str] = {}
    assert parse(data_of_form(part_of(rule), wrong)) == rule
    assert wrong == {}
    assert sentence(rule, NAMES).startswith("People who")


@pytest.mark.parametrize(
    ("given", "normal"),
    [
        ({"all": [PROMOTER]}, PROMOTER),
        ({"all": [PROMOTER, PROMOTER]}, PROMOTER),
        (
            {"any": [{"any": [PROMOTER, {"language": "sv"}]}, {"language": "en"}]},
            {"any": [PROMOTER, {"language": "sv"}, {"language": "en"}]},
        ),
        (
            {"attribute": {"field": "plan", "one_of": ["a", "a"]}},
            {"attribute": {"field": "plan", "is": "a"}},
        ),
        ({"not": {"all": [{"not": PROMOTER}]}}, PROMOTER),
    ],
)
def test_nothing_superfluous_is_kept(given, normal):
    assert data(parse(given)) == normal


RAISED_NOT = {"not": {"theme": "slow_reply", "within": 90}}
NEITHER = {"not": {"all": [{"segment": "vip"}, {"kind": "csat"}]}}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (
            {"all": [PROMOTER, RAISED_NOT]},
            (
                "People whose newest transactional answer is a promoter's, and who have not raised “Slow reply” "
                "within the last 90 days."
            ),
        ),
        (
            {"any": [{"language": "sv"}, NEITHER]},
            (
                "People whose language is sv, or who are none of those (who are in the segment “VIP”, and who have "
                "answered a question of the kind satisfaction)."
            ),
        ),
        (
            {"attribute": {"field": "plan", "one_of": ["gold", "iron", "tin"]}},
            "People whose Plan is “gold”, “iron” or “tin”.",
        ),
        (
            {"not": {"attribute": {"field": "renewal", "in_next": 1}}},
            "People who are none of those whose Renewal is within the next 1 day.",
        ),
        ({"not": {"list": "12"}}, "People who are not on the list “12”."),
        (
            {"not": {"known_for": {"at_least": 2}}},
            "People who have not been known here for at least 2 days.",
        ),
        (
            {"touchpoint": "support", "what": "asked"},
            "People who have been asked at “Support case”.",
        ),
    ],
)
def test_a_rule_is_said_in_words(given, words):
    assert sentence(parse(given), NAMES) == words
