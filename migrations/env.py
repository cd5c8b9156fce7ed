"""Alembic's way in: the address comes from whoever migrates, the tables from the rooms."""

from alembic import context

from plugin.db import Database, metadata
from plugin.tables import ROOMS

assert ROOMS, "the rooms' tables must be known to metadata"  # noqa: S101

database = Database(context.config.attributes["url"].render_as_string(hide_password=False))
with database.write() as connection:
    context.configure(
        connection=connection, target_metadata=metadata, render_as_batch=True, compare_type=True
    )
    context.run_migrations()
database.close()
