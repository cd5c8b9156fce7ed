"""What happens between a caller and a sandbox: every call is recorded, and faults can be ordered."""

import json
import re
import socket
import struct
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Literal

FaultKind = Literal["status", "hang", "reset", "lost", "slow_reply", "drip", "garbage"]


@dataclass(frozen=True, slots=True)
class Call:
    """One call as it came in; ``status`` is 0 where no answer was given."""

    method: str
    path: str
    status: int
    query: str = ""


@dataclass(slots=True)
class Fault:
    """What the next *times* calls meet whose ``METHOD /path`` contains a match of *pattern*.

    ``status``: this status, nothing is done. ``hang``: nothing is done, the connection stays open
    for *seconds*. ``reset``: nothing is done, the connection is torn. ``lost``: the call is done,
    the reply never arrives. ``slow_reply``: done, answered after *seconds*. ``drip``: done, one byte
    of the answer a *seconds*. ``garbage``: done, answered with something that is no JSON.
    """

    pattern: str
    kind: FaultKind = "status"
    times: int = 1
    status: int = 500
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 30.0

    def matches(self, method: str, path: str) -> bool:
        return self.times > 0 and re.search(self.pattern, f"{method} {path}") is not None


class _Torn(ConnectionError):
    """Ends the handling of a connection on which nothing more is written."""


class Wire:
    """Wraps a WSGI app. Calls below ``/_sandbox`` are neither recorded nor disturbed."""

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self._app = app
        self._lock = threading.Lock()
        self.calls: list[Call] = []
        self.faults: list[Fault] = []
        self.closing = threading.Event()

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"].startswith("/_sandbox"):
            return self._app({**environ, "gensvar.wire": self}, start)
        answered: list[Any] = []

        def note(status: str, headers: Any, *rest: Any) -> Any:
            answered[:] = [status, headers]
            return start(status, headers, *rest)

        try:
            return self._serve(environ, note)
        finally:
            self._record(environ, answered)

    def _serve(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        fault = self._take(environ["REQUEST_METHOD"], environ["PATH_INFO"])
        return self._app(environ, start) if fault is None else self._spoil(fault, environ, start)

    def _take(self, method: str, path: str) -> Fault | None:
        with self._lock:
            found = next((fault for fault in self.faults if fault.matches(method, path)), None)
            if found is not None:
                found.times -= 1
            return found

    def _spoil(self, fault: Fault, environ: Any, start: Any) -> Iterable[bytes]:
        if fault.kind == "status":
            return _answer(start, fault)
        if fault.kind in ("hang", "reset"):
            if fault.kind == "hang":
                self.closing.wait(fault.seconds)
            tear(environ)
        kept, body = self._done(environ)
        if fault.kind == "lost":
            tear(environ)
        if fault.kind == "slow_reply":
            self.closing.wait(fault.seconds)
        if fault.kind == "garbage":
            body = b"<html>maintenance</html>"
            kept[1] = [("Content-Type", "text/html"), ("Content-Length", str(len(body)))]
        start(*kept)
        return self._dripping(body, fault.seconds) if fault.kind == "drip" else [body]

    def _done(self, environ: Any) -> tuple[list[Any], bytes]:
        kept: list[Any] = []

        def keep(status: str, headers: Any, *_: Any) -> None:
            kept[:] = [status, headers]

        return kept, b"".join(self._app(environ, keep))

    def _dripping(self, body: bytes, seconds: float) -> Iterator[bytes]:
        for byte in body:
            if self.closing.wait(seconds):
                return
            yield bytes([byte])

    def _record(self, environ: dict[str, Any], answered: list[Any]) -> None:
        status = int(answered[0].split()[0]) if answered else 0
        call = Call(
            environ["REQUEST_METHOD"], environ["PATH_INFO"], status, environ["QUERY_STRING"]
        )
        with self._lock:
            self.calls.append(call)


def tear(environ: dict[str, Any]) -> None:
    """Reset the connection under the caller. Always raises."""
    sock: socket.socket = environ["sandbox.socket"]
    with suppress(OSError):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        sock.shutdown(socket.SHUT_RD)
    raise _Torn


def _answer(start: Callable[..., Any], fault: Fault) -> list[bytes]:
    body = fault.body if isinstance(fault.body, bytes) else json.dumps(fault.body or {}).encode()
    headers = {"Content-Type": "application/json", **fault.headers}
    headers["Content-Length"] = str(len(body))
    start(f"{fault.status} Ordered", list(headers.items()))
    return [body]
