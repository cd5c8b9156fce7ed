"""Whom a message is for: those who asked, plus or minus segments, and everybody else with exactly one reason."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from plugin.asking.store import frequency
from plugin.errors import Problem
from plugin.messages import audience, people, questions
from plugin.messages.rules import Plan
from plugin.people.store import person
from plugin.segments.store import segment
from tests.messages.room import ENGLISH, Room


def counts(room: Room, change_id: str) -> audience.Counts:
    return found(room, change_id).counts


def found(room: Room, change_id: str) -> audience.Audience:
    draft = room.draft(change_id)
    with room.services.database.read() as connection:
        return audience.audience(
            connection, room.services, draft.change, draft.plan, draft.languages,
            room.world.clock.now(),
        )  # fmt: skip


def names(room: Room, change_id: str, show: str = "told") -> set[str]:
    draft = room.draft(change_id)
    with room.services.database.read() as connection:
        read = people.reader(connection, room.services, draft, show, "")
        return {row.name.split()[0] for row in read(connection, "", 50)}


def asked(room: Room, change_id: str) -> list[str]:
    """The questions that are open, and what is wrong, by key or text."""
    draft = room.draft(change_id)
    with room.services.database.read() as connection:
        found = audience.audience(
            connection, room.services, draft.change, draft.plan, draft.languages,
            room.world.clock.now(),
        )  # fmt: skip
        told = questions.check(connection, room.services, draft, found, room.world.clock.now())
    return [*told.wrong, *(one.key for one in told.questions)]


def add_segment(room: Room, key: str, rule: object) -> None:
    now = room.world.clock.now()
    row = {"key": key, "name": key.title(), "rule": rule, "created_at": now}
    room.world.write(segment.insert().values(**row))


@pytest.mark.parametrize(
    ("reason", "she"),
    [
        ("gone", {"gone_at": 0}),
        ("unsubscribed", {"unsubscribed_at": 0}),
        ("opted_out", {"opted_out": True}),
        ("opted_out", {"opted_out": None}),
        ("no_address", {"email": ""}),
        ("no_address", {"email": "nobody at all"}),
        ("bounced", {"bounced_at": 0}),
        ("recently_messaged", {"last_messaged_at": 0}),
        ("test_person", {"email": "dora@acme.example"}),
        ("no_text", {"locale": "fi"}),
        # the first that holds
        ("unsubscribed", {"unsubscribed_at": 0, "opted_out": True, "email": ""}),
    ],
)
def test_whoever_is_left_out_has_one_reason(
    room: Room, reason: str, she: dict[str, object]
) -> None:
    now = room.world.clock.now()
    room.world.write(frequency.update().values(staff_domains=["acme.example"]))
    room.customer("Cilla")
    dora = room.person("Dora", **{k: now if v == 0 else v for k, v in she.items()})
    room.answered(dora, "So slow", locale="")
    change_id = room.change()
    told = counts(room, change_id)
    assert (told.everybody, told.told, told.reasons) == (2, 1, {reason: 1})
    assert names(room, change_id) == {"Cilla"}
    assert names(room, change_id, reason) == {"Dora"}
    room.send(change_id, "language:fi:none")
    room.settle()
    assert room.became(change_id) == {"Cilla": "told", "Dora": reason}


def test_segments_add_narrow_and_leave_out(room: Room) -> None:
    room.customer("Cilla", locale="sv")
    room.customer("Dora")
    room.person("Eva", locale="da")
    for tag in ("sv", "da"):
        add_segment(room, tag, {"language": tag})
    change_id = room.change(ENGLISH | {"da": ENGLISH["en"]})
    room.plan(change_id, minus=("sv",))
    assert names(room, change_id) == {"Dora"}
    assert names(room, change_id, "excluded") == {"Cilla"}
    room.plan(change_id, only=("sv",))
    assert names(room, change_id) == {"Cilla"}
    assert names(room, change_id, "not_included") == {"Dora"}
    room.plan(change_id, plus=("da",))
    assert names(room, change_id) == {"Cilla", "Dora", "Eva"}
    room.send(change_id)
    room.settle()
    (eva,) = [mail for mail in room.server.mails if mail.to == ["eva@example.com"]]
    assert "waited" not in eva.part("plain"), "who did not ask is quoted nothing"


def test_a_segment_of_nobody_or_of_everybody_is_asked_about(room: Room) -> None:
    room.customer("Cilla", locale="sv")
    room.customer("Dora", locale="sv")
    add_segment(room, "swedes", {"language": "sv"})
    add_segment(room, "danes", {"language": "da"})
    change_id = room.change()
    room.plan(change_id, only=("swedes",), minus=("danes",))
    assert asked(room, change_id) == ["everybody:swedes", "nobody:danes"]
    room.plan(change_id, minus=("swedes",))
    assert asked(room, change_id) == ["Nobody would be told.", "everybody:swedes"]


def test_a_missing_translation_names_who_would_get_which_language(room: Room) -> None:
    for name, locale in (("Cilla", "en"), ("Dora", "fi"), ("Eva", "fi-FI"), ("Frid", "is")):
        room.answered(room.person(name, locale=locale), "Slow", locale="")
    change_id = room.change()
    assert asked(room, change_id) == ["language:fi:none", "language:fi-FI:none", "language:is:none"]
    assert names(room, change_id, "no_text") == {"Dora", "Eva", "Frid"}
    room.plan(change_id, fallback="en")
    assert asked(room, change_id)[0] == "language:fi:en"
    assert counts(room, change_id).languages == {"en": 4}


def test_on_a_page_those_are_told_whom_no_mail_reaches(room: Room) -> None:
    room.customer("Cilla", opted_out=True)
    room.customer("Dora", unsubscribed_at=room.world.clock.now())
    change_id = room.change()
    room.plan(change_id, channels=("email", "widget"))
    told = counts(room, change_id)
    assert (told.told, told.pages, told.reasons) == (1, 1, {"unsubscribed": 1})
    room.send(change_id)
    room.settle()
    assert room.server.mails == []
    assert room.became(change_id) == {"Cilla": "due", "Dora": "unsubscribed"}


def test_days_after_another_message_are_the_administrator_s(room: Room) -> None:
    ago = room.world.clock.now() - timedelta(days=3)
    room.customer("Cilla", last_messaged_at=ago)
    change_id = room.change()
    assert counts(room, change_id).reasons == {"recently_messaged": 1}
    room.plan(change_id, recent_days=2)
    assert counts(room, change_id).told == 1


def test_what_a_page_counts_is_what_its_list_shows_whatever_a_search_looks_for(room: Room) -> None:
    room.customer("Cilla")
    room.customer("Dora", email="%_'--@example.com")
    change_id = room.change()
    draft = room.draft(change_id)
    with room.services.database.read() as connection:
        for typed, names_found in (("cilla", 1), ("%", 1), ("'--", 1), ("", 2), ("\0", 2)):
            read = people.reader(connection, room.services, draft, "", typed)
            assert len(read(connection, "", 50)) == names_found
    with room.services.database.read() as connection:
        everybody = connection.scalar(sa.select(sa.func.count()).select_from(person))
    assert counts(room, change_id).everybody == everybody == 2


def test_a_plan_that_cannot_be_is_refused_field_by_field(room: Room) -> None:
    change_id = room.change()
    wrong = Plan(
        plus=("gone",), channels=("fax",), fallback="fi", recent_days=-1, hour=24, per_hour=0
    )
    with pytest.raises(Problem) as problem:
        room.plan(change_id, **{name: getattr(wrong, name) for name in wrong.__slots__})
    assert set(problem.value.fields) == {
        "plus", "channels", "fallback", "recent_days", "hour", "per_hour",
    }  # fmt: skip
