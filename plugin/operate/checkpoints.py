"""The embedded database's log is brought into its file beside the answers, not in the middle of one.

SQLite by itself does that at the commit that makes the log too long, and keeps whoever committed waiting.
"""

import sqlite3
import threading
from collections.abc import Callable

import structlog
from sqlalchemy.exc import SQLAlchemyError

from plugin.db import Database

log = structlog.get_logger()

PAUSE = 2.0  # seconds


def start_checkpoints(database: Database, pause: float = PAUSE) -> Callable[[], None]:
    """One every *pause* seconds, in a thread of its own; what is returned ends it."""
    over = threading.Event()
    thread = threading.Thread(
        target=_run, args=(database, over, pause), name="checkpoints", daemon=True
    )
    thread.start()

    def stop() -> None:
        over.set()
        thread.join()

    return stop


def _run(database: Database, over: threading.Event, pause: float) -> None:
    while not over.wait(pause):
        try:
            database.checkpoint()
        except (sqlite3.Error, SQLAlchemyError) as error:
            log.warning("checkpoint", error=type(error).__name__)
