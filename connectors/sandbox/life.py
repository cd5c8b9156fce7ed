"""A sandbox from its start to its end, and what a test asks and orders of any: calls and faults."""

from types import TracebackType
from typing import Any, Self

from connectors.sandbox.server import App, LocalServer
from connectors.sandbox.wire import Call, Fault, FaultKind, Wire


class LocalSandbox:
    """Serves *app* on 127.0.0.1. Use as a context manager, or ``start`` and ``stop``.

    Raises ``OSError`` when the port is taken; 0 takes a free one.
    """

    def __init__(self, app: App, port: int) -> None:
        self._wire = Wire(app)
        self._server = LocalServer(self._wire, port)
        self.port, self.url = self._server.port, self._server.url

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        self._server.start()

    def stop(self) -> None:
        self._wire.closing.set()
        self._server.stop()

    @property
    def calls(self) -> list[Call]:
        """Every call so far, in order; ``calls.clear()`` starts anew."""
        return self._wire.calls

    def count(self, text: str = "") -> int:
        """How many calls had *text* in ``METHOD /path``."""
        return sum(text in f"{call.method} {call.path}" for call in self.calls)

    def fail(self, pattern: str, kind: FaultKind = "status", times: int = 1, **how: Any) -> None:
        """The next *times* calls whose ``METHOD /path`` matches meet a fault: see ``Fault``."""
        self._wire.faults.append(Fault(pattern, kind, times, **how))
