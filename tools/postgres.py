"""A PostgreSQL of our own for tests and benchmarks, gone when we are done:

    with postgres.cluster() as server:
        url = server.create_database()

`python -m tools.postgres` starts one, prints an address and stops it on Ctrl-C.
It listens on a socket in a directory that only its user can enter: no port, no password.
"""

import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, LiteralString
from uuid import uuid4

import psycopg
from psycopg import sql

from tools import CannotObtain
from tools.postgres_programs import Programs

# For ordinary tests, which lose nothing when the machine loses power.
CARELESS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class Cluster:
    """One server in one directory. Any process that knows the directory may use or stop it."""

    def __init__(self, home: Path, *, durable: bool = True) -> None:
        self.home = home
        self.data = home / "data"
        self.settings = ("listen_addresses=", "max_connections=300", *(() if durable else CARELESS))
        self.programs = Programs(home)

    @property
    def running(self) -> bool:
        return (self.data / "postmaster.pid").exists()

    def create(self) -> None:
        self.programs.prepare()
        self.programs.run(
            "initdb",
            f"--pgdata={self.data}",
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
        )

    def start(self) -> None:
        options = " ".join(f"-c {setting}" for setting in self.settings)
        self.control("start", f"--log={self.home}/log", f"--options=-k {self.home} {options}")

    def stop(self) -> None:
        self.control("stop", "--mode=fast")

    def kill(self) -> None:
        """Ends the server as a lost machine would: without a shutdown."""
        self.control("stop", "--mode=immediate")

    def control(self, verb: str, *arguments: str) -> None:
        self.programs.run("pg_ctl", verb, f"--pgdata={self.data}", "--wait", *arguments)

    def create_database(self, name: str = "", *, template: str = "template1") -> str:
        name = name or f"test_{uuid4().hex}"
        # Copied file by file: through the log, as is usual, it takes seven times as long.
        self.execute("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY", name, template)
        return self.url(name)

    @contextmanager
    def database(self, *, template: str = "template1") -> Iterator[str]:
        """A database for the length of a block; what is still connected to it is cut off."""
        name = f"test_{uuid4().hex}"
        yield self.create_database(name, template=template)
        self.execute("DROP DATABASE {} WITH (FORCE)", name)

    def databases(self) -> list[str]:
        return [name for (name,) in self.execute("SELECT datname FROM pg_database")]

    def execute(self, statement: LiteralString, *names: str) -> list[tuple[Any, ...]]:
        query = sql.SQL(statement).format(*map(sql.Identifier, names))
        address = f"host={self.home} user=postgres dbname=postgres"
        with psycopg.connect(address, autocommit=True) as connection:
            cursor = connection.execute(query)
            return cursor.fetchall() if cursor.description else []

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://postgres@/{name}?host={self.home}"


@contextmanager
def cluster(*, durable: bool = True) -> Iterator[Cluster]:
    with tempfile.TemporaryDirectory(prefix="gensvar-postgres-") as home:
        server = Cluster(Path(home), durable=durable)
        server.create()
        server.start()
        try:
            yield server
        finally:
            if server.running:
                server.stop()


def main() -> None:
    try:
        with cluster() as server, suppress(KeyboardInterrupt):
            print(server.create_database("gensvar"), flush=True)
            signal.pause()
    except CannotObtain as reason:
        sys.exit(str(reason))


if __name__ == "__main__":
    main()
