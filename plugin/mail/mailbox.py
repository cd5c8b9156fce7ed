"""The mailbox that delivery reports come to, over IMAP (RFC 9051). Each mail is taken once: it is marked when its work
is done, and one whose work was cut short comes again."""

import imaplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from plugin.mailboxes import Server

KEYWORD = "$GensvarRead"
LONGEST = 256 * 1024  # bytes of a mail that are looked at
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
TROUBLE = (OSError, imaplib.IMAP4.error)


class Unreadable(Exception):
    """The mailbox cannot be read just now; ``code`` is one of ``plugin.mail.words``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Mailbox:
    """An open folder."""

    def __init__(self, client: imaplib.IMAP4) -> None:
        self._client = client
        permanent = client.response("PERMANENTFLAGS")[1]
        keeps_keywords = any(b"\\*" in bytes(flags or b"") for flags in permanent)
        # Without keywords of our own only the mark is left that a person reading the mailbox sets too.
        self._mark = KEYWORD if keeps_keywords else "\\Seen"
        self._unmarked = ("UNKEYWORD", KEYWORD) if keeps_keywords else ("UNSEEN",)

    def waiting(self) -> list[str]:
        """The mails not yet taken, oldest first, by number."""
        found = _data(self._client.uid("SEARCH", *self._unmarked, "UNDELETED"))
        return [uid.decode("ascii") for uid in (found[0] or b"").split()] if found else []

    def read(self, uid: str) -> bytes:
        """The mail, or as much of it as is looked at; it stays unread for people."""
        found = _data(self._client.uid("FETCH", uid, f"(BODY.PEEK[]<0.{LONGEST}>)"))
        parts = [part[1] for part in found if isinstance(part, tuple)]
        return parts[0] if parts else b""

    def done(self, uid: str) -> None:
        """It is not taken again."""
        _data(self._client.uid("STORE", uid, "+FLAGS.SILENT", f"({self._mark})"))


@contextmanager
def opened(server: Server, seconds: float) -> Iterator[Mailbox]:
    """Raises ``Unreadable``; each step may take *seconds*."""
    client = _connected(server, seconds)
    try:
        try:
            _signed_in(client, server)
            _selected(client, server.folder)
        except (ssl.SSLError, ssl.CertificateError):
            raise Unreadable("reports_tls") from None
        except OSError:
            raise Unreadable("reports_unreachable") from None
        yield Mailbox(client)
    finally:
        with suppress(*TROUBLE):
            client.logout()


def _connected(server: Server, seconds: float) -> imaplib.IMAP4:
    trusted = ssl.create_default_context  # reads every authority of the system: only for TLS
    try:
        if server.tls == "implicit":
            return imaplib.IMAP4_SSL(
                server.host, server.port, ssl_context=trusted(), timeout=seconds
            )
        client = imaplib.IMAP4(server.host, server.port, timeout=seconds)
        offered = "STARTTLS" in client.capabilities
        if server.tls == "starttls" or (server.tls == "offered" and offered):
            client.starttls(ssl_context=trusted())
    except (ssl.SSLError, ssl.CertificateError):
        raise Unreadable("reports_tls") from None
    except imaplib.IMAP4.error:
        raise Unreadable("reports_tls") from None
    except OSError:
        raise Unreadable("reports_unreachable") from None
    return client


def _signed_in(client: imaplib.IMAP4, server: Server) -> None:
    if not isinstance(client.sock, ssl.SSLSocket) and server.host not in _LOOPBACK:
        raise Unreadable("reports_plain_login")
    try:
        client.login(_quoted(server.user), server.password)
    except imaplib.IMAP4.error:
        raise Unreadable("reports_login") from None


def _selected(client: imaplib.IMAP4, folder: str) -> None:
    try:
        _data(client.select(_quoted(folder)))
    except imaplib.IMAP4.error:
        raise Unreadable("reports_folder") from None


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _data(answer: tuple[str, Any]) -> list[Any]:
    """What a command gave; raises ``imaplib.IMAP4.error`` where the server said no."""
    said, data = answer
    if said != "OK":
        raise imaplib.IMAP4.error("refused")
    return list(data)
