"""Two contacts that are one, however and in whatever order we hear of it."""

import itertools

import pytest
import sqlalchemy as sa

from plugin.answers.store import answer
from plugin.asking.store import ask
from plugin.deliveries.store import delivery
from plugin.followups.store import followup
from plugin.people.actions import LONG_AGO
from plugin.people.store import person
from tests.support.surveys import World


def of(world: World, table: sa.Table) -> set[str]:
    """Whose the rows are, by contact."""
    whose = sa.select(person.c.contact).join(table, table.c.person == person.c.id)
    return {row["contact"] for row in world.rows(whose)}


def open_asks(world: World) -> list[dict]:
    return world.rows(sa.select(ask).where(ask.c.state == "open"))


def owed(world: World, kind: str = "contact") -> list[dict]:
    return world.rows(
        sa.select(delivery).where(delivery.c.kind == kind, delivery.c.state == "queued")
    )


def test_a_merge_of_contacts_that_nobody_knows_changes_nothing(survey_world, crm):
    crm.says("merged", "1", into="2")
    assert survey_world.rows(sa.select(person)) == owed(survey_world) == []


def test_all_that_is_kept_is_the_survivor_s(survey_world, crm, answers):
    answers("1", 3)
    survey_world.ask("1", key="yearly")
    survey_world.person("2")
    crm.says("merged", "1", into="2")
    assert of(survey_world, answer) == of(survey_world, ask) == of(survey_world, followup) == {"2"}


def test_a_survivor_with_a_new_id_is_as_the_merged_one_until_the_crm_is_asked(survey_world, crm):
    survey_world.person("1", name="Åsa", email="asa@customer.example", unsubscribed_at=crm.at(-5))
    survey_world.person("2", name="Aasa")
    crm.says("merged", "1", into="3")
    crm.says("merged", "2", into="3")
    kept = crm.known("3")
    assert (kept["name"], kept["email"]) == ("Åsa", "asa@customer.example")
    assert kept["seen_at"] == LONG_AGO
    assert kept["unsubscribed_at"] is not None
    assert {crm.known(contact)["survivor"] for contact in "12"} == {kept["id"]}


def test_the_survivor_s_fields_are_owed_once_however_often_it_is_said(survey_world, crm):
    one, two = survey_world.person("1"), survey_world.person("2")
    for _ in range(3):
        crm.says("merged", "1", into="2")
        survey_world.write(delivery.update().values(state="delivered", started_at=crm.at(0)))
    rows = survey_world.rows(sa.select(delivery))
    assert [(row["kind"], row["subject"]) for row in rows] == [("contact", two)]
    assert one not in {row["subject"] for row in rows}


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_a_chain_of_merges_ends_at_the_same_survivor_in_any_order(
    survey_world, crm, answers, order
):
    for contact in "1234":
        answers(contact, int(contact), key="yearly")
    events = [crm.event("merged", str(n), minute=n, into=str(n + 1)) for n in (1, 2, 3)]
    crm.tell(*[events[n] for n in order], *events)
    assert of(survey_world, answer) == {"4"}
    assert {crm.known(contact)["survivor"] for contact in "123"} == {crm.known("4")["id"]}


def test_an_older_step_of_a_chain_does_not_undo_where_it_ended(survey_world, crm):
    """A write found the end of the chain before the webhooks told its steps."""
    for contact in "123":
        survey_world.person(contact)
    crm.says("merged", "1", minute=9, into="3")
    crm.says("merged", "1", minute=1, into="2")
    assert {crm.known(contact)["survivor"] for contact in "12"} == {crm.known("3")["id"]}
    assert crm.known("3")["survivor"] is None


def test_a_chain_whose_end_was_found_first_ends_there_whatever_its_steps_say_later(
    survey_world, crm
):
    for contact in "14":
        survey_world.person(contact)
    crm.says("merged", "1", minute=9, into="4")
    for minute in (1, 2, 3):
        crm.says("merged", str(minute), minute=minute, into=str(minute + 1))
    assert {crm.known(contact)["survivor"] for contact in "123"} == {crm.known("4")["id"]}
    assert crm.known("4")["survivor"] is None


def test_a_circle_of_merges_is_not_followed(survey_world, crm, answers):
    answers("1", 9)
    survey_world.person("2")
    crm.says("merged", "1", minute=1, into="2")
    crm.says("merged", "2", minute=2, into="1")
    crm.says("merged", "1", minute=3, into="1")
    assert of(survey_world, answer) == {"2"}
    assert crm.known("2")["survivor"] is None


def test_a_suppression_of_either_is_kept(survey_world, crm):
    survey_world.person("1", unsubscribed_at=crm.at(-9), last_asked_at=crm.at(-1))
    survey_world.person("2", last_asked_at=crm.at(-5), last_answered_at=crm.at(-4))
    crm.says("merged", "1", into="2")
    kept = crm.known("2")
    assert kept["unsubscribed_at"] == crm.at(-9)
    assert kept["last_asked_at"] == crm.at(-1)
    assert kept["last_answered_at"] == crm.at(-4)


def test_of_two_open_asks_one_stays_and_both_links_give_its_one_answer(survey_world, crm):
    older, newer = survey_world.ask("1"), survey_world.ask("2")
    crm.says("merged", "1", into="2")
    assert len(open_asks(survey_world)) == 1
    first = survey_world.answer(older, score=4)
    second = survey_world.answer(newer, score=9)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json["answer_id"] == second.json["answer_id"]
    assert second.json["revision"] == 2
    assert open_asks(survey_world) == []


def test_both_links_in_one_group_of_posts_are_one_answer(survey_world, crm, answers):
    older, newer = survey_world.ask("1"), survey_world.ask("2")
    crm.says("merged", "2", into="1")
    assert survey_world.answer(newer, score=4).status_code == 201
    assert survey_world.answer(older, comment="More").status_code == 200
    (row,) = survey_world.rows(sa.select(answer))
    assert (row["score"], row["comment"]) == (4, "More")


def test_either_link_shows_what_was_answered_and_either_declines(survey_world, crm):
    older, newer = survey_world.ask("1"), survey_world.ask("2")
    yearly, other = survey_world.ask("1", key="yearly"), survey_world.ask("2", key="yearly")
    crm.says("merged", "1", into="2")
    survey_world.answer(newer, score=10)
    page = survey_world.client.get(f"/s/{older}").text
    assert page == survey_world.client.get(f"/s/{newer}").text.replace(newer, older)
    event = {"token": yearly, "event": "declined"}
    assert survey_world.client.post("/api/v1/asks/events", data=event).status_code == 204
    assert open_asks(survey_world) == []
    assert crm.known("2")["last_declined_at"] is not None
    assert survey_world.answer(other, score=7).status_code == 201  # an answer is always welcome


def test_three_open_asks_of_a_chain_are_one(survey_world, crm):
    tokens = [survey_world.ask(contact) for contact in "123"]
    crm.says("merged", "1", minute=1, into="2")
    crm.says("merged", "2", minute=2, into="3")
    ids = {survey_world.answer(token, score=5).json["answer_id"] for token in tokens}
    assert len(ids) == 1


def test_an_answer_already_given_stands_beside_an_open_ask(survey_world, crm, answers):
    given = answers("1", 2)
    still_open = survey_world.ask("2")
    crm.says("merged", "1", into="2")
    assert survey_world.answer(given, score=3).json["revision"] == 2
    assert survey_world.answer(still_open, score=8).status_code == 201
