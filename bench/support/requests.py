"""Requests as bytes, made before a run, so that making them costs the run nothing."""

from collections.abc import Sequence

from bench.support import bare
from bench.support.settings import HOST_PAGE

COMMENT = "The+people+were+kind%2C+but+it+took+four+days+until+somebody+called+back."


class Counter:
    """Numbers that no other request of the bench has; scores follow from them, 0 to 10 alike."""

    def __init__(self) -> None:
        self._next = 0

    def take(self, count: int) -> range:
        first, self._next = self._next, self._next + count
        return range(first, self._next)


def post(path: str, form: str) -> bytes:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: {HOST_PAGE}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(form)}\r\n\r\n"
    )
    return (head + form).encode("ascii")


def bare_requests(counter: Counter, count: int) -> list[bytes]:
    return [post("/bare", bare.body(f"ask-{n}", n % 11)) for n in counter.take(count)]


def answer_requests(tokens: Sequence[str], numbers: Sequence[int]) -> list[bytes]:
    """What the widget sends."""
    return [
        post("/api/v1/answers", f"token={token}&score={n % 11}&comment={COMMENT}")
        for token, n in zip(tokens, numbers, strict=True)
    ]


def slow_request(seconds: float = 1) -> bytes:
    return post("/slow", f"seconds={seconds}")
