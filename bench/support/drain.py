"""Answers that wait in the ledger, and waiting until none does."""

import time
from collections.abc import Sequence

import sqlalchemy as sa

from bench.support import planting
from plugin.answers.actions import Post
from plugin.answers.rules import Submission
from plugin.app import create_app
from plugin.db import Database
from plugin.deliveries.store import delivery
from plugin.services import Services


def answer(shared: Services, installation: str, contacts: Sequence[str], every: int) -> None:
    """Each contact answers once, one in *every* as a detractor; all is due at once."""
    planting.add_touchpoint(shared.database)
    tokens = planting.tokens(shared.database, installation, contacts)
    app = create_app(shared)
    opener, recorder = app.extensions["gensvar.tokens"], app.extensions["gensvar.answers"].recorder
    for number, token in enumerate(tokens):
        score = 3 if number % every == 0 else 9
        said = Submission(token, score, f"Comment number {number}", None)
        recorder.submit(Post(opener.open(token).id, said))
    with shared.database.write() as connection:
        due = delivery.update().where(delivery.c.lane.like("crm:%"))
        connection.execute(due.values(due_at=shared.clock.now()))


def drained(database: Database, seconds: float) -> int:
    """How many deliveries are left when none is queued any more, or after *seconds*."""
    over = time.monotonic() + seconds
    waiting = sa.select(sa.func.count()).where(delivery.c.state == "queued")
    left = 0
    while time.monotonic() < over:
        with database.read() as connection:
            left = connection.scalar(waiting.where(delivery.c.lane.like("crm:%"))) or 0
        if not left:
            return 0
        time.sleep(0.2)
    return left
