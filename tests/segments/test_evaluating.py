"""The database's answer is that of a plain evaluation, for random rules over random people."""

import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.engine import Connection

from plugin.answers.store import answer
from plugin.asking.store import ask
from plugin.db import Database, lowest_id, new_id
from plugin.errors import Problem
from plugin.people.store import person
from plugin.segments import evaluating, newest
from plugin.segments import people as members
from plugin.segments.naming import names
from plugin.segments.store import attribute_value, list_member, segment
from plugin.segments.why import Reason, why
from plugin.themes.store import answer_theme
from plugin.touchpoints.store import touchpoint
from tests.segments import drawing
from tests.segments.drawing import Said, Somebody, holds, rules

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
People = tuple[Connection, list[Somebody]]
Rows = defaultdict[sa.Table, list[dict[str, Any]]]


@pytest.fixture
def people(database_url: str) -> Iterator[People]:
    """Fifty of them, of whom some are gone or erased; nothing of it is kept."""
    database, dice = Database(database_url), random.Random(7)
    crowd = [_somebody(dice) for _ in range(50)]
    rows: Rows = defaultdict(list)
    for key, kind in drawing.TOUCHPOINTS.items():
        row = {"key": key, "name": key, "kind": kind, "stage": "use", "created_at": NOW}
        rows[touchpoint].append(row)
    for number, one in enumerate(crowd):
        _put(rows, dice, number, one)
    with database.write() as connection:
        for table in (touchpoint, person, ask, answer, answer_theme, attribute_value, list_member):
            connection.execute(table.insert(), rows[table])
        newest.keep(connection, [row["id"] for row in rows[answer]])
        yield connection, crowd
    database.close()


def _somebody(dice: random.Random) -> Somebody:
    def ago() -> datetime:
        return NOW - timedelta(
            days=dice.choice([0, 1, 20, 29, 30, 31, 399, 500]), minutes=dice.randrange(9)
        )

    def said(key: str) -> Said:
        kind, themes = drawing.TOUCHPOINTS[key], dice.sample(drawing.THEMES, dice.randrange(3))
        return Said(key, kind, dice.randrange(11), ago(), tuple(themes))

    keys = list(drawing.TOUCHPOINTS)
    fields: dict[str, Any] = {
        "plan": dice.choice(drawing.PLANS),
        "mrr": dice.choice([-1.0, 0.0, 5.0, 5.5, 6.0]),
        "renewal": NOW.date() + timedelta(days=dice.choice([-401, -30, -1, 0, 1, 30, 31])),
    }
    return Somebody(
        installation=dice.choice(drawing.ACCOUNTS),
        locale=dice.choice(drawing.LOCALES),
        known_at=ago(),
        fields={name: fields[name] for name in dice.sample(list(fields), dice.randrange(4))},
        lists=tuple(dice.sample(drawing.LISTS, dice.randrange(3))),
        said=[said(dice.choice(keys)) for _ in range(dice.randrange(5))],
        asked=[(dice.choice(keys), ago()) for _ in range(dice.randrange(2))],
        here=dice.random() > 0.15,
    )


def _put(rows: Rows, dice: random.Random, number: int, one: Somebody) -> None:
    one.id = lowest_id(one.known_at)[:10] + new_id()[10:]
    away = {} if one.here else {dice.choice(["gone_at", "erased_at"]): NOW}
    row = {"id": one.id, "installation": one.installation, "contact": str(number)}
    row |= {"locale": one.locale, "seen_at": NOW, "gone_at": None, "erased_at": None, **away}
    rows[person].append(row)
    for name, value in one.fields.items():
        number_of = (value - date(1970, 1, 1)).days if isinstance(value, date) else value
        kept = (
            {"text": value, "number": None}
            if isinstance(value, str)
            else {"text": None, "number": number_of}
        )
        rows[attribute_value].append({"person": one.id, "field": name, **kept})
    rows[list_member] += [{"person": one.id, "list": name} for name in one.lists]
    for key, at in one.asked:
        _asked(rows, one, key, at)
    for said in one.said:
        _answered(rows, one, said)
        one.asked.append((said.touchpoint, said.at))


def _asked(rows: Rows, one: Somebody, key: str, at: datetime) -> str:
    ask_id = new_id()
    row = {"id": ask_id, "installation": one.installation, "person": one.id, "touchpoint": key}
    row |= {"channel": "link", "state": "expired", "created_at": at, "expires_at": at}
    rows[ask].append(row)
    return ask_id


def _answered(rows: Rows, one: Somebody, said: Said) -> None:
    """And one that does not count, of the same day."""
    for standing, score in (("counted", said.score), ("set_aside", 10 - said.score)):
        ask_id, answer_id = _asked(rows, one, said.touchpoint, said.at), new_id()
        row = {
            "id": answer_id, "ask": ask_id, "installation": one.installation, "person": one.id,
            "touchpoint": said.touchpoint, "kind": said.kind, "channel": "link", "standing": standing,
            "score": score, "category": said.category, "revision": 1,
            "answered_at": said.at, "revised_at": said.at,
        }  # fmt: skip
        rows[answer].append(row)
        themes = said.themes if standing == "counted" else drawing.THEMES
        for theme in drawing.THEMES:
            told = {"answer": answer_id, "theme": theme, "at": said.at, "by": "person"}
            rows[answer_theme].append({**told, "has": theme in themes})


