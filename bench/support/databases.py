"""A fresh database of either kind, as durable as in production."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from plugin.db import Database
from plugin.revisions import migrate
from tools import postgres

KINDS = ("sqlite", "postgresql")


@contextmanager
def fresh(kind: str) -> Iterator[str]:
    """The address of a migrated, empty database."""
    if kind == "sqlite":
        with tempfile.TemporaryDirectory(prefix="gensvar-bench-") as home:
            url = f"sqlite:///{Path(home) / 'gensvar.db'}"
            migrate(url)
            yield url
    else:
        with postgres.cluster(durable=True) as server:
            url = server.create_database("bench")
            migrate(url)
            yield url


def settle(database: Database) -> None:
    """What both do by themselves in time."""
    if database.embedded:
        database.checkpoint()
        return
    with database.engine.connect() as connection:
        connection = connection.execution_options(isolation_level="AUTOCOMMIT")
        connection.exec_driver_sql("VACUUM ANALYZE")
        connection.exec_driver_sql("CHECKPOINT")


def analyze(database: Database) -> None:
    """What PostgreSQL does by itself within a minute: until then it goes by plans made for empty tables."""
    if not database.embedded:
        with database.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("ANALYZE")
