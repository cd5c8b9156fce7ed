"""A mailbox for everybody: takes every mail over SMTP on this machine, sends none on, and shows them on a page."""

from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from itertools import count
from pathlib import Path
from typing import Any, Literal

from aiosmtpd.controller import Controller
from flask import Flask, Response, jsonify, render_template

from connectors.sandbox.server import HOST, LocalServer
from plugin.operate.mail_scanner import Visit, visit

KEPT = 200
LONGEST = 1024 * 1024
TEMPLATES = Path(__file__).parent / "templates"
# A mail's own HTML stands in a frame that runs nothing, loads nothing and opens its links in a window of their own.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'"
ELSEWHERE = '<base target="_blank">'


@dataclass(frozen=True, slots=True)
class Caught:
    """One mail as it came in; ``to`` is whom the envelope named."""

    number: int
    at: datetime
    sender: str
    to: tuple[str, ...]
    subject: str
    text: str
    html: str = ""

    @property
    def framed(self) -> str:
        """The HTML part as the frame on the page shows it."""
        return ELSEWHERE + self.html


class MailCatcher:
    """SMTP on *port* and its page on *page_port*, between ``start`` and ``stop``.

    Raises ``OSError`` for a taken port.
    """

    def __init__(self, port: int, page_port: int) -> None:
        self.mails: deque[Caught] = deque(maxlen=KEPT)
        self._numbers = count(1)
        self.port = port
        self._smtp = Controller(self, HOST, port, data_size_limit=LONGEST)
        self._page = LocalServer(_app(self.mails), page_port)
        self.page_url = self._page.url

    @property
    def url(self) -> str:
        """As ``GENSVAR_MAIL_URL`` wants it."""
        return f"smtp://{HOST}:{self.port}"

    def start(self) -> None:
        self._smtp.start()
        self._page.start()

    def stop(self) -> None:
        with suppress(AssertionError):  # was never started
            self._smtp.stop()
        self._page.stop()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.mails.appendleft(_read(envelope, next(self._numbers)))
        return "250 Caught"


def _read(envelope: Any, number: int) -> Caught:
    message = message_from_bytes(envelope.content, policy=policy.default)
    return Caught(
        number=number,
        at=datetime.now(UTC),
        sender=str(envelope.mail_from or ""),
        to=tuple(envelope.rcpt_tos),
        subject=str(message.get("Subject", "")),
        text=_text(message, "plain", "html"),
        html=_text(message, "html"),
    )


def _text(message: EmailMessage, *kinds: Literal["plain", "html"]) -> str:
    part = message.get_body(kinds)
    try:
        return str(part.get_content()) if part else ""
    except (LookupError, ValueError):  # an encoding nobody knows
        return "(This mail could not be read.)"


def _app(mails: deque[Caught]) -> Flask:
    app = Flask(__name__, template_folder=str(TEMPLATES))

    @app.get("/")
    def page() -> Response:
        return _shown(None, None)

    @app.post("/mails/<int:number>/scan")
    def scan(number: int) -> Response:
        """What security programs do with mails before anybody has read them."""
        mail = next((one for one in list(mails) if one.number == number), None)
        return _shown(mail, visit(mail.html) if mail else None)

    def _shown(scanned: Caught | None, visit: Visit | None) -> Response:
        html = render_template("mails.html", mails=list(mails), scanned=scanned, visit=visit)
        response = Response(html)
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["Cache-Control"] = "no-store"
        return response

    @app.get("/mails.json")
    def as_json() -> Response:
        return jsonify(list(mails))

    return app