def found(connection: Connection, rule: Any) -> set[str]:
    inside = evaluating.condition(connection, rule, NOW)
    return set(connection.scalars(sa.select(person.c.id).where(inside)))


@settings(
    max_examples=50,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(rules=st.lists(rules(), min_size=1, max_size=4))
def test_the_database_finds_whom_a_plain_evaluation_finds(people: People, rules):
    connection, crowd = people
    for rule in rules:
        expected = {one.id for one in crowd if one.here and holds(rule, one, NOW)}
        assert found(connection, rule) == expected
        assert evaluating.size(connection, rule, NOW).count == len(expected)


# Each holds of many, and of others than the next.
BROAD = (
    {"attribute": {"field": "mrr", "at_least": 5}},
    {"attribute": {"field": "plan", "one_of": ["gold", "iron"]}},
    {"list": "12"},
    {"list": "13", "installation": "hubspot:1"},
    {"touchpoint": "support", "within": 400},
    {"theme": "price"},
    {"category": "detractor", "kind": "transactional"},
    {"language": "sv"},
    {"known_for": {"at_least": 30}},
)


def test_two_conditions_are_joined_in_every_way(people: People):
    connection, crowd = people
    told = set()
    for a, b in permutations(BROAD, 2):
        for rule in (
            {"all": [a, b]},
            {"any": [a, b]},
            {"all": [a, {"not": b}]},
            {"any": [a, {"not": b}]},
            {"not": {"all": [a, b]}},
            {"all": [{"not": a}, {"not": {"any": [b, a]}}]},
            {"not": {"all": [a, {"not": b}]}},
        ):
            expected = {one.id for one in crowd if one.here and holds(rule, one, NOW)}
            assert evaluating.size(connection, rule, NOW).count == len(expected), rule
            told.add(len(expected))
    assert len(told) > 20, "the crowd tells the ways apart"


@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(rule=rules(), number=st.integers(0, 49))
def test_why_says_for_each_part_what_the_database_finds(people: People, rule, number):
    connection, crowd = people
    one = crowd[number]
    told = why(connection, rule, one.id, NOW, names(connection))
    assert told is not None
    assert told.inside is (one.here and holds(rule, one, NOW))
    assert told.reason.held is holds(rule, one, NOW)
    assert bool(told.away) is not one.here
    for part in _leaves(told.reason):
        assert part.saw


def _leaves(reason: Reason) -> Iterator[Reason]:
    if not reason.parts:
        yield reason
    for part in reason.parts:
        yield from _leaves(part)


def keep(connection: Connection, key: str, rule: Any) -> None:
    row = {"key": key, "name": key.title(), "rule": rule, "created_at": NOW}
    connection.execute(segment.insert().values(row))


def test_a_segment_in_a_segment_is_what_that_one_says(people: People):
    connection, crowd = people
    keep(connection, "swedes", {"language": "sv"})
    expected = {one.id for one in crowd if one.here and not holds({"language": "sv"}, one, NOW)}
    assert found(connection, {"not": {"segment": "swedes"}}) == expected
    assert found(connection, {"segment": "promoters-relational"}) == found(
        connection, {"category": "promoter", "kind": "relational"}
    )


def test_a_circle_is_refused_in_words_and_finds_nobody(people: People):
    connection, _ = people
    keep(connection, "one", {"any": [{"segment": "two"}, {"language": "sv"}]})
    keep(connection, "two", {"not": {"segment": "one"}})
    for rule in ({"segment": "one"}, {"segment": "two"}):
        with pytest.raises(Problem, match="would be part of itself"):
            evaluating.size(connection, rule, NOW)
    with pytest.raises(Problem, match="there is no segment “three”"):
        evaluating.size(connection, {"segment": "three"}, NOW)


def test_nobody_and_everybody_are_told_apart(people: People):
    connection, crowd = people
    nobody = evaluating.size(connection, {"touchpoint": "other"}, NOW)
    everybody = evaluating.size(connection, {"not": {"touchpoint": "other"}}, NOW)
    assert (nobody.nobody, nobody.all, everybody.nobody, everybody.all) == (
        True,
        False,
        False,
        True,
    )
    assert everybody.everybody == sum(one.here for one in crowd)


def test_members_come_page_by_page_and_each_once(people: People):
    connection, _ = people
    rule, seen, after = {"known_for": {"at_least": 0}}, [], ""
    while rows := members.of(connection, rule, NOW, after=after, limit=7):
        seen += [row.id for row in rows]
        after = rows[-1].id
    assert seen == sorted(found(connection, rule))
