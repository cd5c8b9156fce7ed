"""Real worker processes that are killed, paused and told to stop; effects counted on the other side."""

import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from plugin.db import Database
from plugin.deliveries.actions import Owed, ensure_lane, owe
from plugin.deliveries.store import delivery, lane
from tests.deliveries.effects import Effects

ROOT = Path(__file__).parents[2]


class World:
    def __init__(self, url: str, folder: Path) -> None:
        self.url = url
        self.file = folder / "effects.db"
        self.log = folder / "log"
        self.effects = Effects(self.file)
        self.database = Database(url)
        self.processes: list[subprocess.Popen[bytes]] = []

    def owe(self, number: int, *, lanes: int = 1, subjects: int = 0, poisoned: int = 0) -> None:
        """*number* effects, in turn on each lane; with *subjects* given, several per subject, numbered."""
        now = datetime.now(UTC)
        spoiled = {n * (number // poisoned) for n in range(poisoned)} if poisoned else set()
        with self.database.write() as connection:
            for n in range(lanes):
                ensure_lane(connection, f"lane{n}", 500)
            owe(
                connection,
                [effect(n, lanes, subjects, n in spoiled, now) for n in range(number)],
                now,
            )

    def start(self, **options: Any) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "tests.deliveries.process", self.url, str(self.file)]
        given = [f"{name}={value}" for name, value in options.items()]
        with self.log.open("ab") as log:
            process = subprocess.Popen([*command, *given], cwd=ROOT, stdout=log)
        self.processes.append(process)
        return process

    def states(self) -> dict[str, int]:
        counted = sa.select(delivery.c.state, sa.func.count()).group_by(delivery.c.state)
        with self.database.read() as connection:
            return dict(connection.execute(counted).all())

    def drained(self) -> bool:
        return "queued" not in self.states()

    def until(self, reached: Callable[[], bool], within: float = 30) -> None:
        end = time.monotonic() + within
        while not reached():
            assert time.monotonic() < end, f"{self.states()} after {within} s"
            time.sleep(0.02)

    def out_of_order(self) -> list[tuple]:
        return self.effects.all(
            "SELECT a.key, b.key FROM effect a JOIN effect b"
            " ON a.subject = b.subject AND a.n < b.n AND a.seq > b.seq"
        )

    def overlapping(self) -> list[tuple]:
        return self.effects.all(
            "SELECT a.lane, a.by, b.by FROM call a JOIN call b"
            " ON a.lane = b.lane AND a.rowid < b.rowid AND a.began < b.ended AND b.began < a.ended"
        )

    def end(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                process.kill()
                process.wait()
        self.effects.close()
        self.database.close()


def effect(n: int, lanes: int, subjects: int, poisoned: bool, now: datetime) -> Owed:
    key = f"poison{n}" if poisoned else f"key{n}"
    subject = f"s{n % subjects}" if subjects else f"s{n}"
    lane_id = f"lane{(n % subjects if subjects else n) % lanes}"
    return Owed(lane_id, "note", key, key, subject, {"n": n}, now)


@pytest.fixture
def world(database_url: str, tmp_path: Path) -> Iterator[World]:
    made = World(database_url, tmp_path)
    yield made
    made.end()


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_worker_killed_in_a_call_doubles_and_loses_nothing(world: World, when: str) -> None:
    world.owe(60, subjects=20)
    killed = world.start(signal="SIGKILL", call=2, when=when)
    assert killed.wait(20) == -signal.SIGKILL
    written = world.effects.count()
    assert written == (20 if when == "before" else 40)
    assert world.states() == {"delivered": 20, "queued": 40}
    world.start()
    world.until(world.drained)
    assert (world.effects.count(), world.effects.count("doubled")) == (60, 0)
    assert world.out_of_order() == []


def test_a_worker_paused_beyond_its_lease_records_nothing(world: World) -> None:
    world.owe(40, subjects=20)
    paused = world.start(signal="SIGSTOP", call=1)
    world.until(lambda: world.effects.count("call") == 1)
    other = world.start()
    world.until(world.drained)
    paused.send_signal(signal.SIGCONT)
    world.until(lambda: b"lease_lost" in world.log.read_bytes())
    with world.database.read() as connection:
        proofs = set(connection.scalars(sa.select(delivery.c.proof)))
    assert proofs == {str(other.pid)}
    assert (world.effects.count(), world.effects.count("doubled")) == (40, 0)
    assert paused.poll() is None


def test_kills_at_random_with_poisoned_rows_among_many(world: World) -> None:
    """Three workers at once: processes on PostgreSQL, threads of the one process on SQLite."""
    chance = random.Random(4711)
    world.owe(800, lanes=4, subjects=200, poisoned=8)
    options = {"workers": 3, "lasts": 0.01} if world.database.embedded else {"lasts": 0.01}
    hands = [world.start(**options) for _ in range(1 if world.database.embedded else 3)]
    for _ in range(5):
        time.sleep(chance.uniform(0.3, 0.9))
        chosen = chance.randrange(len(hands))
        hands[chosen].kill()
        hands[chosen].wait()
        hands[chosen] = world.start(**options)
    world.until(world.drained, 60)
    assert world.states() == {"delivered": 792, "parked": 8}
    assert (world.effects.count(), world.effects.count("doubled")) == (792, 0)
    assert world.out_of_order() == []


def test_several_workers_share_the_lanes_and_never_one_lane(world: World) -> None:
    world.owe(400, lanes=4, subjects=100)
    if world.database.embedded:
        world.start(workers=3, lasts=0.03)
    else:
        for _ in range(3):
            world.start(lasts=0.03)
    world.until(world.drained)
    assert world.overlapping() == []
    assert (world.effects.count(), world.effects.count("doubled")) == (400, 0)
    assert world.out_of_order() == []


def test_told_to_stop_it_finishes_the_call_in_hand_and_gives_the_lane_back(world: World) -> None:
    world.owe(60)
    process = world.start(lasts=0.7)
    world.until(lambda: world.effects.count() == 20)
    began = time.monotonic()
    process.terminate()
    assert process.wait(10) == 0
    assert time.monotonic() - began < 3
    with world.database.read() as connection:
        assert connection.execute(sa.select(lane.c.owner)).all() == [(None,)]
        begun = connection.scalar(
            sa.select(sa.func.count()).where(
                delivery.c.started_at.is_not(None), delivery.c.in_doubt
            )
        )
    assert world.states() == {"delivered": 20, "queued": 40}
    assert begun == 0
    assert world.effects.count() == 20
