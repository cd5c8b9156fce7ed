"""A real SMTP server on this machine that a test tells what to answer."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from tests.support.ports import free


@dataclass
class Received:
    sender: str
    to: list[str]
    content: bytes

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.content, policy=policy.default)

    def part(self, kind: str) -> str:
        """``plain`` or ``html``."""
        body = self.message.get_body((kind,))
        assert body is not None
        return str(body.get_content())


@dataclass
class SmtpServer:
    """``says`` is what it answers at each step: ``mail``, ``rcpt``, ``data``. ``hangs_up``: instead of the last
    answer, when the whole mail is in."""

    says: dict[str, str] = field(default_factory=dict)
    hangs_up: bool = False
    password: str = ""
    mails: list[Received] = field(default_factory=list)
    connections: int = 0
    port: int = 0

    def __post_init__(self) -> None:
        self.port = free(1)
        self._controller = self._made()
        self._controller.start()

    def _made(self) -> Controller:
        return Controller(
            self, "127.0.0.1", self.port,
            authenticator=self._authenticate, auth_require_tls=False,
        )  # fmt: skip

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}?rate=1000"

    def stop(self) -> None:
        self._controller.stop()

    def start(self) -> None:
        self._controller = self._made()
        self._controller.start()

    def _authenticate(self, server: Any, session: Any, envelope: Any, way: str, data: Any) -> Any:
        return AuthResult(success=data.password.decode() == self.password, handled=False)

    async def handle_EHLO(
        self, server: Any, session: Any, envelope: Any, name: str, replies: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = name
        return replies

    async def handle_MAIL(
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if "mail" in self.says:
            return self.says["mail"]
        envelope.mail_from = address
        return "250 2.1.0 Fine"

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if "rcpt" in self.says:
            return self.says["rcpt"]
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Fine"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if "data" in self.says:
            return self.says["data"]
        self.mails.append(Received(envelope.mail_from, envelope.rcpt_tos, envelope.content))
        if self.hangs_up:
            server.transport.abort()
        return "250 2.0.0 Taken"


@pytest.fixture
def smtp_server() -> Iterator[SmtpServer]:
    server = SmtpServer()
    yield server
    server.stop()
