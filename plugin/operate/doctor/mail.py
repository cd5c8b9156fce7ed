"""The mail settings: is it on, does the server take us, can reports be read, and does the domain stand behind it."""

from collections.abc import Iterator

from plugin import mailboxes
from plugin.config import Settings
from plugin.mail import words
from plugin.mail.lanes import why_off
from plugin.mail.mailbox import TROUBLE, Unreadable, opened
from plugin.mail.postman import Postman, Unavailable
from plugin.mail.returnpath import reports_address
from plugin.operate.doctor.domain import domain
from plugin.operate.doctor.finding import Finding, bad, look, ok

WAITS = 5.0


def mail(settings: Settings) -> Iterator[Finding]:
    if not settings.mail_url:
        yield ok("mail", "off: GENSVAR_MAIL_URL is not set")
        return
    yield _server(settings)
    if off := why_off(settings):
        yield look(
            "mail settings",
            off,
            "Set what is missing; replies go to a mailbox that a person reads.",
        )
        return
    replies = settings.mail_reply_to
    yield ok("mail settings", f"from {mailboxes.bare(settings.mail_from)}, replies to {replies}")
    yield _reports(settings)
    yield from domain(settings)


def _server(settings: Settings) -> Finding:
    server = mailboxes.smtp(settings.mail_url)
    place = f"{server.host}:{server.port}"
    try:
        Postman(server, "localhost").check(WAITS)
    except Unavailable as error:
        told = words.REASONS[error.code]
        return bad("mail", f"{place}: {told.what}", told.do or "See GENSVAR_MAIL_URL.")
    return ok("mail", f"{place} answers" + (" and takes our password" if server.user else ""))


def _reports(settings: Settings) -> Finding:
    """Without a mailbox only a server's refusal at the door tells of a wrong address."""
    if not settings.bounce_url:
        return look(
            "delivery reports",
            "No mailbox is read, so mail that comes back later is not noticed.",
            "Set GENSVAR_BOUNCE_URL; docs/mail.md says how.",
        )
    server = mailboxes.imap(settings.bounce_url)
    try:
        with opened(server, WAITS):
            pass
    except Unreadable as error:
        told = words.REASONS[error.code]
        return bad("delivery reports", f"{server.host}:{server.port}: {told.what}", told.do)
    except TROUBLE:
        told = words.REASONS["reports_unreachable"]
        return bad("delivery reports", f"{server.host}:{server.port}: {told.what}", told.do)
    address = reports_address(settings)
    return ok(
        "delivery reports", f"the mailbox can be read; reports come to {address}, with + and a sign"
    )
