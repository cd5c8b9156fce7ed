"""``GET /api/v1/answers``: every answer that counts once, in order, of the key's installation alone."""

from typing import Any

import pytest

from plugin.access import keys
from plugin.access.rules import CLI
from tests.figures.planting import Given
from tests.support.surveys import HUB, World

ANSWERS = "/api/v1/answers"


@pytest.mark.parametrize("key", ["", "gv_wrong"])
def test_without_a_valid_key_there_is_nothing(read: Any, key: str) -> None:
    assert read(ANSWERS, key).json["code"] == "unauthenticated"


@pytest.mark.parametrize(
    ("query", "code", "field"),
    [
        ("page=2", "body_malformed", None),
        ("limit=1&limit=1", "body_malformed", None),
        ("limit=0", "field_invalid", "limit"),
        ("limit=501", "field_invalid", "limit"),
        ("limit=-1", "field_invalid", "limit"),
        ("limit=1.5", "field_invalid", "limit"),
        ("limit=²", "field_invalid", "limit"),
        ("limit=9999999999", "field_invalid", "limit"),
        ("after=2", "field_invalid", "after"),
        ("after=%00", "field_invalid", "after"),
        ("after=' OR 1=1 --                ", "field_invalid", "after"),
    ],
)
def test_what_is_not_meant_so_is_refused(
    read: Any, query: str, code: str, field: str | None
) -> None:
    reply = read(f"{ANSWERS}?{query}")
    assert reply.json["code"] == code
    if field:
        assert list(reply.json["fields"]) == [field]


def test_nothing_yet_is_an_empty_page(read: Any) -> None:
    assert read(ANSWERS).json == {"answers": [], "next": None}
    assert read(f"{ANSWERS}?after=&limit=").json == {"answers": [], "next": None}


def test_an_answer_comes_with_its_fields_and_no_more(
    read: Any, survey_world: World, given: Given
) -> None:
    token = survey_world.ask("501")
    said = survey_world.answer(token, score=3, comment="<b>Waited</b>", may_contact=True).json
    (found,) = read(ANSWERS).json["answers"]
    assert found.pop("answered_at") == found.pop("revised_at")
    assert found == {
        "answer_id": said["answer_id"], "contact": "501", "touchpoint": "support", "kind": "transactional",
        "channel": "widget", "locale": "en", "score": 3, "category": "detractor", "comment": "<b>Waited</b>",
        "may_contact": True, "revision": 1, "test": False,
    }  # fmt: skip
    assert survey_world.answer(token, score=9).status_code == 200
    (again,) = read(ANSWERS).json["answers"]
    assert (again["answer_id"], again["score"], again["revision"]) == (said["answer_id"], 9, 2)


def test_pages_have_each_answer_once_and_go_on_where_they_ended(read: Any, given: Given) -> None:
    made = given(*range(7))
    seen: list[str] = []
    address = f"{ANSWERS}?limit=3"
    while address:
        page = read(address).json
        seen += [one["answer_id"] for one in page["answers"]]
        address = f"{ANSWERS}?limit=3&after={page['next']}" if page["next"] else ""
    assert seen == sorted(made)
    later = given(10)
    assert [
        one["answer_id"] for one in read(f"{ANSWERS}?after={seen[-1]}").json["answers"]
    ] == later


def test_another_installation_s_answers_are_not_there(
    read: Any, survey_world: World, given: Given
) -> None:
    (foreign,) = given(1, installation="hubspot:9")
    given(9)
    found = read(ANSWERS).json["answers"]
    assert [one["score"] for one in found] == [9]
    assert read(f"{ANSWERS}?after={foreign}").status_code == 200


def test_a_revoked_key_reads_nothing(read: Any, survey_world: World) -> None:
    made, text = keys.add(survey_world.shared, CLI, "old", HUB)
    keys.revoke(survey_world.shared, CLI, made.id)
    assert read(ANSWERS, text).status_code == 401


def test_a_test_is_marked(read: Any, given: Given) -> None:
    given(9, test=True)
    given(8)
    assert [one["test"] for one in read(ANSWERS).json["answers"]] == [True, False]


def test_what_does_not_count_is_not_there(read: Any, given: Given) -> None:
    given(0, standing="provisional")
    given(1, standing="set_aside")
    given(9)
    assert [one["score"] for one in read(ANSWERS).json["answers"]] == [9]
