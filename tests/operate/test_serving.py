"""The server itself: what it says to requests that are hardly any, and what its log keeps of them."""

import json
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPResponse
from pathlib import Path
from subprocess import Popen
from threading import Thread
from urllib.request import urlopen

import pytest

from tests.support.ports import free
from tests.support.programs import started

TOKEN = "MDFtODA4dnQ4bTQycGNmbXAxdDR4eThoc2oK.a-token-of-somebody"
POST = (
    b"POST /api/v1/answers HTTP/1.1\r\nHost: nps.test\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n"
)


@dataclass
class Server:
    process: "Popen[str]"
    port: int
    folder: Path

    def says(self, request: bytes) -> tuple[int, dict[str, str]]:
        """The reply's status and problem to *request* exactly as it is."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=20) as connection:
            connection.sendall(request)
            reply = HTTPResponse(connection)
            reply.begin()
            assert reply.headers.get_content_type() == "application/problem+json"
            return reply.status, json.loads(reply.read())

    def is_alive(self) -> None:
        with urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=25) as reply:
            assert reply.status == 200

    def stopped(self) -> str:
        """What it logged, once it has ended."""
        self.process.terminate()
        return self.process.communicate(timeout=20)[1]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory):
    port, folder = free(1), tmp_path_factory.mktemp("serving")
    settings = {"ENV": "test", "BASE_URL": f"http://127.0.0.1:{port}"}
    with started("serve", "--port", str(port), cwd=folder, **settings) as process:
        _wait_for(port)
        yield Server(process, port, folder)


def _wait_for(port: int) -> None:
    ends = time.monotonic() + 30
    while time.monotonic() < ends:
        try:
            urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the server did not start")


def chunked(body: bytes) -> bytes:
    return POST + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)


def test_a_body_in_chunks_has_the_same_limit(server):
    long = b"token=x&score=3&evidence=" + b"e" * 20_000

    assert server.says(chunked(long))[1]["code"] == "body_too_large"
    assert server.says(chunked(long[:16_384]))[1]["code"] == "link_invalid"


def test_chunks_that_cannot_be_read_are_the_clients_mistake(server):
    status, problem = server.says(POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n")

    assert (status, problem["code"]) == (400, "body_malformed")


@pytest.mark.parametrize("host", [b"..", b"x" * 64 + b".example", b"["])
def test_a_host_that_cannot_be_is_none_of_our_business(server, host):
    asked = b"GET /api/v1/nps HTTP/1.1\r\nHost: " + host + b"\r\n\r\n"
    assert server.says(asked)[1]["code"] == "unauthenticated"


def test_clients_that_never_come_to_an_end_do_not_keep_the_others_out(server):
    with _connected(server, 16, POST + b"Content-Length: 100\r\n\r\nscore") as slow:
        began, answered = time.monotonic(), Thread(target=server.is_alive)
        answered.start()
        while answered.is_alive() and time.monotonic() - began < 25:
            for connection in slow:
                with suppress(OSError):
                    connection.send(b"=")
            answered.join(0.3)
        assert not answered.is_alive()


@pytest.mark.parametrize("sent", [b"", b"GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n"])
def test_who_says_nothing_or_does_not_hang_up_keeps_nobody_waiting(server, sent):
    with _connected(server, 17, sent):
        began = time.monotonic()
        server.is_alive()
        assert time.monotonic() - began < 2


@contextmanager
def _connected(server: Server, many: int, sent: bytes) -> Iterator[list[socket.socket]]:
    with ExitStack() as open_:
        clients = [socket.create_connection(("127.0.0.1", server.port), 20) for _ in range(many)]
        for client in clients:
            open_.enter_context(client).sendall(sent)
        yield clients


def test_what_cannot_be_read_is_refused_in_our_words_and_its_text_is_not_logged(server):
    """The last one here: it ends the server, and reads what it logged of all that was asked of it."""
    asked = f"/s/{TOKEN}".encode()

    assert server.says(b"GET " + asked + b" x HTTP/1.1\r\n\r\n")[1]["code"] == "body_malformed"
    assert server.says(b"GET " + asked + b"\x00 HTTP/9\r\n\r\n")[0] == 400
    assert server.says(b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\n\r\n")[1]["code"] == "body_too_large"
    assert server.says(b"GET / HTTP/1.1\r\nX: " + b"a" * 20_000 + b"\r\n\r\n")[0] == 413
    two = POST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n"
    assert server.says(two)[1]["code"] == "body_malformed"
    with _connected(server, 1, b"POST /u/x HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n") as _:
        time.sleep(0.1)
        logged = server.stopped()
    assert "/u/<token>" in logged, "who had not asked to the end was told so, and kept nobody"
    assert "unreadable" in logged
    assert TOKEN not in logged
    assert "127.0.0.1" not in logged
    told = [json.loads(line)["event"] for line in logged.splitlines()]
    assert (told[:2], told[-2:]) == (
        ["worker_started", "web_started"],
        ["worker_ended", "web_ended"],
    )
    assert [kept.name for kept in server.folder.glob("instance/*.db*")] == ["gensvar.db"]
