"""The line on a page: offered to the right person, taken by the first page, and by no mail besides."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from plugin.access import keys
from plugin.access.rules import CLI
from plugin.asking.store import ask
from plugin.deliveries.actions import Owed, ensure_lane, owe
from plugin.deliveries.store import delivery
from plugin.messages import reading
from plugin.messages.store import message, recipient
from plugin.people.store import person
from tests.messages.room import Room
from tests.messages.telling import SAID, Telling, forgotten, telling
from tests.support.surveys import HOST, HUB, World

LANE = "mail:nps@acme.example"


@pytest.fixture
def told(survey_world: World) -> Telling:
    return telling(survey_world)


def mail_owed(told: Telling, **state: Any) -> None:
    """Her mail stands in the ledger, as sending it owes it; so does one about another change."""
    world, one = told.world, told.waits()
    payload, now = {"recipient": told.row(one)["id"], "change": one}, world.clock.now()
    with world.shared.database.write() as connection:
        ensure_lane(connection, LANE, 9)
        for name, about in (("mine", payload), ("other", payload | {"recipient": "another's"})):
            owe(connection, [Owed(LANE, "thanks", name, name, told.her, about, now)], now)
        if state:
            mine = delivery.update().where(delivery.c.key == "mine")
            connection.execute(mine.values(**state))


def states(told: Telling) -> dict[str, str]:
    rows = told.world.rows(sa.select(delivery).where(delivery.c.kind == "thanks"))
    return {row["key"]: row["state"] for row in rows}


def test_it_is_offered_though_nothing_is_asked_and_where_something_is(told: Telling) -> None:
    assert "notice" not in told.ask()
    told.waits()
    answer = told.ask()
    assert answer["asked"] is False
    assert set(answer["notice"]) == {"token", "snippet"}
    assert "notice" not in told.ask(channel="link"), "a link is on no page"
    forgotten(told.world)
    answer = told.ask()
    assert answer["asked"] is True
    assert answer["notice"]["token"] != answer["token"]


def test_it_speaks_the_pages_language_and_her_words_stay_words(told: Telling) -> None:
    told.waits()
    line = told.offered()
    assert "/v1/notice.sv.js" in line.snippet
    assert line.data == {
        "token": line.token,
        "title": "Snabbare nu",
        "text": f"Du skrev {SAID}, vi lyssnade.",
    }
    assert "<b>" not in line.snippet
    assert told.offered(locale="en-GB").data["title"] == "Faster now"
    assert told.offered(locale="de").data["title"] == "Snabbare nu", "where there is no text in it"


@pytest.mark.parametrize(
    ("table", "values"),
    [
        (message, {"state": "paused"}),
        (message, {"state": "stopped"}),
        (message, {"channels": ["email"]}),
        (recipient, {"reason": "excluded", "state": "void"}),
        (recipient, {"state": "told"}),
        (recipient, {"state": "unsure"}),
        (recipient, {"due_at": "later"}),
        (person, {"unsubscribed_at": "now"}),
        (person, {"erased_at": "now"}),
    ],
    ids=str,
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_it_is_neither_offered_nor_let_where_she_is_not_to_be_told(
    told: Telling, table: sa.Table, values: dict[str, Any]
) -> None:
    now = told.world.clock.now()
    moments: dict[Any, Any] = {"now": now, "later": now + timedelta(hours=2)}
    told.waits()
    line = told.offered()
    told.set(
        table, **{k: moments.get(v, v) if isinstance(v, str) else v for k, v in values.items()}
    )
    assert told.line() is None
    if "due_at" not in values:
        assert told.report(line, "shown") == 410
        assert told.world.one(sa.select(recipient.c.noticed_at)) is None


def test_two_changes_are_not_told_in_one_breath(told: Telling) -> None:
    for _ in range(2):
        told.waits(told.change(recent_days=7))
    assert told.report(told.offered(), "shown") == 204
    assert told.line() is None
    told.world.clock.ahead += timedelta(days=8)
    assert told.line() is not None


def test_seen_once_it_is_told(told: Telling) -> None:
    one = told.waits()
    line, elsewhere = told.offered(), told.offered()
    for method in (told.world.client.get, told.world.client.head):
        looked = method(f"/api/v1/asks/events?token={line.token}&event=shown")
        assert looked.status_code in (404, 405)
    assert told.row(one)["noticed_at"] is None
    assert [told.report(line, "shown") for _ in range(2)] == [204, 204]
    seen = told.row(one)
    assert (seen["state"], seen["dismissed_at"]) == ("told", None)
    assert told.line() is None
    assert told.report(elsewhere, "shown") == 410, "on another device it was offered meanwhile"
    assert told.report(elsewhere, "declined") == 410
    assert told.row(one) == seen


def test_of_many_pages_at_the_same_moment_one_shows_it(told: Telling) -> None:
    told.waits()
    lines = [told.offered() for _ in range(4)]
    with ThreadPoolExecutor(len(lines)) as pages:
        codes = list(pages.map(lambda line: told.report(line, "shown"), lines))
    assert sorted(codes) == [204, 410, 410, 410]


def test_closed_it_does_not_come_back(told: Telling) -> None:
    one = told.waits()
    line = told.offered()
    events = ["shown", "declined", "declined", "shown"]
    assert [told.report(line, event) for event in events] == [204, 204, 204, 410]
    assert told.row(one)["dismissed_at"] is not None
    declined = sa.select(sa.func.count()).select_from(ask).where(ask.c.state == "declined")
    assert told.world.one(declined) == 0


def test_closed_is_closed_though_the_message_was_stopped_meanwhile(told: Telling) -> None:
    told.waits()
    line = told.offered()
    assert told.report(line, "shown") == 204
    told.set(message, state="stopped")
    assert told.report(line, "declined") == 204


@pytest.mark.parametrize("fails", [0, 2])
def test_a_mail_that_is_not_on_its_way_is_taken_back(told: Telling, fails: int) -> None:
    mail_owed(told, fails=fails)
    assert told.report(told.offered(), "shown") == 204
    assert states(told) == {"mine": "void", "other": "queued"}


def test_a_mail_that_may_be_on_its_way_keeps_the_line_away(told: Telling) -> None:
    mail_owed(told, in_doubt=True, started_at=told.world.clock.now())
    reply = told.said(told.offered().token, "shown")
    assert (reply.status_code, reply.json["code"]) == (410, "link_expired")
    assert states(told) == {"mine": "queued", "other": "queued"}
    told.set(recipient, state="told", mailed_at=told.world.clock.now())
    assert told.line() is None


def test_its_token_is_for_it_alone(told: Telling) -> None:
    told.waits()
    line = told.offered()
    answer = told.world.answer(line.token, score=1)
    assert (answer.status_code, answer.json["code"]) == (403, "link_invalid")
    assert told.world.client.get(f"/s/{line.token}").status_code == 403
    assert told.world.client.post(f"/u/{line.token}").status_code == 403
    assert told.said(f"{line.token}x", "shown").json["code"] == "link_invalid"
    assert told.said(line.token, "clicked").json["code"] == "field_invalid"
    assert told.said(line.token, "shown", Origin="https://evil.example").status_code == 403
    told.world.clock.ahead += timedelta(hours=25)
    assert told.said(line.token, "shown").json["code"] == "link_expired"


def test_a_page_may_read_why_and_a_token_is_not_hammered(told: Telling) -> None:
    told.waits()
    line = told.offered()
    reply = told.said(line.token, "shown", Origin=HOST)
    assert reply.headers["Access-Control-Allow-Origin"] == HOST
    codes = {told.said(line.token, "shown").status_code for _ in range(31)}
    assert codes == {204, 429}


def test_who_was_erased_meanwhile_leaves_nothing_to_show(told: Telling) -> None:
    told.waits()
    line = told.offered()
    told.world.write(recipient.delete())
    assert [told.report(line, event) for event in ("shown", "declined")] == [410, 410]


@pytest.fixture
def both(room: Room) -> tuple[Room, str, Telling]:
    """A message by mail and by the line, one mail an hour: Eva has hers, and Dora signs in on a host's page."""
    room.customer("Eva")
    dora, change_id = room.customer("Dora"), room.change()
    room.plan(change_id, channels=("email", "widget"), per_hour=1)
    assert room.send(change_id).done
    room.settle()
    assert room.written_to == ["eva"]
    key = keys.add(room.world.shared, CLI, "shop", HUB)[1]
    return room, change_id, Telling(room.world, key, dora, "", contact="dora")


