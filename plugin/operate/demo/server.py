"""``gensvar serve`` as a process of its own, as it runs in production."""

import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import requests

from plugin.config import BadSetting

STARTS_WITHIN = 30.0
STOPS_WITHIN = 10.0
PAUSE = 0.1


class DidNotStart(BadSetting):
    """The web did not come up; the message holds its last words."""


@contextmanager
def served(
    port: int, environment: Mapping[str, str], log: Path
) -> Iterator["subprocess.Popen[bytes]"]:
    """Web and worker on 127.0.0.1:*port*, from ready to stopped. Raises ``DidNotStart``."""
    command = [sys.executable, "-m", "plugin.operate.demo.web", str(port)]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is for us: we stop it in order
        )
        try:
            _await(process, f"http://127.0.0.1:{port}/healthz", log)
            yield process
        finally:
            _stop(process)


def _await(process: "subprocess.Popen[bytes]", url: str, log: Path) -> None:
    ends = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < ends and process.poll() is None:
        try:
            if requests.get(url, timeout=1).ok:
                return
        except requests.RequestException:
            time.sleep(PAUSE)
    words = log.read_text("utf-8", "replace").strip().splitlines()[-5:]
    raise DidNotStart("The web did not start. Its last words:\n" + "\n".join(words))


def _stop(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(STOPS_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
