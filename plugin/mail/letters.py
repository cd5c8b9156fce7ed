"""A mail as it goes over the wire (RFC 5322), with every header of ours; no text can add one."""

import re
from base64 import encodebytes
from binascii import b2a_qp
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.header import Header
from email.utils import format_datetime, formataddr, parseaddr
from secrets import token_hex

from plugin import mailboxes
from plugin.config import Settings

_LONGEST = 900  # characters of a header in one line
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
    """The whole message, put together by hand: the standard library takes each header apart again and needs longer for
    that than for all the rest of a mail."""
    parts = [_part("plain", "quoted-printable", _quoted_printable(mail.text))]
    if mail.html:
        # Quoted-printable would cost ten times as much here.
        parts.append(_part("html", "base64", encodebytes(_utf8(mail.html))))
    head = "".join(f"{name}: {value}\r\n" for name, value in _headers(settings, mail, now))
    return (head.encode("ascii") + _body(parts)).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def _headers(settings: Settings, mail: Mail, now: datetime) -> Iterator[tuple[str, str]]:
    name, address = parseaddr(settings.mail_from)
    yield "From", formataddr((_one_line(name), address), "utf-8")
    yield "To", mail.to
    if settings.mail_reply_to:
        yield "Reply-To", settings.mail_reply_to
    yield "Subject", _words(_one_line(mail.subject))
    yield "Date", format_datetime(now)
    yield "Message-ID", mail.message_id
    yield "Auto-Submitted", "auto-generated"
    yield "X-Auto-Response-Suppress", "OOF, AutoReply"
    # In one line each: a long address in one must not be broken, and 998 is what a line may hold.
    yield from ((header, _one_line(value)) for header, value in mail.headers.items())
    yield "MIME-Version", "1.0"


def _words(text: str) -> str:
    """Text for people in a header (RFC 2047)."""
    if text.isascii() and "=?" not in text and len(text) < _LONGEST:
        return text
    return Header(_utf8(text).decode(), "utf-8", header_name="Subject").encode(linesep="\r\n")


def _body(parts: Sequence[bytes]) -> bytes:
    if len(parts) == 1:
        return parts[0]
    edge = f"=_{token_hex(16)}"  # which neither encoding ever writes
    kind = f'Content-Type: multipart/alternative; boundary="{edge}"\r\n\r\n'
    inside = b"".join(b"--%b\r\n%b" % (edge.encode(), part) for part in parts)
    return kind.encode() + inside + f"--{edge}--\r\n".encode()


def _part(kind: str, encoding: str, content: bytes) -> bytes:
    head = (
        f'Content-Type: text/{kind}; charset="utf-8"\r\nContent-Transfer-Encoding: {encoding}\r\n'
    )
    return head.encode() + b"\r\n" + content + (b"" if content.endswith(b"\n") else b"\r\n")


def _quoted_printable(text: str) -> bytes:
    return b2a_qp("\n".join(text.splitlines()).encode("utf-8", "replace") + b"\n", istext=True)


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "replace")


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
