"""Programs started for a bench, on free ports of this machine, and ended with it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def python(*arguments: str) -> list[str]:
    return [sys.executable, *arguments]


def gensvar(*arguments: str) -> list[str]:
    """The program as it is installed."""
    return python("-m", "plugin.cli", *arguments)


def start(
    command: Sequence[str], environ: Mapping[str, str] = {}, log: Path | None = None
) -> subprocess.Popen[bytes]:
    """In a session of its own, so that a program and its children can be ended as one. What it prints can be
    read from it, or goes into *log*."""
    with open(os.devnull if log is None else log, "ab") as errors:  # noqa: PTH123
        return subprocess.Popen(
            command,
            env=surroundings(environ),
            cwd=ROOT,
            stdout=subprocess.PIPE if log is None else errors,
            stderr=errors,
            start_new_session=True,
        )


def surroundings(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment of a program: nothing of a Gensvar that the caller may have set up."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("GENSVAR_")}
    paths = os.pathsep.join(filter(None, [str(ROOT), kept.get("PYTHONPATH")]))
    return {**kept, "PYTHONPATH": paths, **environ}


def wait_for(port: int, program: subprocess.Popen[bytes], seconds: float = 30) -> None:
    """Until *port* accepts; raises ``RuntimeError`` when the program ended or takes too long."""
    over = time.monotonic() + seconds
    while time.monotonic() < over:
        if program.poll() is not None:
            raise RuntimeError(f"It ended with {program.returncode}: {program.args!r}")
        with socket.socket() as trying:
            if trying.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise RuntimeError(f"No answer on port {port}: {program.args!r}")


def stop(program: subprocess.Popen[bytes], grace: float = 15) -> float:
    """SIGTERM, then SIGKILL to all that is left of it; the seconds it took to end."""
    began = time.monotonic()
    if program.poll() is None:
        program.terminate()
        try:
            program.wait(grace)
        except subprocess.TimeoutExpired:
            kill(program)
    took = time.monotonic() - began
    kill(program)
    return took


def kill(program: subprocess.Popen[bytes]) -> None:
    """kill -9 to the program and all its children."""
    with suppress(ProcessLookupError):
        os.killpg(program.pid, signal.SIGKILL)
    program.wait()


@contextmanager
def running(
    command: Sequence[str],
    port: int,
    environ: Mapping[str, str] = {},
    log: Path | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    program = start(command, environ, log)
    try:
        wait_for(port, program)
        yield program
    finally:
        stop(program)


def processor_seconds(program: subprocess.Popen[bytes]) -> float:
    """What a program and its living children have used so far."""
    return sum(_used(pid) for pid in _family(program.pid))


def resident(program: subprocess.Popen[bytes]) -> int:
    """Bytes of memory that a program and its living children hold."""
    return sum(_held(pid) for pid in _family(program.pid))


def children(pid: int) -> list[int]:
    """The processes that a process has started and that are alive."""
    with suppress(OSError):
        return [int(c) for c in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def _family(pid: int) -> Iterator[int]:
    yield pid
    for child in children(pid):
        yield from _family(child)


def _used(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _held(pid: int) -> int:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")
