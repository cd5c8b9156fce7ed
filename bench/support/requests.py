"""Requests as bytes, made before a run, so that making them costs the run nothing."""

from bench.support import bare


class Counter:
    """Numbers that no other request of the bench has; scores follow from them, 0 to 10 alike."""

    def __init__(self) -> None:
        self._next = 0

    def take(self, count: int) -> range:
        first, self._next = self._next, self._next + count
        return range(first, self._next)


def post(path: str, form: str) -> bytes:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(form)}\r\n\r\n"
    )
    return (head + form).encode("ascii")


def bare_requests(counter: Counter, count: int) -> list[bytes]:
    return [post("/bare", bare.body(f"ask-{n}", n % 11)) for n in counter.take(count)]


def slow_request(seconds: float = 1) -> bytes:
    return post("/slow", f"seconds={seconds}")
