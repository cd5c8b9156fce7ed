"""One PostgreSQL for all processes of a test run: the first that needs it starts it, the run's
first process, which lives longest, stops it."""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import make_url

from tools.postgres import Cluster

TEMPLATE = "migrated"


class Shared:
    def __init__(self, home: Path) -> None:
        self.home = home
        self.cluster = Cluster(home, durable=False)

    def server(self) -> Cluster:
        with self.locked():
            if not self.cluster.running:
                self.cluster.create()
                self.cluster.start()
        return self.cluster

    def template(self) -> str:
        """The name of a migrated database to copy."""
        with self.locked():
            if TEMPLATE not in self.cluster.databases():
                self.migrate()
        return TEMPLATE

    def migrate(self) -> None:
        """Under another name first, so that a half migrated one is never copied."""
        from plugin.revisions import migrate

        with self.cluster.database() as url:
            migrate(url)
            self.cluster.create_database(TEMPLATE, template=str(make_url(url).database))

    def remove(self) -> None:
        if self.cluster.running:
            self.cluster.stop()
        shutil.rmtree(self.home)

    @contextmanager
    def locked(self) -> Iterator[None]:
        with (self.home / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
