"""What every harness does alike, because every sandbox is ordered alike."""

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

import requests

from connectors.accounts import Connection
from connectors.protocol import Connector, Crm
from tests.contract.harness import TokenStore, What
from tests.support.installing import Sandbox, once_installed


class SandboxHarness:
    """Serves *sandbox* until ``stop``. ``paths`` are the calls that write each thing."""

    crm: Crm
    tokens: TokenStore
    paths: ClassVar[Mapping[What, str]]

    def __init__(self, sandbox: Sandbox, connection: Connection) -> None:
        self.sandbox, self._connection = sandbox, connection
        sandbox.start()

    @property
    def connection(self) -> Connection:
        return self._connection

    def connect(self) -> Connector:
        return self.crm.connector(self._connection, self.tokens)

    def install(self) -> Connector:
        self._connection = replace(self._connection, capabilities=self._apply())
        return self.connect()

    def installed(self) -> Connector:
        capabilities = once_installed(self.sandbox, self._apply)
        self._connection = replace(self._connection, capabilities=capabilities)
        return self.connect()

    def _apply(self) -> Mapping[str, str]:
        setup = self.connect().apply("")
        while not setup.done:
            setup = self.connect().apply(setup.state)
        return setup.capabilities

    def lose_reply(self, what: What, times: int = 1) -> None:
        self.sandbox.fail(self.paths[what], "lost", times)

    def answer_with(self, what: What, status: int, times: int = 1) -> None:
        self.sandbox.fail(self.paths[what], "status", times, status=status)

    def stop(self) -> None:
        self.sandbox.stop()

    def calls(self) -> int:
        return len(self.sandbox.calls)


def decide(url: str, form: Mapping[str, str]) -> str:
    """Post the consent page's form: the redirect's code."""
    answer = requests.post(url, data=form, timeout=5, allow_redirects=False)
    return parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]
