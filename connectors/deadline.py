"""Sockets that keep a total deadline: connecting, TLS, writes, headers and body together.

A read timeout alone starts anew with each byte, so a server that drips one byte a second holds a
caller for hours. Here each wait is only as long as what is left of the call.
"""

import http.client
import io
import queue
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import Any

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError
from urllib3.util.connection import create_connection

TOTAL = 14.5
CONNECT = 4.0
READ = 12.0
BODY_LIMIT = 32 * 1024 * 1024
WRITE_CHUNK = 16 * 1024  # one TLS record: a slow reader cannot stretch a single send

_ambient: ContextVar[float | None] = ContextVar("deadline", default=None)


@contextmanager
def within(seconds: float = TOTAL, *, fresh: bool = False) -> Iterator[None]:
    """All calls made inside end within *seconds* together.

    An outer ``within`` that ends sooner wins, unless *fresh*.
    """
    ends, outer = time.monotonic() + seconds, _ambient.get()
    mark = _ambient.set(ends if fresh or outer is None else min(ends, outer))
    try:
        yield
    finally:
        _ambient.reset(mark)


class BodyTooLarge(http.client.HTTPException):
    """The answer has more bytes than we are willing to hold."""


class Encoded(http.client.HTTPException):
    """The answer is compressed although we asked for plain bytes: it could unfold to any size."""


class _Reader(io.RawIOBase):
    """The socket as a stream whose waits end with the call; more than *limit* bytes are refused."""

    def __init__(self, sock: socket.socket, conn: "_Deadlined", limit: int) -> None:
        self._sock, self._conn, self._left = sock, conn, limit
        self._raw = sock.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._sock.settimeout(self._conn.wait(READ))
        count: int = self._raw.readinto(buffer) or 0
        self._left -= count
        if self._left < 0:
            raise BodyTooLarge
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Response(http.client.HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, conn: "_Deadlined", **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp.close()
        self.fp = io.BufferedReader(_Reader(sock, conn, conn.body_limit))

    def begin(self) -> None:
        super().begin()
        if self.headers.get("Content-Encoding", "identity") != "identity":
            raise Encoded


class _Deadlined(HTTPConnection):
    """One connection; ``start`` gives the next call its time."""

    ends = float("inf")
    body_limit = BODY_LIMIT

    def start(self, total: float) -> None:
        ambient, ends = _ambient.get(), time.monotonic() + total
        self.ends = ends if ambient is None else min(ends, ambient)
        self.response_class = partial(_Response, conn=self)  # type: ignore[assignment]

    def wait(self, at_most: float) -> float:
        """Seconds the next wait may take; raises ``TimeoutError`` when the call's time is over."""
        left = self.ends - time.monotonic()
        if left <= 0:
            raise TimeoutError("the call's time is over")
        return min(left, at_most)

    def send(self, data: Any) -> None:
        if not isinstance(data, (bytes, bytearray, memoryview)):
            return super().send(data)
        view = memoryview(data)
        for start in range(0, len(view), WRITE_CHUNK):
            if self.sock is not None:
                self.sock.settimeout(self.wait(READ))
            super().send(view[start : start + WRITE_CHUNK])
        return None

    def _new_conn(self) -> socket.socket:
        try:
            return self._dial(resolve(self._dns_host, self.port or 0, self.wait(CONNECT)))
        except socket.gaierror as error:
            raise NameResolutionError(self.host, self, error) from error
        except TimeoutError as error:
            raise ConnectTimeoutError(self, "connecting took too long") from error
        except OSError as error:
            raise NewConnectionError(self, "no connection") from error

    def _dial(self, addresses: list[str]) -> socket.socket:
        failed: OSError = OSError("no address")
        ends = time.monotonic() + CONNECT
        for address in addresses:
            try:
                sock = create_connection(
                    (address, self.port),
                    max(0.1, min(self.wait(CONNECT), ends - time.monotonic())),
                    socket_options=self.socket_options,
                )
            except OSError as error:
                failed = error
                if time.monotonic() > ends:
                    break
            else:
                # The TLS handshake that follows takes its time from here.
                sock.settimeout(self.wait(CONNECT))
                return sock
        raise failed


class _DeadlinedTls(_Deadlined, HTTPSConnection):
    pass


class DeadlinePool(HTTPConnectionPool):
    ConnectionCls = _Deadlined

    def _get_conn(self, timeout: float | None = None) -> Any:
        return _started(super()._get_conn(timeout), self)


class DeadlineTlsPool(HTTPSConnectionPool):
    ConnectionCls = _DeadlinedTls

    def _get_conn(self, timeout: float | None = None) -> Any:
        return _started(super()._get_conn(timeout), self)


def _started(conn: Any, pool: HTTPConnectionPool) -> Any:
    total = pool.timeout.total
    conn.start(min(total, TOTAL) if isinstance(total, int | float) else TOTAL)
    return conn


POOLS = {"http": DeadlinePool, "https": DeadlineTlsPool}


def resolve(host: str, port: int, seconds: float) -> list[str]:
    """The addresses of *host*. The system's resolver knows no timeout: we stop waiting for it."""
    found: queue.SimpleQueue[list[str] | OSError] = queue.SimpleQueue()
    threading.Thread(target=_look_up, args=(host, port, found), daemon=True).start()
    try:
        answer = found.get(timeout=seconds)
    except queue.Empty:
        raise TimeoutError("the name was not resolved in time") from None
    if isinstance(answer, OSError):
        raise answer
    return answer


def _look_up(host: str, port: int, found: "queue.SimpleQueue[list[str] | OSError]") -> None:
    try:
        infos = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
        found.put(list(dict.fromkeys(str(info[4][0]) for info in infos)))
    except OSError as error:
        found.put(error)
