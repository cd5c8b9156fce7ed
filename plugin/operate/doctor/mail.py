"""The mail settings, and whether somebody listens there."""

import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

from plugin.config import Settings
from plugin.operate.doctor.finding import Finding, bad, look, ok

WAITS = 5.0
PORTS = {"smtp": 587, "smtps": 465}


def mail(settings: Settings) -> Iterator[Finding]:
    if not settings.mail_url:
        yield ok("mail", "off: GENSVAR_MAIL_URL is not set")
        return
    parts = urlsplit(settings.mail_url)
    yield _reachable(parts.hostname or "", parts.port or PORTS[parts.scheme])
    if not settings.mail_from:
        yield look("mail", "GENSVAR_MAIL_FROM is not set.", "Set the address that mail comes from.")


def _reachable(host: str, port: int) -> Finding:
    try:
        socket.create_connection((host, port), timeout=WAITS).close()
    except OSError as error:
        words = f"{host}:{port} does not answer ({error.strerror or type(error).__name__})."
        return bad("mail", words, "See GENSVAR_MAIL_URL, and that this host may reach it.")
    return ok("mail", f"{host}:{port} answers")
