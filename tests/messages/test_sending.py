"""From the button to the mail: what leaves, what is looked at when it leaves, and what nobody is sent twice."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from plugin.answers.store import answer
from plugin.asking.store import frequency
from plugin.changes.store import change
from plugin.crm.erasing import erase_person
from plugin.crm.merging import merge
from plugin.deliveries.actions import replay
from plugin.errors import Problem
from plugin.mail import unsubscribing
from plugin.mail.returnpath import marked
from plugin.messages import actions, mails, reading
from plugin.messages.store import message
from plugin.people.rules import FoundContact
from plugin.people.store import person
from tests.messages.room import ANNA, ENGLISH, Room, opened, until_owed
from tests.support.smtp import SmtpServer
from tests.support.surveys import HUB


def test_everybody_who_asked_is_told_once_in_her_language_with_her_own_words_alone(
    room: Room,
) -> None:
    cilla = room.customer("Cilla", locale="sv")
    room.world.write(answer.update().values(locale="sv"))
    room.customer("Dora", comment="Nobody <b>answers</b>")
    room.customer("Eva", theme="")
    texts = ENGLISH | {
        "sv": {"subject": "Du blev hörd", "body": "Hej {first_name}! Vi svarar fortare."}
    }
    change_id = room.change(texts)
    assert room.send(change_id).done
    room.settle()
    first, second = sorted(room.server.mails, key=lambda mail: mail.to)
    assert first.message["Subject"] == "Du blev hörd"
    assert "Cilla waited four days" in first.part("plain")
    assert "answers" not in first.part("html")
    assert "Nobody <b>answers</b>" in second.part("plain")
    assert "<b>answers" not in second.part("html")
    assert second.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert second.message["Reply-To"] == "care@acme.example"
    row = room.mail()
    assert row.proof in (first.message["Message-ID"], second.message["Message-ID"])
    assert room.became(change_id) == {"Cilla": "told", "Dora": "told"}
    assert room.draft(change_id).state == "done"
    with room.services.database.read() as connection:
        assert len(connection.execute(reading.told(change_id)).all()) == 2
        telling = reading.telling(connection, change_id, cilla)
    assert telling is not None
    assert (telling.subject, telling.channel) == ("Du blev hörd", "email")
    assert telling.text.startswith("Hej Cilla!")
    assert room.world.one(sa.select(person.c.last_messaged_at).where(person.c.id == cilla))


Meanwhile = Callable[[Room, str], Any]


def _unsubscribed(room: Room, who: str) -> None:
    with room.services.database.write() as connection:
        unsubscribing.unsubscribe(connection, who, room.world.clock.now())


def _erased(room: Room, who: str) -> None:
    with room.services.database.write() as connection:
        erase_person(connection, HUB, "cilla", room.world.clock.now())


def _opted_out(room: Room, who: str) -> None:
    room.shelf.found = [FoundContact("cilla", "Cilla", "cilla@example.com", opted_out=True)]
    room.aged()


def _gone(room: Room, who: str) -> None:
    room.aged()


def _other(**values: Any) -> Meanwhile:
    return lambda room, who: room.world.write(person.update().values(**values))


@pytest.mark.parametrize(
    ("meanwhile", "became"),
    [
        (_unsubscribed, {"Cilla": "unsubscribed"}),
        (_erased, {}),
        (_opted_out, {"Cilla": "opted_out"}),
        (_gone, {"Cilla": "gone"}),
        (_other(email="c@d@e"), {"Cilla": "no_address"}),
        (_other(email="colleague@acme.example"), {"Cilla": "test_person"}),
    ],
)
def test_what_became_of_her_is_looked_at_when_the_mail_leaves(
    room: Room, meanwhile: Meanwhile, became: dict[str, str]
) -> None:
    room.world.write(frequency.update().values(staff_domains=["acme.example"]))
    who = room.customer("Cilla")
    change_id = room.change()
    room.send(change_id)
    until_owed(room)
    meanwhile(room, who)
    room.settle()
    assert room.server.mails == []
    assert room.became(change_id) == became
    assert room.draft(change_id).state == "done"


def test_as_long_as_the_crm_does_not_say_she_counts_as_opted_out(room: Room) -> None:
    room.customer("Cilla")
    change_id = room.change()
    room.send(change_id)
    until_owed(room)
    room.shelf.found = [FoundContact("cilla", "Cilla Lind", "cilla@example.com", opted_out=False)]
    room.shelf.trouble = Problem("crm_unavailable")
    room.aged()
    room.settle()
    assert room.server.mails == []
    room.shelf.trouble = None
    room.later(minutes=6)
    room.settle()
    assert room.written_to == ["cilla"]


def test_two_people_who_turn_out_to_be_one_are_told_once(room: Room) -> None:
    cilla, dora = room.customer("Cilla"), room.customer("Dora")
    change_id = room.change()
    room.send(change_id)
    until_owed(room)
    with room.services.database.write() as connection:
        now = room.world.clock.now()
        merge(connection, cilla, "dora", now, now)
        connection.execute(person.update().values(seen_at=now + timedelta(days=1)))
    room.settle()
    assert room.written_to == ["dora"]
    assert room.row(change_id, cilla) is None
    assert room.row(change_id, dora).state == "told"
    with pytest.raises(Problem, match="Nobody would be told"):
        room.send(change_id)


def test_one_who_was_told_stays_told_when_she_becomes_somebody_else(room: Room) -> None:
    cilla = room.customer("Cilla")
    change_id = room.change()
    room.send(change_id)
    room.settle()
    dora = room.customer("Dora")
    with room.services.database.write() as connection:
        now = room.world.clock.now()
        merge(connection, cilla, "dora", now, now)
        connection.execute(person.update().values(seen_at=now + timedelta(days=1)))
    assert room.row(change_id, dora).state == "told"
    with pytest.raises(Problem, match="Nobody would be told"):
        room.send(change_id)


def test_words_that_do_not_count_any_more_are_not_quoted(room: Room) -> None:
    room.customer("Cilla")
    change_id = room.change()
    room.send(change_id)
    until_owed(room)
    room.world.write(answer.update().values(standing="set_aside"))
    room.settle()
    (mail,) = room.server.mails
    assert "waited" not in mail.part("plain") + mail.part("html")


def test_those_who_come_later_are_told_by_a_second_wave_and_nobody_twice(room: Room) -> None:
    room.customer("Cilla")
    room.customer("Dora", locale="fi", last_messaged_at=room.world.clock.now())
    change_id = room.change()
    room.send(change_id)
    room.settle()
    room.customer("Eva")
    room.later(days=15)
    assert room.send(change_id).done
    room.settle()
    assert sorted(room.written_to) == ["cilla", "dora", "eva"]
    assert room.draft(change_id).state == "done"


def test_a_mail_in_doubt_is_unsure_listed_and_never_sent_again_by_itself(room: Room) -> None:
    room.customer("Cilla")
    change_id = room.change()
    room.send(change_id)
    room.server.hangs_up = True
    room.settle()
    assert room.became(change_id) == {"Cilla": "unsure"}
    assert room.draft(change_id).state == "done"
    room.server.hangs_up = False
    room.settle()
    assert len(room.server.mails) == 1
    with room.services.database.write() as connection:
        assert replay(connection, [room.mail().id], room.world.clock.now())[0].done
    room.settle()
    assert len(room.server.mails) == 2, "a person said that it was not there"
    assert room.became(change_id) == {"Cilla": "told"}


def test_what_the_server_refuses_is_set_apart_with_its_reason_and_can_be_replayed(
    room: Room,
) -> None:
    room.customer("Cilla")
    change_id = room.change()
    room.send(change_id)
    room.server.says["data"] = "554 5.7.1 No"
    room.settle()
    assert room.became(change_id) == {"Cilla": "mail_refused"}
    room.server.says.clear()
    with room.services.database.write() as connection:
        replay(connection, [room.mail().id], room.world.clock.now())
    room.settle()
    assert room.became(change_id) == {"Cilla": "told"}


def test_an_address_that_nobody_has_bounces_at_once_or_by_a_report(
    database_url: str, smtp_server: SmtpServer
) -> None:
    box = "imap://reports%40acme.example:p@127.0.0.1:9"
    with opened(database_url, smtp_server, bounce_url=box) as room:
        dora = room.customer("Dora")
        change_id = room.change()
        room.send(change_id)
        room.settle()
        mark = marked(room.server.mails[0].sender)
        assert mark is not None
        cilla = room.customer("Cilla")
        room.server.says["rcpt"] = "550 5.1.1 Nobody here"
        room.send(change_id)
        room.settle()
        assert room.became(change_id) == {"Dora": "told", "Cilla": "bounced"}
        failed = mails.failed(room.services)
        with room.services.database.write() as connection:
            now = room.world.clock.now()
            assert failed(connection, mark, now)
            assert failed(connection, mark, now), "told again it changes nothing"
            assert not failed(connection, type(mark)(mark.about, "a" * 16), now)
        assert room.became(change_id) == {"Dora": "bounced", "Cilla": "bounced"}
        bounced = sa.select(person.c.id).where(person.c.bounced_at.is_not(None))
        assert {row["id"] for row in room.world.rows(bounced)} == {cilla, dora}


def test_the_pace_that_was_chosen_is_kept_also_after_a_pause(room: Room) -> None:
    for name in ("Cilla", "Dora", "Eva", "Frid", "Gun", "Hedda"):
        room.customer(name)
    change_id = room.change()
    room.plan(change_id, per_hour=60)
    room.send(change_id)
    room.work()
    assert len(room.server.mails) == 1
    room.later(seconds=61)
    room.work()
    assert len(room.server.mails) == 2
    actions.pause(room.services, ANNA, change_id)
    room.later(minutes=9)
    room.work()
    assert len(room.server.mails) == 2
    actions.resume(room.services, ANNA, change_id)
    room.later(minutes=2, seconds=1)
    room.work()
    assert len(room.server.mails) <= 4, "a pause is not made up for"
    for _ in range(12):
        room.later(seconds=61)
        room.work()
    assert len(room.server.mails) == 6


def test_the_hour_is_the_recipient_s_and_quiet_hours_are_kept(room: Room) -> None:
    room.world.write(frequency.update().values(quiet_from=21, quiet_until=8))
    room.customer("Cilla", time_zone="Pacific/Auckland")
    room.customer("Dora", time_zone="Europe/Stockholm")
    change_id = room.change()
    room.plan(change_id, hour=10)
    room.send(change_id)
    for _ in range(30):
        room.work()
        room.later(minutes=50)
    assert sorted(room.written_to) == ["cilla", "dora"]
    zones = {"cilla": "Pacific/Auckland", "dora": "Europe/Stockholm"}
    query = sa.select(person.c.contact, person.c.last_messaged_at)
    for row in room.world.rows(query):
        local = row["last_messaged_at"].astimezone(ZoneInfo(zones[row["contact"]]))
        assert local.hour in (10, 11), row


def test_whoever_was_asked_today_and_has_not_reacted_is_told_tomorrow(room: Room) -> None:
    room.customer("Cilla", silent_since=room.world.clock.now() - timedelta(hours=2))
    change_id = room.change()
    room.send(change_id)
    room.settle()
    assert room.server.mails == []
    room.later(hours=22)
    room.settle()
    assert room.written_to == ["cilla"]


def test_what_is_told_stays_as_it_was_when_it_began(room: Room) -> None:
    room.customer("Cilla")
    change_id = room.change()
    room.plan(change_id, send_at=room.world.clock.now() + timedelta(hours=1))
    room.send(change_id)
    room.world.write(change.update().values(texts={"en": {"subject": "Other", "body": "Other"}}))
    room.settle()
    assert room.server.mails == []
    room.later(hours=1)
    room.settle()
    assert room.server.mails[0].message["Subject"] == "You were heard"
    assert room.draft(change_id).text_changed


def test_where_mail_is_off_nothing_is_begun(database_url: str, smtp_server: SmtpServer) -> None:
    with opened(database_url, smtp_server, mail_url="") as room:
        room.customer("Cilla")
        with pytest.raises(Problem, match="Mail is off"):
            room.send(room.change())
        assert room.world.rows(sa.select(message)) == []