def an_hour_later(room: Room) -> None:
    """The next mail leaves, for all that a question on her page says against it."""
    room.world.write(person.update().values(silent_since=None))
    room.later(hours=1)
    room.settle()


def test_whoever_meets_the_line_first_gets_no_mail(both: tuple[Room, str, Telling]) -> None:
    room, change_id, dora = both
    assert dora.report(dora.offered(), "shown") == 204
    an_hour_later(room)
    assert room.written_to == ["eva"]
    assert room.became(change_id) == {"Dora": "told", "Eva": "told"}
    with room.services.database.read() as connection:
        telling = reading.telling(connection, change_id, dora.her)
    assert telling is not None
    assert (telling.channel, telling.subject) == ("widget", "You were heard")


def test_whoever_was_mailed_first_meets_no_line(both: tuple[Room, str, Telling]) -> None:
    room, _, dora = both
    line = dora.offered()
    an_hour_later(room)
    assert room.written_to == ["eva", "dora"]
    assert dora.line() is None
    assert dora.report(line, "shown") == 410


def test_whom_no_mail_may_go_to_meets_the_line_though_the_message_is_done(room: Room) -> None:
    dora, change_id = room.customer("Dora", opted_out=True), room.change()
    room.plan(change_id, channels=("email", "widget"))
    assert room.send(change_id).done
    room.settle()
    assert room.draft(change_id).state == "done"
    key = keys.add(room.world.shared, CLI, "shop", HUB)[1]
    her = Telling(room.world, key, dora, "", contact="dora")
    assert her.report(her.offered(), "shown") == 204
    assert room.became(change_id) == {"Dora": "told"}
    assert room.written_to == []
