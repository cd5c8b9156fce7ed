"""A mail as it goes over the wire (RFC 5322), with every header of ours; no text can add one."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr

from plugin import mailboxes
from plugin.config import Settings

_COMPOSING = policy.SMTP.clone(cte_type="7bit")
# Headers in one line each: a long address in one must not be broken, and 998 is what a line may hold.
_WRITING = _COMPOSING.clone(max_line_length=998)
_UNSEEN = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class Mail:
    """``to`` is an address alone; ``headers`` are beyond those that every mail of ours has."""

    to: str
    subject: str
    text: str
    message_id: str
    html: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


def written(settings: Settings, mail: Mail, now: datetime) -> bytes:
    """The whole message."""
    message = EmailMessage(policy=_COMPOSING)
    name, address = parseaddr(settings.mail_from)
    message["From"] = Address(_one_line(name), addr_spec=address)
    message["To"] = Address(addr_spec=mail.to)
    if settings.mail_reply_to:
        message["Reply-To"] = Address(addr_spec=settings.mail_reply_to)
    message["Subject"] = _one_line(mail.subject)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    for header, value in mail.headers.items():
        message[header] = _one_line(value)
    message.set_content(mail.text, cte="quoted-printable")
    if mail.html:
        # Quoted-printable would cost ten times as much here.
        message.add_alternative(mail.html, subtype="html", cte="base64")
    return message.as_bytes(policy=_WRITING)


def one_click(stop: str, locale: str) -> dict[str, str]:
    """Of a mail to a customer: the link *stop* ends all of them, by one click in the mail program (RFC 8058)."""
    return {
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Content-Language": locale,
    }


def message_id(settings: Settings, key: str) -> str:
    """The same for every try of one delivery, so that a mailbox can tell a second copy."""
    left = re.sub(r"[^a-z0-9.-]", ".", key.lower())
    return f"<{left}@{mailboxes.bare(settings.mail_from).rpartition('@')[2]}>"


def deliverable(address: str) -> str:
    """*address* as an envelope names it, its domain in ASCII; empty for what no mail can be sent to."""
    local, _, domain = address.strip().rpartition("@")
    try:
        ascii_domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        return ""
    found = f"{local}@{ascii_domain}"
    return found if mailboxes.is_address(found) else ""


def _one_line(text: str) -> str:
    return _UNSEEN.sub(" ", text).strip()
