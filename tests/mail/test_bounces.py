"""Mail that comes back: believed only where the address it came back to is signed by us, taken once, lost never."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from plugin.asking.reports import failed
from plugin.asking.store import ask
from plugin.deliveries.store import lane
from plugin.mail import bounces, reports
from plugin.mail.bounces import BounceLooks
from plugin.mail.returnpath import marked, return_path
from plugin.people.store import person
from tests.asking.mails import Post, post_office
from tests.support.imap import ImapServer
from tests.support.smtp import SmtpServer

FAILED = """\
Return-Path: <>
From: Mail Delivery System <mailer-daemon@mx.example>
To: {to}
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="=b="

--=b=
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered.

--=b=
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; anna@example.com
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 <anna@example.com>: Recipient address rejected

--=b=
Content-Type: message/rfc822

From: nps@acme.example
To: anna@example.com
Subject: En kort =?utf-8?q?fr=C3=A5ga?=

--=b=--
"""


@pytest.fixture
def post(database_url: str, smtp_server: SmtpServer, imap_server: ImapServer) -> Iterator[Post]:
    """Somebody who has had an invitation whose failure would come to the mailbox."""
    with post_office(database_url, smtp_server, bounce_url=imap_server.url) as made:
        made.ask()
        made.work()
        with made.world.shared.database.write() as connection:
            bounces.ensure(connection, made.world.shared)
        yield made


def sender(post: Post) -> str:
    return post.server.mails[-1].sender


def report(to: str, action: str = "failed", status: str = "5.1.1") -> bytes:
    return FAILED.format(to=to, action=action, status=status).replace("\n", "\r\n").encode()


def bounced(post: Post) -> tuple[bool, bool]:
    """Whether the person's address and the ask are marked."""
    return (
        post.world.one(sa.select(person.c.bounced_at)) is not None,
        post.world.one(sa.select(ask.c.bounced_at)) is not None,
    )


def taken(server: ImapServer) -> list[bool]:
    """Which mails are marked as worked; this server keeps no marks but its own."""
    return [b"GensvarRead" in flags or b"Seen" in flags for flags in server.flags()]


def look(post: Post) -> None:
    post.later(minutes=3)
    post.work()


def test_the_return_path_is_signed_and_short_enough(post: Post) -> None:
    local, _, domain = sender(post).partition("@")
    assert domain == "acme.example"
    assert local.startswith("bounces+")
    assert len(local) <= 64
    assert marked(sender(post)) is not None
    assert post.server.mails[0].message["From"] == "Acme <nps@acme.example>"


def test_a_report_to_our_signed_address_marks_person_and_ask_and_tells_the_crm(
    post: Post, imap_server: ImapServer
) -> None:
    imap_server.put(report(sender(post)))
    look(post)
    assert bounced(post) == (True, True)
    assert post.world.one(sa.select(person.c.ask_refusal)) == "bounced"
    assert post.mail("contact").state == "queued"
    assert taken(imap_server) == [True]
    post.later(days=10)
    post.work()
    assert len(post.server.mails) == 1, "no reminder"


@pytest.mark.parametrize(
    "header", ["Delivered-To: {}\r\nTo: x@y.example", "X-Original-To: <{}>\r\nTo: <>"]
)
def test_servers_write_the_address_elsewhere_and_in_capitals(
    post: Post, imap_server: ImapServer, header: str
) -> None:
    mail = report("TO").replace(b"To: TO", header.format(sender(post).upper()).encode())
    imap_server.put(mail)
    look(post)
    assert bounced(post) == (True, True)


def forged(post: Post) -> dict[str, str]:
    good = sender(post)
    other = replace(post.world.shared.settings, signing_keys=("x" * 40,))
    ask_id = post.world.one(sa.select(ask.c.id))
    return {
        "none": "bounces@acme.example",
        "the plain sender": "nps@acme.example",
        "another signature": return_path(other, ask_id, "anna@example.com"),
        "another ask": good.replace(ask_id, "0" * 26),
        "another address": return_path(post.world.shared.settings, ask_id, "x@example.com"),
        "cut": good.replace("@", "")[:30] + "@acme.example",
        "sql": "bounces+' or 1=1 --@acme.example",
    }


def test_a_report_without_our_signature_changes_nothing(
    post: Post, imap_server: ImapServer
) -> None:
    addresses = forged(post)
    imap_server.put(*(report(to) for to in addresses.values()))
    look(post)
    assert bounced(post) == (False, False)
    assert taken(imap_server) == [True] * len(addresses)


