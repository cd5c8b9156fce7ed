"""The message of a change as pages: what an administrator sees, presses and takes away."""

import csv
import io
from collections.abc import Iterator
from html import unescape

import pytest
import sqlalchemy as sa

from plugin.access.store import audit_entry
from plugin.changes import actions as changes
from plugin.changes.store import change
from plugin.messages.store import messaging
from tests.messages.room import ANNA, Room, opened
from tests.support.admin import TOKEN, Admin, quick_passwords
from tests.support.admin_data import HOSTILE
from tests.support.smtp import SmtpServer

__all__ = ["quick_passwords"]


@pytest.fixture
def room(database_url: str, smtp_server: SmtpServer, quick_passwords: None) -> Iterator[Room]:
    here = {"admin_token": TOKEN, "base_url": "http://localhost"}
    with opened(database_url, smtp_server, **here) as made:
        yield made


@pytest.fixture
def anna(room: Room) -> Admin:
    found = Admin(room.world.app, room.services, room.world.clock)  # type: ignore[arg-type]
    found.begin()
    return found


def text(here: Admin, address: str) -> str:
    response = here.get(address)
    assert response.status_code == 200, response.text
    return " ".join(unescape(response.text.split("<main")[1]).split())


def test_from_the_first_look_to_the_last_number(room: Room, anna: Admin) -> None:
    room.customer("Cilla", comment=HOSTILE)
    room.customer("Dora", opted_out=True)
    change_id = room.change()
    page = f"/admin/changes/{change_id}/message"
    seen = text(anna, page)
    assert 'show=told">1</a> of 2 people' in seen
    assert "Has opted out of e-mail" in seen
    assert "Dora Lind" in text(anna, f"{page}/people?show=opted_out")
    assert "Cilla Lind" not in text(anna, f"{page}/people?show=opted_out")
    pressed = anna.post(f"{page}/send", form_on=page, stamp=room.stamp(change_id))
    assert pressed.status_code == 303
    room.settle()
    seen = text(anna, page)
    assert "Told by mail</dt><dd><a" in seen
    assert "Nobody has asked for it since" in seen
    again = anna.post(f"{page}/pause", form_on=page)
    assert "Nobody can pause it now: it is sent." in text(anna, str(again.location))


def test_the_mail_as_she_would_get_it_stands_in_a_frame_that_runs_nothing(
    room: Room, anna: Admin
) -> None:
    cilla = room.customer("Cilla", comment=HOSTILE)
    other = room.customer("Eva", theme="")
    change_id = room.change()
    page = f"/admin/changes/{change_id}/message/preview/{cilla}"
    seen = anna.get(page)
    assert "frame-src 'self'" in seen.headers["Content-Security-Policy"]
    assert " sandbox " in seen.text
    assert "<script>alert" not in seen.text
    letter = anna.get(f"{page}/letter")
    assert letter.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert "<script>alert" not in letter.text
    assert "&lt;script&gt;alert" in letter.text
    assert room.server.mails == []
    assert "The line on a page" not in seen.text
    room.plan(change_id, channels=("email", "widget"))
    line = anna.get(page).text.split("The line on a page")[1]
    assert "We reply faster now." in line
    assert "Hello" not in line
    for nobody in (other, "nobody", "%00"):
        assert anna.get(f"/admin/changes/{change_id}/message/preview/{nobody}").status_code == 404


def test_the_form_keeps_what_was_typed_and_says_what_is_wrong(room: Room, anna: Admin) -> None:
    change_id = room.change()
    page = f"/admin/changes/{change_id}/message"
    typed = {"channels": "email", "recent_days": "many", "per_hour": "7", "send_at": "soon"}
    refused = anna.post(page, **typed, stamp=room.stamp(change_id))
    assert refused.status_code == 422
    assert "Enter a day and a time" in unescape(refused.text)
    assert 'value="7"' in refused.text
    typed |= {"recent_days": "3", "send_at": "2031-01-01T09:00"}
    far = anna.post(page, **typed, stamp=room.stamp(change_id))
    assert "within a year" in far.text
    typed |= {"send_at": ""}
    assert anna.post(page, **typed, stamp=room.stamp(change_id)).status_code == 303
    assert room.draft(change_id).plan.recent_days == 3


