"""The database: is it there, is it ours, is it of this version, and does its clock agree."""

from collections.abc import Iterator
from pathlib import Path
from shutil import disk_usage

import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from plugin.clock import Clock
from plugin.config import Settings
from plugin.db import Database, meta, now_ms
from plugin.operate.doctor.finding import Finding, bad, look, ok
from plugin.operate.doctor.trouble import trouble
from plugin.revisions import revision

NOTICEABLE, TOO_MUCH = 2.0, 30.0  # seconds between two clocks
MB = 2**20
LITTLE = 200 * MB
MIGRATE = "Run `gensvar migrate`."


def missing(settings: Settings) -> Finding | None:
    """Whether the embedded database is yet to be made; opening it would make it."""
    file = make_url(settings.database_url).database
    if not settings.embedded or not file or Path(file).exists():
        return None
    return bad("database", f"There is none yet at {file}.", "`gensvar serve` makes it.")


def database(settings: Settings, opened: Database) -> list[Finding]:
    """Nothing is migrated by looking."""
    try:
        found = _database(settings, opened)
        with opened.write() as connection:  # one that can only be read has looked well so far
            connection.execute(meta.delete().where(meta.c.key == ""))
    except SQLAlchemyError as error:
        return [trouble(error)]
    return found


def _database(settings: Settings, opened: Database) -> list[Finding]:
    current, ours = revision(opened)
    if current is None:
        return [bad("database", "It is empty.", MIGRATE)]
    if current != ours:
        words = f"It is at revision {current}, this version needs {ours}."
        newer = "If another version of Gensvar migrated it, install that one or a newer one."
        return [bad("database", words, f"{MIGRATE} {newer}")]
    kind = "SQLite" if opened.embedded else "PostgreSQL"
    return [_mode(settings, opened, f"{kind}, revision {current}"), _clock(opened), *_room(opened)]


def _room(opened: Database) -> Iterator[Finding]:
    """On the disk of the embedded database; that of a server is not ours to see."""
    if opened.embedded and opened.url.database:
        left = disk_usage(Path(opened.url.database).parent).free
        if left < LITTLE:
            words = f"{left // MB} MB are left where {opened.url.database} is."
            yield bad("disk", words, "Make room: on a full disk no answer is stored.")


def _mode(settings: Settings, opened: Database, words: str) -> Finding:
    with opened.read() as connection:
        made_in = connection.scalar(sa.select(meta.c.value).where(meta.c.key == "env"))
    if made_in not in (None, settings.env):
        return bad(
            "database",
            f"{words}; it was made with GENSVAR_ENV={made_in}, and the mode is now {settings.env}.",
            "Use the mode it was made in, or another GENSVAR_DATABASE_URL.",
        )
    return ok("database", f"{words}, mode {made_in or settings.env}")


def _clock(opened: Database) -> Finding:
    clock = Clock(1)
    with opened.read() as connection:
        before = clock.now().timestamp()
        theirs = connection.execute(sa.select(now_ms())).scalar_one() / 1000
        after = clock.now().timestamp()
    apart = max(before - theirs, theirs - after, 0.0)
    words = f"{apart:.1f} s from the database's"
    if apart >= TOO_MUCH:
        return bad("clock", words, "Set this host's clock (NTP): links and sign-ins go by it.")
    return (
        look("clock", words, "Let NTP keep both clocks.")
        if apart >= NOTICEABLE
        else ok("clock", words)
    )
