"""The worker and what it has before it."""

from collections.abc import Iterator

from plugin.db import Database
from plugin.deliveries import queries
from plugin.numbers import several
from plugin.operate.doctor.finding import Finding, bad, look, ok
from plugin.operate.readiness import OLD_BACKLOG, STALE_WORKER
from plugin.segments import keeping as segments
from plugin.triggers import reading as triggers

START = "Start `gensvar serve` (it has a worker inside) or, on PostgreSQL, `gensvar worker`."


def work(database: Database) -> Iterator[Finding]:
    with database.read() as connection:
        beat = queries.newest_beat_age(connection)
        backlog = queries.backlog_age(connection)
        waiting = sum(lane.waiting for lane in queries.lanes(connection) if lane.due_since)
        off = [row.key for row in triggers.went_off(connection)]
        troubled = sorted(segments.in_trouble(connection))
        parked, unsure = (queries.count(connection, state) for state in ("parked", "unsure"))
    if beat is None:
        yield bad("worker", "None has ever run on this database.", START)
    elif beat > STALE_WORKER:
        yield bad("worker", f"None has been alive for {beat.total_seconds():.0f} s.", START)
    else:
        yield ok("worker", f"alive {max(beat.total_seconds(), 0):.0f} s ago")
    if backlog is not None and backlog > OLD_BACKLOG:
        many = several(waiting, "delivery waits", "deliveries wait")
        words = f"{many}, the oldest for {backlog.total_seconds() / 60:.0f} minutes."
        yield look("backlog", words, "See `gensvar deliveries --state queued` for the reasons.")
    else:
        yield ok("backlog", "nothing is late")
    for state, count in (("parked", parked), ("unsure", unsure)):
        if count:
            do = f"See `gensvar deliveries --state {state}` for the reasons, then `gensvar replay`."
            yield look(state, f"{count} deliveries need a person.", do)
        else:
            yield ok(state, "none")
    if off:
        words = f"Went off by themselves: {', '.join(off)}."
        yield look("triggers", words, "See `gensvar triggers --json` for the reasons.")
    if troubled:
        words = f"Fields or lists cannot be read: {', '.join(troubled)}."
        yield look("segments", words, "The page “Fields and lists” of the segments says why.")
