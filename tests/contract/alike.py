"""What every harness does alike, because every sandbox is ordered alike."""

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

import requests

from connectors.protocol import Connector, Crm
from connectors.sandbox.life import LocalSandbox
from connectors.types import Connection
from tests.contract.harness import TokenStore, What


class SandboxHarness:
    """Serves *sandbox* until ``stop``. ``paths`` are the calls that write each thing."""

    crm: Crm
    tokens: TokenStore
    paths: ClassVar[Mapping[What, str]]

    def __init__(self, sandbox: LocalSandbox, connection: Connection) -> None:
        self._sandbox, self._connection = sandbox, connection
        sandbox.start()

    @property
    def connection(self) -> Connection:
        return self._connection

    def connect(self) -> Connector:
        return self.crm.connector(self._connection, self.tokens)

    def install(self) -> Connector:
        setup = self.connect().apply("")
        while not setup.done:
            setup = self.connect().apply(setup.state)
        self._connection = replace(self._connection, capabilities=setup.capabilities)
        return self.connect()

    def lose_reply(self, what: What, times: int = 1) -> None:
        self._sandbox.fail(self.paths[what], "lost", times)

    def answer_with(self, what: What, status: int, times: int = 1) -> None:
        self._sandbox.fail(self.paths[what], "status", times, status=status)

    def stop(self) -> None:
        self._sandbox.stop()

    def calls(self) -> int:
        return len(self._sandbox.calls)


def decide(url: str, form: Mapping[str, str]) -> str:
    """Post the consent page's form: the redirect's code."""
    answer = requests.post(url, data=form, timeout=5, allow_redirects=False)
    return parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]
