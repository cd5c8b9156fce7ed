"""Answers are written by a process beside the web: what happens when that fails, is killed, or is left alone."""

import json
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
import sqlalchemy as sa

from bench.support.processes import children
from plugin.answers.store import answer, revision
from tests.support.databases import copied
from tests.support.ports import free, is_free
from tests.support.programs import started
from tests.support.surveys import World, settings, world


class Web:
    """`gensvar serve` on the world's database; *scribe* is the process that writes for it."""

    def __init__(self, process: Any, port: int) -> None:
        self.process, self.port = process, port
        wait_until(self.answers)
        (self.server,) = children(process.pid)
        (self.scribe,) = children(self.server)

    def answers(self) -> bool:
        with suppress(OSError), urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5):
            return True
        return False

    def says(self, token: str, score: int) -> tuple[int, dict[str, Any]]:
        request = Request(
            f"http://127.0.0.1:{self.port}/api/v1/answers",
            json.dumps({"token": token, "score": score}).encode(),
            {"Content-Type": "application/json"},
        )
        try:
            with urlopen(request, timeout=20) as reply:
                return reply.status, json.load(reply)
        except HTTPError as error:
            return error.code, json.load(error)


def wait_until(reached: Callable[[], bool]) -> None:
    ends = time.monotonic() + 30
    while not reached():
        assert time.monotonic() < ends
        time.sleep(0.05)


@contextmanager
def web(made: World, folder: Path) -> Iterator[Web]:
    port, chosen = free(1), made.shared.settings
    given = {
        "ENV": chosen.env,
        "DATABASE_URL": chosen.database_url,
        "BASE_URL": f"http://127.0.0.1:{port}",
        "SIGNING_KEYS": chosen.signing_keys[0],
        "ENCRYPTION_KEYS": chosen.encryption_keys[0],
        "LOG_LEVEL": "warning",
    }
    with started("serve", "--port", str(port), "--no-worker", cwd=folder, **given) as process:
        served = Web(process, port)
        try:
            yield served
        finally:
            with suppress(ProcessLookupError):
                os.kill(served.scribe, signal.SIGKILL)


@pytest.fixture
def here(database_url: str) -> Iterator[World]:
    made = world(settings(database_url))
    yield made
    made.shared.database.close()


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"


def test_what_goes_wrong_there_is_said_here_and_an_answer_in_its_hands_is_written_once(
    here: World, tmp_path: Path
) -> None:
    tokens = [here.ask(str(number)) for number in range(3)]
    with web(here, tmp_path) as served:
        here.write(sa.text("ALTER TABLE revision RENAME TO elsewhere"))
        status, problem = served.says(tokens[0], 3)
        assert (status, problem["code"]) == (503, "storage_unavailable")
        here.write(sa.text("ALTER TABLE elsewhere RENAME TO revision"))
        assert served.says(tokens[0], 3)[0] == 201

        os.kill(served.scribe, signal.SIGSTOP)
        replies: list[int] = []
        waiting = threading.Thread(target=lambda: replies.append(served.says(tokens[1], 9)[0]))
        waiting.start()
        waiting.join(0.5)
        assert replies == []
        os.kill(served.scribe, signal.SIGKILL)
        waiting.join(20)
        assert replies == [201]

        assert served.says(tokens[2], 10)[0] == 201
        assert served.says(tokens[0], 4)[0] == 200
        served.process.terminate()
        logged = served.process.communicate(timeout=20)[1]
    assert [json.loads(line)["event"] for line in logged.splitlines()].count("scribe_ended") == 1
    stored = here.rows(sa.select(answer.c.score).order_by(answer.c.score))
    assert [row["score"] for row in stored] == [4, 9, 10]
    assert here.one(sa.select(sa.func.count()).select_from(revision)) == 4


@pytest.mark.sqlite
def test_it_ends_with_the_web_and_keeps_no_port(sqlite_template: Path, tmp_path: Path) -> None:
    made = world(settings(copied(sqlite_template, tmp_path / "gensvar.db")))
    with web(made, tmp_path) as served:
        os.kill(served.scribe, signal.SIGTERM)  # as a terminal or a container tells all of them
        assert served.says(made.ask(), 3)[0] == 201
        assert not gone(served.scribe)
        os.kill(served.scribe, signal.SIGSTOP)
        for pid in (served.process.pid, served.server):
            os.kill(pid, signal.SIGKILL)
        served.process.wait(10)
        wait_until(lambda: is_free(served.port))
        assert not gone(served.scribe)
        os.kill(served.scribe, signal.SIGCONT)
        wait_until(lambda: gone(served.scribe))
    made.shared.database.close()
