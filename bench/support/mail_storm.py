"""A worker that sends mail is killed and started again in the middle of it; a mail server writes down who got what."""

import random
import subprocess
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

from bench.support.figures import say
from bench.support.fleet import end_leases
from bench.support.processes import kill, resident, start
from plugin.db import Database
from plugin.deliveries.store import delivery
from plugin.people.store import person

PATIENCE = 0.6  # seconds for each of the mails, before what is left is called lost


@dataclass
class Sent:
    """What the mail server wrote down. *memory*: what the worker held, in bytes, by how many mails had arrived."""

    file: Path
    seconds: float = 0
    unsure: set[str] = field(default_factory=set)
    memory: list[tuple[int, int]] = field(default_factory=list)

    @property
    def number(self) -> int:
        return self.file.read_bytes().count(b"\n") if self.file.exists() else 0

    @property
    def got(self) -> "Counter[str]":
        lines = self.file.read_text("utf-8").splitlines() if self.file.exists() else []
        return Counter(line.split("\t")[0] for line in lines)


class Worker:
    """One program, killed and started again."""

    def __init__(self, command: list[str], chosen: Mapping[str, str], log: Path) -> None:
        self._command, self._chosen, self._log = command, chosen, log
        self.program: subprocess.Popen[bytes] = start(command, chosen, log)

    def harm(self, database: Database, dice: random.Random) -> None:
        kill(self.program)
        time.sleep(dice.uniform(0, 0.3))
        end_leases(database)
        self.program = start(self._command, self._chosen, self._log)

    def look(self, sent: Sent) -> int:
        """How many mails have arrived; the worker's memory is noted."""
        number = sent.number
        sent.memory.append((number, resident(self.program)))
        return number


@contextmanager
def working(command: list[str], chosen: Mapping[str, str], log: Path) -> Iterator[Worker]:
    worker = Worker(command, chosen, log)
    try:
        yield worker
    finally:
        kill(worker.program)


def kill_by_shares(
    worker: Worker, database: Database, sent: Sent, mails: int, kills: int, dice: random.Random
) -> None:
    """Each when another share of the mails has arrived."""
    over = time.monotonic() + PATIENCE * mails + 60
    for number in range(1, kills + 1):
        while worker.look(sent) < mails * number // (kills + 1):
            if time.monotonic() > over:
                return
            time.sleep(0.05)
        time.sleep(dice.uniform(0, 0.02))
        worker.harm(database, dice)


def unsure(database: Database) -> set[str]:
    """The addresses of those of whom nobody knows whether they got theirs."""
    query = (
        sa.select(person.c.email)
        .join(delivery, delivery.c.subject == person.c.id)
        .where(delivery.c.state == "unsure")
    )
    with database.read() as connection:
        return set(connection.scalars(query))


def told(kind: str, what: str, people: Sequence[str], sent: Sent, kills: int, left: int) -> int:
    """Prints what became of *people*, by their addresses; how many got two mails or none."""
    got = sent.got
    doubles = [address for address in people if got[address] > 1]
    lost = [address for address in people if not got[address] and address not in sent.unsure]
    say(f"{kind}: {what}, kills of the worker", f"{len(people)}, {kills}")
    say(f"{kind}: still queued", f"{left}", "0")
    say(f"{kind}: doubles", f"{len(doubles)}", "0")
    say(f"{kind}: lost", f"{len(lost)}", "0")
    say(f"{kind}: unsure", f"{len(sent.unsure)} ({len(sent.unsure) / len(people):.2%})", "0.1 %")
    say(f"{kind}: of the unsure, arrived", f"{sum(1 for a in sent.unsure if got[a])}")
    say(f"{kind}: mails a second, starts included", f"{sum(got.values()) / sent.seconds:.0f}")
    return len(doubles) + len(lost)