@pytest.mark.parametrize(
    ("action", "status"),
    [("delayed", "4.4.7"), ("failed", "4.2.2"), ("delivered", "2.0.0"), ("relayed", "5.0.0"), ("failed", "")],
)  # fmt: skip
def test_what_is_not_for_good_is_held_against_nobody(
    post: Post, imap_server: ImapServer, action: str, status: str
) -> None:
    imap_server.put(report(sender(post), action, status))
    look(post)
    assert bounced(post) == (False, False)


def test_the_new_address_of_somebody_is_not_the_one_that_failed(
    post: Post, imap_server: ImapServer
) -> None:
    imap_server.put(report(sender(post)))
    post.world.write(person.update().values(email="anna@new.example"))
    look(post)
    assert bounced(post) == (False, False)


def hostile(to: str, depth: int = 3000) -> dict[str, bytes]:
    head = f"To: {to}\r\nContent-Type: multipart/report; boundary=b\r\n\r\n".encode()
    nested = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n)
        for n in range(depth)
    )
    return {
        "nothing": b"\r\n",
        "noise": bytes(range(1, 256)).replace(b"\r", b"").replace(b"\n", b"") + b"\r\n",
        "huge": head + b"--b\r\n\r\n" + b"x" * 600_000,
        "no end": head + b"--b\r\nContent-Type: message/delivery-status\r\n\r\n",
        "no boundary": f"To: {to}\r\nContent-Type: multipart/report\r\n\r\nx".encode(),
        "nested": f"To: {to}\r\n".encode() + nested,
        "status as text": head
        + b"--b\r\nContent-Type: text/plain\r\n\r\nAction: failed\r\nStatus: 5.1.1\r\n--b--\r\n",
        "odd headers": b"To: =?bad?q?=\xff\xfe?=\r\nContent-Type: \xff/\xff; boundary=\xff\r\n\r\nx",
    }


def test_hostile_mails_are_harmless_and_taken_once(post: Post, imap_server: ImapServer) -> None:
    # Deeper than that the test's own server cannot take.
    mails = list(hostile(sender(post), depth=20).values())
    imap_server.put(*mails, report(sender(post)))
    look(post)
    assert taken(imap_server) == [True] * (len(mails) + 1)
    assert bounced(post) == (True, True), "the good one behind them counts"


@pytest.mark.parametrize("name", list(hostile("a@b.example")))
def test_what_cannot_be_read_says_nothing(name: str) -> None:
    assert not reports.read(hostile("a@b.example")[name]).final


def test_dying_after_the_work_takes_the_mail_again_and_that_is_no_different(
    post: Post, imap_server: ImapServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    imap_server.put(report(sender(post)))

    class Killed(BaseException):
        pass

    def dies(*_: Any) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr("plugin.mail.mailbox.Mailbox.done", dies)
        looking = BounceLooks(post.world.shared, failed(post.world.shared))
        with pytest.raises(Killed):
            looking.handle(None, [None], 25)  # type: ignore[arg-type, list-item]
    assert bounced(post) == (True, True)
    at = post.world.one(sa.select(person.c.bounced_at))
    assert taken(imap_server) == [False]
    look(post)
    assert post.world.one(sa.select(person.c.bounced_at)) == at
    assert taken(imap_server) == [True]


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ((":into-the-mailbox", ":wrong"), "reports_login"),
        (("imap://", "imap://"), "reports_folder"),
        (("127.0.0.1", "127.0.0.2"), "reports_unreachable"),
    ],
)
def test_a_mailbox_that_cannot_be_read_is_waited_for(
    post: Post, imap_server: ImapServer, wrong: tuple[str, str], why: str
) -> None:
    imap_server.put(report(sender(post)))
    good = post.world.shared.settings
    url = imap_server.url.replace(*wrong) + ("?folder=None" if why == "reports_folder" else "")
    post.world.shared.settings = replace(good, bounce_url=url)
    look(post)
    reason = sa.select(lane.c.wait_reason).where(lane.c.id == bounces.LANE)
    assert post.world.one(reason) == why
    assert bounced(post) == (False, False)
    post.world.shared.settings = good
    look(post)
    assert bounced(post) == (True, True)


def test_without_a_mailbox_nothing_is_looked_for(
    database_url: str, smtp_server: SmtpServer
) -> None:
    with post_office(database_url, smtp_server) as made:
        with made.world.shared.database.write() as connection:
            bounces.ensure(connection, made.world.shared)
        assert made.mail(bounces.KIND) is None


def test_mails_of_a_flood_are_taken_in_turns(post: Post, imap_server: ImapServer) -> None:
    imap_server.put(*[b"To: x@y.example\r\n\r\nhello\r\n"] * 60, report(sender(post)))
    post.later(minutes=3)
    post.work()
    assert bounced(post) == (True, True)
