"""Load on an HTTP server, from a process of its own: raw sockets kept open, every latency measured.

Closed: each connection sends its next request as soon as it has its answer. Paced: requests are sent at
times fixed beforehand, and waited for from those times, so that a stall counts for all it holds up.
"""

import multiprocessing
import selectors
import socket
import time
from collections import Counter, deque
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field


@dataclass
class Outcome:
    """What one run saw: seconds in all, a latency in seconds per answer, answers by status."""

    seconds: float
    latencies: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    @property
    def rate(self) -> float:
        return len(self.latencies) / self.seconds

    def percentile(self, share: float) -> float:
        """In milliseconds."""
        ordered = sorted(self.latencies)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class Loader:
    """Use as a context manager: the process that sends is started once."""

    def __enter__(self) -> "Loader":
        self._pool = ProcessPoolExecutor(1, multiprocessing.get_context("spawn"))
        return self

    def __exit__(self, *error: object) -> None:
        self._pool.shutdown()

    def offer(
        self,
        port: int,
        requests: Sequence[bytes],
        *,
        connections: int = 32,
        rate: float | None = None,
        seconds: float = 120,
    ) -> Outcome:
        """Sends all *requests*, paced at *rate* a second if given; raises ``TimeoutError`` after *seconds*."""
        return self._pool.submit(_offer, port, requests, connections, rate, seconds).result()


class _Connection:
    def __init__(self, port: int) -> None:
        self.port = port
        self.socket = self._connected()
        self.since = 0.0
        self.received = b""
        self.leaving = False

    def _connected(self) -> socket.socket:
        made = socket.create_connection(("127.0.0.1", self.port))
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return made

    def renew(self) -> None:
        """The server said that it closes this one."""
        self.socket.close()
        self.socket, self.leaving = self._connected(), False

    def send(self, request: bytes, since: float) -> None:
        self.since, self.received = since, b""
        self.socket.sendall(request)

    def status(self) -> int | None:
        """Reads what is there; the status once the answer is whole."""
        piece = self.socket.recv(65536)
        if not piece:
            raise ConnectionResetError("The server closed a connection that was kept open.")
        self.received += piece
        head, found, body = self.received.partition(b"\r\n\r\n")
        if not found or len(body) < _length(head):
            return None
        self.leaving = b"connection: close" in head.lower()
        return int(head[9:12])


def _length(head: bytes) -> int:
    lowered = head.lower()
    at = lowered.find(b"content-length:")
    return 0 if at < 0 else int(lowered[at + 15 :].split(b"\r\n", 1)[0])


def _offer(
    port: int, requests: Sequence[bytes], connections: int, rate: float | None, seconds: float
) -> Outcome:
    free = deque(_Connection(port) for _ in range(connections))
    everyone = list(free)
    run = _Run(requests, free, rate)
    try:
        return run.until(time.perf_counter() + seconds)
    finally:
        for connection in everyone:
            connection.socket.close()


class _Run:
    def __init__(
        self, requests: Sequence[bytes], free: deque[_Connection], rate: float | None
    ) -> None:
        self._requests, self._free = requests, free
        self._pause = 0.0 if rate is None else 1 / rate
        self._next = 0
        self._selector = selectors.DefaultSelector()
        for connection in free:
            self._selector.register(connection.socket, selectors.EVENT_READ, connection)
        self._began = time.perf_counter()
        self._outcome = Outcome(0.0)

    def until(self, deadline: float) -> Outcome:
        while len(self._outcome.latencies) < len(self._requests):
            if time.perf_counter() > deadline:
                raise TimeoutError(f"{len(self._outcome.latencies)} of {len(self._requests)}")
            self._send()
            for key, _ in self._selector.select(self._wait()):
                self._receive(key.data)
        self._outcome.seconds = time.perf_counter() - self._began
        return self._outcome

    def _send(self) -> None:
        while self._free and self._next < len(self._requests):
            now = time.perf_counter()
            due = self._due() if self._pause else now
            if due > now:
                return
            self._free.popleft().send(self._requests[self._next], due)
            self._next += 1

    def _due(self) -> float:
        return self._began + self._next * self._pause

    def _wait(self) -> float:
        if self._pause and self._free and self._next < len(self._requests):
            return max(0.0, self._due() - time.perf_counter())
        return 1.0

    def _receive(self, connection: _Connection) -> None:
        status = connection.status()
        if status is not None:
            self._outcome.latencies.append(time.perf_counter() - connection.since)
            self._outcome.statuses[status] += 1
            if connection.leaving:
                self._selector.unregister(connection.socket)
                connection.renew()
                self._selector.register(connection.socket, selectors.EVENT_READ, connection)
            self._free.append(connection)
