"""Which version of the program a database is of, and how it is brought to this one."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import sqlalchemy as sa

from plugin.db import Database

MIGRATIONS = Path(__file__).parent.parent / "migrations"

_version = sa.table("alembic_version", sa.column("version_num"))  # Alembic's own


class DatabaseTooNew(Exception):
    """The database was migrated by a newer version of Gensvar."""


@cache
def ours() -> Sequence[str]:
    """The revisions of this version, the newest last: as their files are named, which none needs to load for."""
    return sorted(path.name.split("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def revision(database: Database) -> tuple[str | None, str | None]:
    """The database's revision and ours."""
    with database.read() as connection:
        known = sa.inspect(connection).has_table(_version.name)
        current = connection.scalar(sa.select(_version.c.version_num)) if known else None
    return current, ours()[-1]


def migrate(url: str) -> None:
    """Brings the database to this version; raises ``DatabaseTooNew`` for one that is ahead of it."""
    database = Database(url)
    try:
        current, _ = revision(database)
        if current is not None and current not in ours():
            raise DatabaseTooNew(
                f"The database is at revision {current}, which this version of Gensvar does not know. "
                "Install the version that migrated it, or a newer one."
            )
        upgrade(database.url)
    finally:
        database.close()


def upgrade(url: sa.URL, to: str = "head") -> None:
    """Takes the steps up to *to*. Alembic is loaded here alone: a start that finds nothing to do goes without."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url
    command.upgrade(config, to)
