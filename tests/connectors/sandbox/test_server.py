"""The sandboxes' own HTTP server."""

import socket
import time
from collections.abc import Iterable
from typing import Any

from connectors.sandbox.server import HOST, LocalServer


def answers(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
    start("200 OK", [("Content-Length", "2")])
    return [b"ok"]


def test_it_comes_back_on_the_same_port_at_once() -> None:
    """A connection that it closed itself is remembered by the system for a minute."""
    first = LocalServer(answers)
    first.start()
    with socket.create_connection((HOST, first.port)) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        while client.recv(1000):
            pass
    first.stop()
    again = LocalServer(answers, first.port)
    again.start()
    again.stop()


def test_it_ends_at_once_when_told() -> None:
    """And not when the wait for it is over, after five seconds."""
    server = LocalServer(answers)
    server.start()
    began = time.monotonic()
    server.stop()
    assert time.monotonic() - began < 2
