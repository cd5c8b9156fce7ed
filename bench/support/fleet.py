"""The programs of one Gensvar, which are killed and started again."""

import os
import random
import signal
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from bench.support.processes import children, gensvar, kill, start, stop, wait_for
from plugin.db import Database
from plugin.deliveries.store import lane


def end_leases(database: Database) -> None:
    """As if the half minute had passed for which a dead worker still holds its lane."""
    with database.write() as connection:
        held = lane.update().where(lane.c.owner.is_not(None))
        connection.execute(held.values(owner=None, lease_until=None))


class Fleet:
    """On SQLite one program; on PostgreSQL a web of two processes and two workers."""

    def __init__(self, database_url: str, port: int, environ: Mapping[str, str], log: Path) -> None:
        self._environ, self._port, self._log = environ, port, log
        self._database = Database(database_url)
        serve = ["serve", "--port", f"{port}"]
        if self._database.embedded:
            self._commands = {"web": gensvar(*serve)}
        else:
            web = gensvar(*serve, "--processes", "2", "--no-worker")
            self._commands = {
                "web": web,
                "worker 1": gensvar("worker"),
                "worker 2": gensvar("worker"),
            }
        self._programs: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> "Fleet":
        self._start(self._commands)
        wait_for(self._port, self._programs["web"], 60)
        return self

    def __exit__(self, *error: object) -> None:
        for program in self._programs.values():
            stop(program)
        self._database.close()

    def harm(self, dice: random.Random, *, patient: bool) -> str:
        """kill -9 to something; what was killed is started again after a moment. What was done, in words."""
        kinds = ["all", "all", "scribes", "one process"] if len(self._commands) == 1 else [
            "all", "web", "workers", "scribes", "one worker", "one process",
        ]  # fmt: skip
        kind = dice.choice(kinds if patient else [k for k in kinds if not k.startswith("one")])
        if kind == "one process":
            return self._kill_process(dice)
        if kind == "scribes":
            return self._kill_scribes()
        names = {
            "all": list(self._commands),
            "web": ["web"],
            "workers": [name for name in self._commands if name != "web"],
            "one worker": [dice.choice(["worker 1", "worker 2"])],
        }[kind]
        for name in names:
            kill(self._programs[name])
        time.sleep(dice.uniform(0, 0.5))
        if kind in ("all", "workers") and not patient:
            end_leases(self._database)
        self._start(names)
        return f"{kind} killed"

    def _kill_process(self, dice: random.Random) -> str:
        """One of the web's processes; the first of them starts another."""
        found = children(self._programs["web"].pid)
        if found:
            _kill(dice.choice(found))
        return "one process killed"

    def _kill_scribes(self) -> str:
        """The web goes on without; they come back when it is started again."""
        for process in children(self._programs["web"].pid):
            for scribe in children(process):
                _kill(scribe)
        return "scribes killed"

    def _start(self, names: "Mapping[str, list[str]] | list[str]") -> None:
        for name in names:
            self._programs[name] = start(self._commands[name], self._environ, self._log)


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
