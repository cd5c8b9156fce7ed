"""gunicorn's threads, kept for whoever is asking something.

By itself gunicorn gives a thread to everybody who connects, keeps it for as long as the request goes on coming, and
waits for whoever it lets go in the loop that lets others in: a few clients who mean no harm keep everybody out.
"""

import time
from collections import deque
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from selectors import EVENT_READ
from socket import SHUT_RD, SHUT_WR, socket
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

PATIENCE = 10  # seconds for a first byte, and then for the whole of a request
GOODBYE = 2  # seconds in which a client that was answered may still send what nobody reads
READ_AT_ONCE = 64 * 1024


class Doorman(ThreadWorker):  # type: ignore[misc]
    """Connections wait for their first byte and for their end in the loop, where they cost nothing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._in_hand: dict[Any, float] = {}  # until when each request must have come in
        self._leaving: deque[Any] = deque()

    def enqueue_req(self, conn: Any) -> None:
        """Nobody who has not sent anything yet gets a thread: browsers connect ahead of need."""
        if conn.initialized or conn.data_ready:
            super().enqueue_req(conn)
            return
        asks = partial(self.on_pending_socket_readable, conn)
        self._watch(conn, self.pending_conns, PATIENCE, asks)

    def handle(self, conn: Any) -> Any:
        self._in_hand[conn] = time.monotonic() + PATIENCE
        try:
            return super().handle(conn)
        finally:
            self._in_hand.pop(conn, None)

    def finish_request(self, conn: Any, fs: "Future[Any]") -> None:
        if fs.cancelled() or fs.exception() or fs.result():
            super().finish_request(conn, fs)
            return
        try:
            conn.sock.shutdown(SHUT_WR)
            self._watch(conn, self._leaving, GOODBYE, partial(self._drain, conn))
        except OSError:  # gone already
            self._forget(conn)

    def murder_pending(self) -> None:
        """What the loop does every second at least."""
        super().murder_pending()
        now = time.monotonic()
        for conn, until in self._in_hand.copy().items():
            if until < now:
                with suppress(OSError):  # the answer, if there is one by now, still leaves
                    conn.sock.shutdown(SHUT_RD)
        while self._leaving and self._leaving[0].timeout < now:
            self._part(self._leaving[0])

    def _watch(self, conn: Any, among: "deque[Any]", seconds: float, told: Any) -> None:
        conn.sock.setblocking(False)
        conn.timeout = time.monotonic() + seconds
        self.poller.register(conn.sock, EVENT_READ, told)
        among.append(conn)

    def _drain(self, conn: Any, sock: socket) -> None:
        """To close on unread bytes would tear the answer away from a client who still reads it (RFC 9112, 9.6)."""
        try:
            if not sock.recv(READ_AT_ONCE):
                self._part(conn)
        except BlockingIOError:
            return
        except OSError:
            self._part(conn)

    def _part(self, conn: Any) -> None:
        self._leaving.remove(conn)
        self.poller.unregister(conn.sock)
        self._forget(conn)

    def _forget(self, conn: Any) -> None:
        self.nr_conns -= 1
        conn.close()

    def _cap_keepalive(self, deadline: float) -> None:
        """The worker stops: it does not wait for those who have not asked yet, or not to the end, either."""
        super()._cap_keepalive(deadline)
        for conn in self.pending_conns:
            conn.timeout = min(conn.timeout, deadline)
        for conn, until in self._in_hand.copy().items():
            self._in_hand[conn] = min(until, deadline)
