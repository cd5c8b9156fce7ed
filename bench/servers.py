"""Which production server: ``python -m bench.servers [--database sqlite|postgresql] [--processes N]``.

Each candidate serves the bare route (bench/support/bare.py) with 16 threads. One run, candidates by turns;
figures are medians over the rounds, ratios are against gunicorn with threads, the one in use. Processor time
says more than the rate where the machine is shared. Also told: of 16 requests in hand when SIGTERM comes, how
many are answered, and after how long the server is gone; whether it answers again after its process was killed
with -9, and whether anything of it serves on when the first process was killed (on SQLite, where one process
writes, that would be a second writer beside the restarted one).

The others are installed for this bench only: ``pip install --group bench``.
"""

import argparse
import importlib.util
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import partial

from bench.support import bare
from bench.support.contest import Side, at_half, flat_out
from bench.support.databases import KINDS, fresh
from bench.support.figures import say, spread
from bench.support.load import Loader
from bench.support.processes import children, free_port, python, running, stop
from bench.support.requests import Counter, bare_requests, slow_request

THREADS = 16
APP = "bench.support.bare:app"
CHEROOT = """
import signal, sys
from cheroot.wsgi import Server
from bench.support.bare import app
server = Server(("127.0.0.1", int(sys.argv[1])), app(), numthreads=16, timeout=75)
server.keep_alive_conn_limit = 1000
signal.signal(signal.SIGTERM, lambda *_: sys.exit())
try:
    server.start()
finally:
    server.stop()
"""

Command = Callable[[int, int], list[str]]


def gunicorn(port: int, processes: int) -> list[str]:
    chosen = [
        "-k",
        "gthread",
        "--threads",
        f"{THREADS}",
        "--keep-alive",
        "75",
        "-w",
        f"{processes}",
    ]
    return python("-m", "gunicorn", "-b", f"127.0.0.1:{port}", *chosen, f"{APP}()")


def granian(port: int, processes: int) -> list[str]:
    chosen = [
        "--interface",
        "wsgi",
        "--http",
        "1",
        "--no-ws",
        "--factory",
        "--respawn-failed-workers",
    ]
    sizes = ["--workers", f"{processes}", "--blocking-threads", f"{THREADS}"]
    return python("-m", "granian", "--port", f"{port}", *chosen, *sizes, APP)


def waitress(port: int, processes: int) -> list[str]:
    return python(
        "-m", "waitress", f"--listen=127.0.0.1:{port}", f"--threads={THREADS}", "--call", APP
    )


def cheroot(port: int, processes: int) -> list[str]:
    return python("-c", CHEROOT, f"{port}")


CANDIDATES: dict[str, Command] = {
    "gunicorn": gunicorn,
    "granian": granian,
    "waitress": waitress,
    "cheroot": cheroot,
}
SEVERAL = ("gunicorn", "granian")  # candidates that have more than one process


def main(arguments: Sequence[str] | None = None) -> None:
    args = _parser().parse_args(arguments)
    found = [
        n
        for n in CANDIDATES
        if importlib.util.find_spec(n) and (args.processes == 1 or n in SEVERAL)
    ]
    for name in CANDIDATES.keys() - set(found):
        say(f"{name}", "left out", "not installed, or has one process only")
    with fresh(args.database) as url, ExitStack() as stack, Loader() as loader:
        bare.prepare(url)
        counter = Counter()
        sides = []
        for name in found:
            port = free_port()
            command = CANDIDATES[name](port, args.processes)
            program = stack.enter_context(running(command, port, {"BENCH_DATABASE": url}))
            sides.append(Side(name, port, program, partial(bare_requests, counter)))
        compare(sides, loader, args)
    for name in found:
        with fresh(args.database) as url:
            bare.prepare(url)
            survive(name, url)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--database", choices=KINDS, default="sqlite")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--requests", type=int, default=3000)
    parser.add_argument("--connections", type=int, default=32)
    return parser


def compare(sides: Sequence[Side], loader: Loader, args: argparse.Namespace) -> None:
    how = {"rounds": args.rounds, "connections": args.connections}
    flat_out(sides, loader, count=args.requests, **how)
    base = sides[0]
    half = at_half(sides, base, loader, count=args.requests // 2, **how)
    for side in sides:
        name = side.name
        say(f"{name}: answers per second", spread(side.rates))
        ratios = [mine / its for mine, its in zip(side.rates, base.rates, strict=True)]
        say(f"{name}: rate as a multiple of {base.name}'s", spread(ratios, 2))
        say(f"{name}: processor time an answer", spread(side.processor, 2, " ms"))
        for share in (0.5, 0.99):
            what = f"{name}: p{share * 100:.0f} at {half:.0f}/s"
            say(what, spread(side.percentiles(share), 1, " ms"))


def survive(name: str, url: str) -> None:
    """What becomes of requests in hand at SIGTERM, and of the server when its processes are killed."""
    with _serving(name, url) as (port, program):
        if several := _kill_children(program):
            say(f"{name}: after kill -9 of its process answers again", _answers(port))
            for _ in range(2):
                time.sleep(1)
                _kill_children(program)
            say(f"{name}: after two more within 2 s", _answers(port), "answers")
        else:
            say(f"{name}: after kill -9 of its process", "stays away", "answers")
    with _serving(name, url) as (port, program):
        if several:
            program.kill()
            time.sleep(3)
            alive = _answers(port, 1) != "no"
            say(
                f"{name}: after kill -9 of its first process",
                "serves on" if alive else "is gone",
                "is gone",
            )
    with _serving(name, url) as (port, program):
        waiting = [_send(port, slow_request()) for _ in range(THREADS)]
        time.sleep(0.3)
        took = stop(program)
        answered = sum(_received(one) for one in waiting)
    say(f"{name}: of {THREADS} in hand at SIGTERM answered", f"{answered}", f"{THREADS}")
    say(f"{name}: gone after SIGTERM within", f"{took:.1f} s", "10 s")


@contextmanager
def _serving(name: str, url: str) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    port = free_port()
    with running(CANDIDATES[name](port, 1), port, {"BENCH_DATABASE": url}) as program:
        _answers(port)
        yield port, program


def _kill_children(program: subprocess.Popen[bytes]) -> list[int]:
    found = children(program.pid)
    for child in found:
        os.kill(child, signal.SIGKILL)
    return found


def _answers(port: int, seconds: float = 10) -> str:
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        with suppress(OSError):
            if _received(_send(port, slow_request(0))):
                return f"after {time.monotonic() - began:.1f} s"
        time.sleep(0.1)
    return "no"


def _send(port: int, request: bytes) -> socket.socket:
    made = socket.create_connection(("127.0.0.1", port), timeout=15)
    made.sendall(request)
    return made


def _received(connection: socket.socket) -> bool:
    with connection, suppress(OSError):
        return connection.recv(100).startswith(b"HTTP/1.1 200")
    return False


if __name__ == "__main__":
    main()
