"""``gensvar migrate``: the database brought to this version, in this mode."""

import argparse

from plugin import config, revisions
from plugin.command import show
from plugin.db import Database, remember_mode
from plugin.revisions import revision


def migrate(args: argparse.Namespace) -> int:
    """Raises ``DatabaseTooNew`` and ``WrongMode``; on another mode's database nothing is changed."""
    settings = config.load()
    database = Database(settings.database_url)
    try:
        before, ours = revision(database)
        if before is not None:
            remember_mode(database, settings.env)
        revisions.migrate(settings.database_url)
        remember_mode(database, settings.env)
    finally:
        database.close()
    words = (
        f"The database is at revision {ours} already."
        if before == ours
        else f"The database is now at revision {ours}; it was {before or 'empty'}."
    )
    show(args, {"before": before, "now": ours, "changed": before != ours}, [words])
    return 0
