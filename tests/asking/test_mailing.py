"""From the decision to the mail: what leaves, what is never sent twice, and what nobody wants any more."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from plugin.asking.actions import decide, declined
from plugin.asking.rules import Asked
from plugin.asking.store import ask, frequency
from plugin.crm.merging import merge
from plugin.deliveries.actions import replay
from plugin.deliveries.store import delivery, lane
from plugin.errors import Problem
from plugin.people.rules import ContactName, FoundContact
from plugin.people.store import person
from plugin.touchpoints.store import touchpoint
from tests.asking.mails import Post, post_office
from tests.asking.test_decide import ANNA, wish
from tests.support.smtp import SmtpServer
from tests.support.surveys import settings


@pytest.fixture
def post(database_url: str, smtp_server: SmtpServer) -> Iterator[Post]:
    with post_office(database_url, smtp_server) as made:
        yield made


def test_an_ask_by_mail_is_a_mail_with_all_that_it_needs(post: Post) -> None:
    ask_id = post.ask()
    post.work()
    (mail,) = post.server.mails
    assert mail.to == ["anna@example.com"]
    assert mail.sender == "nps@acme.example", "no mailbox reads reports here"
    message = mail.message
    assert message["From"] == "Acme <nps@acme.example>"
    assert message["Reply-To"] == "care@acme.example"
    assert message["Subject"] == "En kort fråga – Acme"
    assert message["Message-ID"] == f"<invitation.{ask_id}@acme.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["List-Unsubscribe"].startswith("<http://nps.test/u/")
    row = post.mail()
    assert (row.state, row.proof) == ("delivered", message["Message-ID"])
    assert post.of_ask(ask_id).mailed_at is not None


def test_whose_language_nobody_knows_is_written_to_in_the_account_s(post: Post) -> None:
    post.shelf.found = [replace(ANNA, locale="")]
    post.world.shared.account_says = lambda connection, account, what: (
        "de-AT" if what == "language" else ""
    )
    post.ask(locale="")
    post.work()
    (mail,) = post.server.mails
    assert "weiterempfehlen" in mail.part("plain")


def test_both_parts_hold_eleven_links_and_the_way_out_and_only_one_the_decoy(post: Post) -> None:
    post.ask()
    post.work()
    (mail,) = post.server.mails
    stop = mail.message["List-Unsubscribe"].strip("<>")
    for kind in ("plain", "html"):
        text = mail.part(kind)
        found = [f"?score={n}" in text for n in range(12)]
        assert found == [True] * 11 + [kind == "html"]
        assert stop in text
    assert "Hur troligt är det att du skulle rekommendera" in mail.part("plain")


@pytest.mark.parametrize("missing", ["mail_url", "mail_from", "mail_reply_to"])
def test_where_mail_is_off_nobody_is_asked_by_it(
    database_url: str, smtp_server: SmtpServer, missing: str
) -> None:
    with post_office(database_url, smtp_server, **{missing: ""}) as off:
        with pytest.raises(Problem) as problem:
            decide(off.world.shared, wish(channel="email"))
        assert problem.value.code == "field_invalid"
        assert f"GENSVAR_{missing.upper()} is not set" in problem.value.detail
        assert off.world.rows(sa.select(ask)) == []
        assert isinstance(decide(off.world.shared, wish(channel="link")), Asked)


def test_a_reload_is_not_a_second_mail(post: Post) -> None:
    assert post.ask() == post.ask()
    post.work()
    post.ask()
    post.work()
    assert len(post.server.mails) == 1


def test_names_add_no_header_and_no_markup(post: Post) -> None:
    hostile = 'Acme\r\nBcc: all@evil.example\r\n\r\n<script>"&'
    post.world.write(
        touchpoint.update().values(
            company=hostile, wording={"sv": {"subject": hostile, "greeting": hostile}}
        )
    )
    post.ask()
    post.work()
    (mail,) = post.server.mails
    assert mail.message["Bcc"] is None
    assert "<script>" not in mail.part("html")
    assert mail.to == ["anna@example.com"]


@pytest.mark.parametrize(
    "address",
    [
        "", "anna", "a@b@c", "anna@x.example\r\nRCPT TO:<b@evil.example>", "a b@c.example", "<a@b.c>",
        ".a@b.example", "a.@b.example", "å@b.example",
    ],
)  # fmt: skip
def test_what_is_no_address_is_not_written_to(post: Post, address: str) -> None:
    ask_id = post.ask()
    post.world.write(person.update().values(email=address))
    post.work()
    assert (post.mail().state, post.mail().error) == ("void", "no_address")
    assert post.of_ask(ask_id).state == "expired"
    assert post.server.mails == []


STOPS: dict[str, dict[str, Any]] = {
    "opted_out": {"opted_out": None},
    "unsubscribed": {"unsubscribed_at": "now"},
    "bounced": {"bounced_at": "now"},
    "gone": {"gone_at": "now"},
    "erased": {"erased_at": "now"},
    "answered_recently": {"last_answered_at": "later"},
    "declined_recently": {"last_declined_at": "later"},
}


@pytest.mark.parametrize("reason", list(STOPS))
def test_nothing_leaves_once_a_reason_holds(post: Post, reason: str) -> None:
    post.ask()
    now = post.world.clock.now()
    moments = {"now": now, "later": now + timedelta(seconds=1)}
    values = {k: moments.get(v, v) if isinstance(v, str) else v for k, v in STOPS[reason].items()}
    post.world.write(person.update().values(values))
    post.later(seconds=2)
    post.work()
    assert (post.mail().state, post.mail().error) == ("void", reason)
    assert post.server.mails == []


def test_a_closed_ask_is_not_sent(post: Post) -> None:
    ask_id = post.ask()
    with post.world.shared.database.write() as connection:
        declined(connection, ask_id, post.world.clock)
    post.work()
    assert (post.mail().state, post.mail().error) == ("void", "declined")


def test_a_window_that_is_over_ends_it(post: Post) -> None:
    post.world.write(touchpoint.update().values(window_days=2))
    post.ask()
    post.later(days=2)
    post.work()
    assert (post.mail().state, post.mail().error) == ("void", "outside_window")


def test_an_open_follow_up_is_waited_for(post: Post) -> None:
    post.ask()
    post.world.write(person.update().values(follow_up_open=True))
    post.work()
    assert (post.mail().state, post.mail().error) == ("queued", "follow_up_open")
    post.world.write(person.update().values(follow_up_open=False))
    post.work()
    assert post.server.mails == [], "not before it is looked at again"
    post.later(days=1)
    post.work()
    assert len(post.server.mails) == 1
    assert post.mail().fails == 0


def test_quiet_hours_put_it_off_and_use_no_try_up(post: Post) -> None:
    hour = post.world.clock.now().hour
    post.ask()
    post.world.write(frequency.update().values(quiet_from=hour, quiet_until=(hour + 2) % 24))
    post.work()
    row = post.mail()
    assert (row.state, row.error, row.fails) == ("queued", "quiet_hours", 0)
    assert row.due_at.hour == (hour + 2) % 24
    post.later(hours=2)
    post.work()
    assert post.mail().state == "delivered"


def test_flags_of_ten_minutes_ago_are_read_anew_and_for_all_who_are_next(post: Post) -> None:
    others = [FoundContact(f"{n}", email=f"c{n}@b.example", opted_out=False) for n in range(5)]
    post.ask()
    for one in others:
        post.world.person(one.contact, email=one.email, opted_out=False)
        post.ask(contact=ContactName(id=one.contact))
    post.later(minutes=11)
    post.shelf.found += others
    post.shelf.looks = 0
    post.shelf.found[0] = FoundContact("101", email="anna@new.example", opted_out=False)
    post.shelf.found[1] = FoundContact("0", email="c0@b.example", opted_out=True)
    post.work()
    assert post.shelf.looks == 1
    to = sorted(mail.to[0] for mail in post.server.mails)
    assert to == ["anna@new.example", *(f"c{n}@b.example" for n in range(1, 5))]


def test_flags_that_cannot_be_read_count_as_opted_out_until_they_can(post: Post) -> None:
    post.ask()
    post.later(minutes=11)
    post.shelf.trouble = Problem("crm_unavailable")
    post.work()
    assert (post.mail().state, post.mail().error) == ("queued", "crm_unavailable")
    assert post.server.mails == []
    post.shelf.trouble = None
    post.later(minutes=6)
    post.work()
    assert len(post.server.mails) == 1


def test_who_is_gone_from_the_crm_is_not_written_to(post: Post) -> None:
    post.ask()
    post.later(minutes=11)
    post.shelf.found.clear()
    post.work()
    assert (post.mail().state, post.mail().error) == ("void", "gone")


@pytest.mark.parametrize(
    ("step", "answer"),
    [("rcpt", "550 5.1.1 No such user"), ("rcpt", "550 nobody here"), ("rcpt", "550 5.4.1 Access denied"),
     ("data", "550 5.1.1 No such user")],
)  # fmt: skip
def test_a_refused_recipient_has_bounced(post: Post, step: str, answer: str) -> None:
    post.server.says[step] = answer
    ask_id = post.ask()
    post.work()
    assert (post.mail().state, post.mail().error) == ("void", "bounced")
    assert post.of_ask(ask_id).bounced_at is not None
    assert post.of_ask(ask_id).mailed_at is None
    her = post.world.rows(sa.select(person))[0]
    assert (her["bounced_at"] is not None, her["ask_refusal"]) == (True, "bounced")
    assert post.mail("contact").state == "queued", "the CRM is told"


@pytest.mark.parametrize(
    ("step", "answer"),
    [("rcpt", "550 5.7.1 Relaying denied"), ("rcpt", "552 5.2.2 Full"), ("data", "554 5.6.0 Odd")],
)
def test_a_refusal_of_us_is_held_against_nobody(post: Post, step: str, answer: str) -> None:
    post.server.says[step] = answer
    post.ask()
    post.work()
    row = post.mail()
    assert (row.state, row.error) == ("parked", "mail_refused")
    assert row.error_detail == f"The mail server said {answer[:9]}."
    assert post.world.one(sa.select(person.c.bounced_at)) is None


@pytest.mark.parametrize("step", ["rcpt", "data"])
def test_a_server_that_wants_it_later_gets_it_later(post: Post, step: str) -> None:
    post.server.says[step] = "451 4.7.1 Greylisted, come again"
    post.ask()
    post.work()
    assert (post.mail().state, post.mail().error) == ("queued", "later")
    del post.server.says[step]
    post.later(minutes=2)
    post.work()
    assert len(post.server.mails) == 1


def test_a_server_that_is_away_makes_the_lane_wait_and_uses_up_nothing(post: Post) -> None:
    post.ask()
    post.server.stop()
    post.work()
    row = post.mail()
    assert (row.state, row.attempts, row.in_doubt) == ("queued", 0, False)
    assert (
        post.world.one(sa.select(lane.c.wait_reason).where(lane.c.id == "mail:nps@acme.example"))
        == "mail_unreachable"
    )
    post.server.start()
    post.later(minutes=1)
    post.work()
    assert len(post.server.mails) == 1


def test_a_reply_lost_after_the_mail_was_handed_over_is_never_a_second_mail(post: Post) -> None:
    post.server.hangs_up = True
    post.ask()
    post.work()
    assert len(post.server.mails) == 1
    assert (post.mail().state, post.mail().error) == ("unsure", "unsure")
    post.server.hangs_up = False
    post.later(days=1)
    post.work()
    assert len(post.server.mails) == 1
    with post.world.shared.database.write() as connection:
        replay(connection, [post.mail().id], post.world.clock.now())
    post.work()
    first, second = post.server.mails
    assert first.message["Message-ID"] == second.message["Message-ID"]


def test_a_kill_while_sending_leaves_it_in_doubt(post: Post) -> None:
    ask_id = post.ask()
    killed = delivery.update().where(delivery.c.kind == "invitation")
    post.world.write(killed.values(in_doubt=True, attempts=1, started_at=post.world.clock.now()))
    post.work()
    assert post.mail().state == "unsure"
    assert post.server.mails == []
    assert post.of_ask(ask_id).mailed_at is None


def test_one_connection_serves_many_and_an_idle_one_is_opened_anew(post: Post) -> None:
    for n in range(3):
        post.world.person(f"7{n}", email=f"c{n}@b.example", opted_out=False)
        post.ask(contact=ContactName(id=f"7{n}"))
    post.work()
    assert (len(post.server.mails), post.server.connections) == (3, 1)
    post.server.stop()
    post.server.start()
    post.ask()
    post.work()
    assert (len(post.server.mails), post.server.connections) == (4, 2)


def test_a_wrong_password_is_waited_out(post: Post, database_url: str) -> None:
    post.ask()
    post.server.stop()
    post.server.password = "right"
    post.server.start()
    for given, sent in (("wrong", 0), ("right", 1)):
        url = post.server.url.replace("//", f"//nps:{given}@")
        post.world.shared.settings = settings(database_url, mail_url=url)
        post.open()
        post.work()
        assert len(post.server.mails) == sent
        post.later(minutes=1)


def test_of_two_who_are_one_the_newer_question_is_sent(post: Post) -> None:
    post.world.person("202", email="anna@old.example", opted_out=False)
    post.ask(contact=ContactName(id="202"))
    post.ask()
    old = post.world.one(sa.select(person.c.id).where(person.c.contact == "202"))
    with post.world.shared.database.write() as connection:
        now = post.world.clock.now()
        merge(connection, old, "101", now, now)
    post.work()
    assert [mail.to for mail in post.server.mails] == [["anna@example.com"]]


def test_the_link_in_the_mail_is_answered(post: Post) -> None:
    post.ask()
    post.work()
    html = post.server.mails[0].part("plain")
    address = next(line for line in html.splitlines() if "?score=9" in line).split(": ")[1]
    page = post.world.client.get(address.removeprefix("http://nps.test"))
    assert page.status_code == 200
    assert 'value="9" required checked' in page.text
