"""Handing one mail to the mail server, and telling apart what became of it (RFC 5321).

The standard library's ``sendmail`` does not say whether a broken connection broke before or after the server may have
accepted the mail; here that is the one thing that matters, so the steps are taken one by one.
"""

import re
import smtplib
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from plugin.mailboxes import Server

IDLE = 20.0  # seconds after which a kept connection is not trusted any more
MOST = 100  # mails over one connection
SHORTEST = 2.0  # seconds; with less than that left no step is begun
_STATUS = re.compile(rb"^([245]\.\d{1,3}\.\d{1,3})\b")
_DOT = re.compile(rb"(?m)^\.")


@dataclass(frozen=True, slots=True)
class Envelope:
    """One mail to one address. ``content`` is the whole message with CRLF at each line's end."""

    sender: str
    to: str
    content: bytes


class Unavailable(Exception):
    """Nothing can be sent just now, to anybody; ``code`` is one of ``plugin.mail.words``. Nothing was handed over."""

    def __init__(self, code: str, status: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.status = status


class Deferred(Exception):
    """The server refused this mail for now. ``status`` holds its numbers, never its words, which name people."""

    def __init__(self, status: str) -> None:
        super().__init__(status)
        self.status = status


class Refused(Exception):
    """The server refused this mail for good; ``address``: because nobody is reached at this address."""

    def __init__(self, status: str, *, address: bool) -> None:
        super().__init__(status)
        self.status = status
        self.address = address


class Lost(Exception):
    """The mail was handed over and no reply came: nobody knows whether it is on its way."""


class _HungUp(Exception):
    """The server had closed the kept connection before anything was said."""


class Postman:
    """One connection to one server, kept between mails; one mail at a time. *name* is who we say we are."""

    def __init__(self, server: Server, name: str) -> None:
        self._server = server
        self._name = name
        self._lock = threading.Lock()
        self._client: smtplib.SMTP | None = None
        self._used = 0.0
        self._sent = 0

    def send(self, envelope: Envelope, within: float) -> None:
        """Returns when the server has accepted the mail. Raises one of the four above."""
        ends = time.monotonic() + within
        with self._lock:
            try:
                self._hand_over(self._kept(ends), envelope, ends)
            except _HungUp:
                self._close()
                try:
                    self._hand_over(self._kept(ends), envelope, ends)
                except _HungUp:
                    self._close()
                    raise Unavailable("mail_unreachable") from None

    def check(self, within: float) -> None:
        """Connects, signs in and leaves again. Raises ``Unavailable``."""
        with self._lock:
            self._kept(time.monotonic() + within)
            self._close()

    def close(self) -> None:
        with self._lock:
            self._close()

    def _hand_over(self, client: smtplib.SMTP, envelope: Envelope, ends: float) -> None:
        self._envelope(client, envelope, ends)
        self._content(client, envelope.content, ends)
        self._used = time.monotonic()
        self._sent += 1

    def _envelope(self, client: smtplib.SMTP, envelope: Envelope, ends: float) -> None:
        reply = self._step(client, f"MAIL FROM:<{envelope.sender}>", ends)
        if reply.code != 250:
            self._close()
            raise Unavailable("mail_sender_refused" if reply.final else "mail_busy", reply.status)
        reply = self._step(client, f"RCPT TO:<{envelope.to}>", ends)
        if reply.code not in (250, 251, 252):
            self._give_up(reply, recipient=True)
        reply = self._step(client, "DATA", ends)
        if reply.code != 354:
            self._give_up(reply, recipient=False)

    def _content(self, client: smtplib.SMTP, content: bytes, ends: float) -> None:
        """From here on a broken connection leaves us in doubt."""
        ending = b".\r\n" if content.endswith(b"\r\n") else b"\r\n.\r\n"
        try:
            _limit(client, ends)
            client.send(_DOT.sub(b"..", content) + ending)
            reply = _Reply(*client.getreply())
        except (OSError, smtplib.SMTPException):
            self._close()
            raise Lost from None
        if reply.code != 250:
            self._give_up(reply, recipient=False)

    def _step(self, client: smtplib.SMTP, command: str, ends: float) -> "_Reply":
        try:
            _limit(client, ends)
            reply = _Reply(*client.docmd(command))
        except (OSError, smtplib.SMTPException):
            raise _HungUp from None
        if reply.code == 421:
            raise _HungUp
        return reply

    def _give_up(self, reply: "_Reply", *, recipient: bool) -> None:
        self._close()
        if not reply.final:
            raise Deferred(reply.status)
        raise Refused(reply.status, address=reply.about_the_address(recipient=recipient))

    def _kept(self, ends: float) -> smtplib.SMTP:
        fresh = time.monotonic() - self._used < IDLE and self._sent < MOST
        if self._client is None or not fresh:
            self._close()
            self._client = self._connected(ends)
            self._used, self._sent = time.monotonic(), 0
        return self._client

    def _connected(self, ends: float) -> smtplib.SMTP:
        left = ends - time.monotonic()
        if left < SHORTEST:
            raise Unavailable("mail_slow")
        try:
            return self._signed_in(self._greeted(left))
        except (ssl.SSLError, ssl.CertificateError, smtplib.SMTPNotSupportedError):
            raise Unavailable("mail_tls") from None
        except smtplib.SMTPAuthenticationError as error:
            raise Unavailable("mail_login", str(error.smtp_code)) from None
        except (OSError, smtplib.SMTPException):
            raise Unavailable("mail_unreachable") from None

    def _greeted(self, timeout: float) -> smtplib.SMTP:
        server = self._server
        trusted = ssl.create_default_context  # reads every authority of the system: only for TLS
        if server.tls == "implicit":
            return smtplib.SMTP_SSL(
                server.host, server.port, self._name, timeout=timeout, context=trusted()
            )
        client = smtplib.SMTP(server.host, server.port, self._name, timeout=timeout)
        with _closed_if_it_fails(client):
            client.ehlo_or_helo_if_needed()
            offered = server.tls == "offered" and client.has_extn("starttls")
            if server.tls == "starttls" or offered:
                client.starttls(context=trusted())
        return client

    def _signed_in(self, client: smtplib.SMTP) -> smtplib.SMTP:
        with _closed_if_it_fails(client):
            if self._server.user:
                if not isinstance(client.sock, ssl.SSLSocket) and not _on_this_machine(
                    self._server
                ):
                    raise Unavailable("mail_plain_login")
                self._log_in(client)
            client.ehlo_or_helo_if_needed()
        return client

    def _log_in(self, client: smtplib.SMTP) -> None:
        try:
            client.login(self._server.user, self._server.password)
        except smtplib.SMTPNotSupportedError:
            raise Unavailable("mail_login") from None

    def _close(self) -> None:
        if self._client is not None:
            with suppress(OSError, smtplib.SMTPException):
                if self._client.sock:
                    self._client.sock.settimeout(1.0)
                self._client.quit()
            self._client.close()
        self._client = None


class _Reply:
    """A server's answer: its three digits, and the enhanced status (RFC 3463) where it gives one."""

    def __init__(self, code: int, text: bytes) -> None:
        self.code = code
        found = _STATUS.match(text)
        self.enhanced = found.group(1).decode() if found else ""

    @property
    def final(self) -> bool:
        return self.code >= 500

    @property
    def status(self) -> str:
        return f"{self.code} {self.enhanced}".strip()

    def about_the_address(self, *, recipient: bool) -> bool:
        """A refused recipient is an address at which nobody is reached, unless the status speaks of policy, a full
        mailbox, size or the server's own trouble. A refused content is one only where the status says so: some
        servers look at the recipient that late."""
        if recipient:
            return not self.enhanced.startswith(("5.7.", "5.3.", "5.2.2", "5.2.3", "5.6."))
        return self.enhanced.startswith(("5.1.", "5.2.1"))


@contextmanager
def _closed_if_it_fails(client: smtplib.SMTP) -> Iterator[None]:
    try:
        yield
    except BaseException:
        client.close()
        raise


def _limit(client: smtplib.SMTP, ends: float) -> None:
    left = ends - time.monotonic()
    if left <= 0 or client.sock is None:
        raise TimeoutError
    client.sock.settimeout(left)


def _on_this_machine(server: Server) -> bool:
    return server.host in ("localhost", "127.0.0.1", "::1")
