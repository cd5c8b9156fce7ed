"""What the commands of all rooms share: how they are declared, what they open, how they print."""

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeAlias

from plugin import config, logs
from plugin.db import Database, remember_mode
from plugin.revisions import migrate, revision
from plugin.services import Services

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


class WrongUse(Exception):
    """The command's words do not fit together; exit code 2."""


class OldDatabase(config.BadSetting):
    """The database is behind this version, and this command may not migrate it."""


def add(
    commands: Commands, name: str, words: str, run: Callable[[argparse.Namespace], int | None]
) -> argparse.ArgumentParser:
    """One more command; *words* is its line in the list."""
    command = commands.add_parser(name, help=words, description=words[0].upper() + words[1:] + ".")
    command.set_defaults(run=run)
    return command


def add_json(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="one JSON document on standard output")


@contextmanager
def opened(settings: config.Settings | None = None) -> Iterator[Services]:
    """The services for a command beside a running server: an up-to-date database in this mode."""
    from plugin.wiring import build_services

    settings = settings or config.load()
    logs.configure("warning" if settings.log_level == "info" else settings.log_level)
    prepare(settings)
    shared = build_services(settings)
    try:
        yield shared
    finally:
        shared.database.close()


def prepare(settings: config.Settings) -> None:
    """Migrates the embedded database; an older PostgreSQL is refused (migrations are a decision there)."""
    database = Database(settings.database_url)
    try:
        current, ours = revision(database)
        if current != ours:
            if not settings.embedded and current is not None:
                raise OldDatabase(
                    f"The database is at revision {current}, this version needs {ours}. "
                    "Run `gensvar migrate` once, then start again."
                )
            migrate(settings.database_url)
        remember_mode(database, settings.env)
    finally:
        database.close()


def show(args: argparse.Namespace, document: Any, lines: Iterable[str]) -> None:
    """One JSON document, or lines for people."""
    if getattr(args, "json", False):
        print(as_json(document), flush=True)
    else:
        for line in lines:
            print(line, flush=True)


def as_json(document: Any, indent: int | None = None) -> str:
    """In letters that standard output takes: JSON can say any of them in ASCII."""
    escaped = getattr(sys.stdout, "encoding", "") != "utf-8"
    return json.dumps(document, ensure_ascii=escaped, indent=indent, default=str)


def note(words: str) -> None:
    """For people, beside what is printed: on standard error."""
    print(words, file=sys.stderr)


def columns(rows: Sequence[Sequence[object]]) -> list[str]:
    """Rows as lines, each column as wide as its longest cell."""
    texts = [[str(cell) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in texts) for i in range(len(texts[0]))] if texts else []
    return [
        "  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip() for row in texts
    ]
