"""Settings of mail: read strictly, and refused in words."""

import pytest

from plugin import mailboxes
from plugin.mailboxes import Server


@pytest.mark.parametrize(
    ("text", "server"),
    [
        ("smtp://mail.example.com", Server("mail.example.com", 587, "offered")),
        ("smtp://mail.example.com:25?tls=none&rate=2.5", Server("mail.example.com", 25, "none", rate=2.5)),
        ("smtps://u%40x:p%3Aq@h.example", Server("h.example", 465, "implicit", "u@x", "p:q")),
        ("smtp://u:p@h.example?tls=starttls", Server("h.example", 587, "starttls", "u", "p")),
    ],
)  # fmt: skip
def test_a_mail_server(text: str, server: Server) -> None:
    assert mailboxes.smtp(text) == server
    assert mailboxes.smtp_url(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "imap://h.example", "smtp://", "smtp://h.example?tls=maybe", "smtps://h.example?tls=none",
        "smtp://h.example?rate=0", "smtp://h.example?rate=nan", "smtp://h.example?rate=fast",
        "smtp://h.example?tls=none&tls=none", "smtp://h.example?colour=blue", "smtp://h.example#x",
        "smtp://h.example:99999",
    ],
)  # fmt: skip
def test_what_is_no_mail_server(text: str) -> None:
    with pytest.raises(ValueError, match="smtp://"):
        mailboxes.smtp(text)


def test_a_mailbox_for_reports() -> None:
    found = mailboxes.imap("imaps://bounces%40acme.example:p@h.example?folder=Reports")
    assert (found.port, found.tls, found.folder) == (993, "implicit", "Reports")
    assert found.address == "bounces@acme.example"
    named = mailboxes.imap("imap://user:p@h.example?address=b@acme.example&tls=starttls")
    assert (named.port, named.tls, named.address) == (143, "starttls", "b@acme.example")
    assert mailboxes.imap("imap://user:p@h.example").address == ""
    with pytest.raises(ValueError, match="imaps://"):
        mailboxes.imap("imap://user:p@h.example?address=nobody")


@pytest.mark.parametrize("text", ["nps@acme.example", "Acme AB <nps@acme.example>"])
def test_who_sends(text: str) -> None:
    assert mailboxes.sender(text) == text
    assert mailboxes.bare(text) == "nps@acme.example"


@pytest.mark.parametrize(
    "text", ["nps", "Acme <nps>", "a@b@c", "a b@c.example", "Acme\n<nps@acme.example>"]
)
def test_who_does_not_send(text: str) -> None:
    with pytest.raises(ValueError, match="nps@example"):
        mailboxes.sender(text)


@pytest.mark.parametrize(
    "local", ["noreply", "no-reply", "No_Reply", "do-not-reply", "donotreply.nps", "dont.answer", "no-reply+nps"]
)  # fmt: skip
def test_replies_go_to_a_person(local: str) -> None:
    with pytest.raises(ValueError, match="a person reads"):
        mailboxes.reply_to(f"{local}@acme.example")


@pytest.mark.parametrize("local", ["care", "anna.noren", "nora", "reply", "support"])
def test_a_mailbox_that_a_person_reads(local: str) -> None:
    assert mailboxes.reply_to(f"{local}@acme.example") == f"{local}@acme.example"
