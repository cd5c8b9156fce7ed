"""The mail settings, and whether somebody listens there."""

import socket
from collections.abc import Iterator
from urllib.parse import SplitResult, urlsplit

from plugin.config import Settings
from plugin.operate.doctor.finding import Finding, bad, look, ok

WAITS = 5.0
PORTS = {"smtp": 587, "smtps": 465}
FORM = "It must be like smtp://user:password@mail.example.com:587?tls=starttls."


def mail(settings: Settings) -> Iterator[Finding]:
    if not settings.mail_url:
        yield ok("mail", "off: GENSVAR_MAIL_URL is not set")
        return
    try:
        parts = urlsplit(settings.mail_url)
        port = parts.port or PORTS[parts.scheme]
    except (ValueError, KeyError):
        yield bad("mail", "GENSVAR_MAIL_URL cannot be read.", FORM)
        return
    yield _reachable(parts, port)
    if not settings.mail_from:
        yield look("mail", "GENSVAR_MAIL_FROM is not set.", "Set the address that mail comes from.")


def _reachable(parts: SplitResult, port: int) -> Finding:
    if not parts.hostname:
        return bad("mail", "GENSVAR_MAIL_URL names no host.", FORM)
    try:
        socket.create_connection((parts.hostname, port), timeout=WAITS).close()
    except OSError as error:
        words = (
            f"{parts.hostname}:{port} does not answer ({error.strerror or type(error).__name__})."
        )
        return bad("mail", words, "See GENSVAR_MAIL_URL, and that this host may reach it.")
    return ok("mail", f"{parts.hostname}:{port} answers")