def test_questions_stand_beside_the_button_until_they_are_answered(room: Room, anna: Admin) -> None:
    room.customer("Cilla")
    room.answered(room.person("Dora", locale="fi"), "Slow", locale="")
    change_id = room.change()
    page = f"/admin/changes/{change_id}/message"
    assert "One person reads Suomi (fi), in which there is no text, and is not told" in text(
        anna, page
    )
    held = anna.post(f"{page}/send", form_on=page, stamp=room.stamp(change_id))
    assert held.status_code == 422
    stamp = room.stamp(change_id)
    anna.post(f"{page}/send", form_on=page, stamp=stamp, accept="language:fi:none")
    room.settle()
    assert room.became(change_id) == {"Cilla": "told", "Dora": "no_text"}


def test_the_list_is_a_file_before_and_after(room: Room, anna: Admin) -> None:
    room.customer("Cilla", company_name="=1+1")
    room.customer("Dora", email="")
    change_id = room.change()
    address = f"/admin/changes/{change_id}/message/people.csv"
    before = rows(anna, address)
    assert {row["name"]: row["reason"] for row in before} == {
        "Cilla Lind": "",
        "Dora Lind": "no_address",
    }
    assert before[0]["company"] == "'=1+1"
    room.send(change_id)
    room.settle()
    after = rows(anna, address)
    assert {row["name"]: row["state"] for row in after} == {
        "Cilla Lind": "told",
        "Dora Lind": "void",
    }
    assert [row["name"] for row in rows(anna, f"{address}?show=mailed")] == ["Cilla Lind"]


def rows(here: Admin, address: str) -> list[dict[str, str]]:
    found = here.get(address)
    assert found.status_code == 200
    return list(csv.DictReader(io.StringIO(found.get_data(as_text=True).lstrip("\ufeff"))))


def test_a_change_that_is_done_is_on_the_first_page_until_somebody_was_told(
    room: Room, anna: Admin
) -> None:
    room.customer("Cilla")
    change_id = room.change()
    assert "were not told yet" not in text(anna, "/admin/")
    changes.move(room.services, ANNA, change_id, "done")
    assert (
        "“Replies within four hours” is done, and those who asked for it were not told yet."
        in text(anna, "/admin/")
    )
    room.settle()
    assert room.server.mails == []
    room.send(change_id)
    assert "were not told yet" not in text(anna, "/admin/")


def test_it_goes_out_by_itself_where_somebody_wanted_that_and_no_question_is_open(
    room: Room, anna: Admin
) -> None:
    room.customer("Cilla")
    before = room.change()
    changes.move(room.services, ANNA, before, "done")
    anna.post("/admin/messages", by_itself="yes")
    room.later(minutes=1)
    room.settle()
    assert room.server.mails == [], "what was done before stays with whoever did it"
    held, by_itself = room.change({"sv": {"subject": "Hej", "body": "Hej"}}), room.change()
    for change_id in (held, by_itself):
        changes.move(room.services, ANNA, change_id, "done")
    room.settle()
    assert room.written_to == ["cilla"]
    assert [room.draft(one).state for one in (before, held, by_itself)] == [
        "draft",
        "draft",
        "done",
    ]
    entries = sa.select(audit_entry.c.who_name).where(audit_entry.c.verb == "sent")
    assert room.world.one(entries) == "Gensvar"


def test_by_itself_still_waits_for_the_second_person(room: Room, anna: Admin) -> None:
    room.customer("Cilla")
    anna.post("/admin/messages", by_itself="yes", second_person="yes")
    assert room.world.one(sa.select(messaging.c.second_person))
    room.later(seconds=1)
    change_id = room.change()
    changes.move(room.services, ANNA, change_id, "done")
    room.settle()
    assert room.draft(change_id).state == "waiting"
    page = f"/admin/changes/{change_id}/message"
    assert "waits for a second person" in text(anna, "/admin/")
    anna.post(f"{page}/approve", form_on=page, stamp=room.stamp(change_id))
    anna.post(f"{page}/send", form_on=page, stamp=room.stamp(change_id))
    room.settle()
    assert room.written_to == ["cilla"]


def test_an_unknown_change_has_no_message_and_a_dropped_one_tells_nobody(
    room: Room, anna: Admin
) -> None:
    for address in ("nothing/message", "%00/message", "nothing/message/people"):
        assert anna.get(f"/admin/changes/{address}").status_code == 404
    room.customer("Cilla")
    change_id = room.change()
    room.world.write(change.update().values(state="dropped"))
    page = f"/admin/changes/{change_id}/message"
    assert "The change was dropped." in text(anna, page)
    assert anna.post(f"{page}/send", form_on=page, stamp=room.stamp(change_id)).status_code == 422
    assert room.draft(change_id).state == "draft"
