"""Signs of life of the workers, by the database's clock."""

import time
from datetime import timedelta

import sqlalchemy as sa

from plugin.db import Database
from plugin.deliveries.leases import database_time
from plugin.deliveries.store import worker

EVERY = 5.0
FORGOTTEN = timedelta(hours=1)  # a worker that was killed leaves its row


class Heart:
    """Beats for one worker thread, at most every five seconds."""

    def __init__(self, database: Database, worker_id: str) -> None:
        self._database = database
        self._id = worker_id
        self._last: float | None = None

    def beat(self) -> None:
        if self._last is not None and time.monotonic() - self._last < EVERY:
            return
        with self._database.write() as connection:
            now = database_time(connection)
            mine = worker.c.id == self._id
            if not connection.execute(worker.update().where(mine).values(beat_at=now)).rowcount:
                connection.execute(worker.insert().values(id=self._id, started_at=now, beat_at=now))
                connection.execute(worker.delete().where(worker.c.beat_at < now - FORGOTTEN))
        self._last = time.monotonic()

    def stop(self) -> None:
        """A worker that ends in order is not missed."""
        with self._database.write() as connection:
            connection.execute(sa.delete(worker).where(worker.c.id == self._id))
