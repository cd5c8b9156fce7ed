"""Reminders: as many as the touchpoint says, only to who has not answered, and none after that."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from plugin.asking.actions import declined
from plugin.asking.store import ask
from plugin.deliveries.store import delivery
from plugin.people.store import person
from plugin.touchpoints.store import touchpoint
from tests.asking.mails import Post, post_office
from tests.support.smtp import SmtpServer


@pytest.fixture
def post(database_url: str, smtp_server: SmtpServer) -> Iterator[Post]:
    """Somebody who has had an invitation; two reminders may follow, a week apart."""
    with post_office(database_url, smtp_server) as made:
        made.world.write(touchpoint.update().values(reminders=2, reminder_days=7))
        made.ask()
        made.work()
        yield made


def subjects(post: Post) -> list[str]:
    return [mail.message["Subject"] for mail in post.server.mails]


def days(post: Post, number: int) -> None:
    """As they pass, with a worker that looks every day."""
    for _ in range(number):
        post.later(days=1)
        post.work()


def test_two_follow_in_their_time_and_no_third(post: Post) -> None:
    days(post, 6)
    assert len(subjects(post)) == 1
    days(post, 1)
    assert subjects(post)[1:] == ["En påminnelse: vår korta fråga – Acme"]
    days(post, 40)
    assert len(subjects(post)) == 3
    (row,) = post.world.rows(sa.select(ask))
    assert row["reminders"] == 2
    assert (row["reminded_at"] - row["mailed_at"]).days == 14


def test_a_reminder_stands_with_its_invitation_and_has_an_id_of_its_own(post: Post) -> None:
    days(post, 7)
    first, second = (mail.message for mail in post.server.mails)
    assert second["In-Reply-To"] == second["References"] == first["Message-ID"]
    assert second["Message-ID"] != first["Message-ID"]
    assert second["List-Unsubscribe"]


def in_the_mail(post: Post) -> str:
    """The token of its links."""
    return post.server.mails[0].part("plain").split("/s/")[1].split("?")[0]


def test_none_to_who_has_answered(post: Post) -> None:
    token = post.world.in_own_page(in_the_mail(post))
    assert post.world.answer(token, score=9).status_code == 201
    days(post, 20)
    assert len(subjects(post)) == 1
    assert (post.mail("reminder").state, post.mail("reminder").error) == ("void", "answered")


def test_a_machine_that_answers_does_not_keep_the_reminder_from_the_human(post: Post) -> None:
    assert post.world.answer(in_the_mail(post), score=0).status_code == 201
    days(post, 7)
    assert len(subjects(post)) == 2


def test_none_to_who_has_said_no(post: Post) -> None:
    ask_id = post.world.one(sa.select(ask.c.id))
    with post.world.shared.database.write() as connection:
        declined(connection, ask_id, post.world.clock)
    days(post, 20)
    assert (post.mail("reminder").state, post.mail("reminder").error) == ("void", "declined")


@pytest.mark.parametrize("flag", ["bounced_at", "unsubscribed_at"])
def test_none_where_mail_comes_back_or_is_not_wanted(post: Post, flag: str) -> None:
    post.world.write(person.update().values({flag: post.world.clock.now()}))
    days(post, 20)
    assert len(subjects(post)) == 1
    assert post.mail("reminder").error == flag.removesuffix("_at")


def test_none_any_more_where_the_touchpoint_stops_them(post: Post) -> None:
    days(post, 7)
    post.world.write(touchpoint.update().values(reminders=1))
    days(post, 20)
    assert len(subjects(post)) == 2
    assert (post.mail("reminder").state, post.mail("reminder").error) == ("void", "reminders_off")


def test_none_after_the_window(post: Post) -> None:
    post.world.write(ask.update().values(expires_at=post.world.clock.now()))
    days(post, 8)
    assert len(subjects(post)) == 1


def test_none_is_owed_whose_day_comes_after_the_window(
    database_url: str, smtp_server: SmtpServer
) -> None:
    with post_office(database_url, smtp_server) as post:
        post.world.write(touchpoint.update().values(window_days=5))
        post.ask()
        post.work()
        assert post.world.rows(sa.select(delivery).where(delivery.c.kind == "reminder")) == []


def test_one_that_a_server_refuses_for_the_address_ends_them(post: Post) -> None:
    post.server.says["rcpt"] = "550 5.2.1 Mailbox disabled"
    days(post, 30)
    (row,) = post.world.rows(sa.select(ask))
    assert row["bounced_at"] is not None
    assert row["reminders"] == 0
    assert len(subjects(post)) == 1
