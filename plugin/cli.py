"""The program's front door: one command list, one line each."""

import argparse
import io
import sys
from collections.abc import Sequence
from importlib import import_module

from sqlalchemy.exc import SQLAlchemyError

from plugin.command import WrongUse
from plugin.config import BadSetting
from plugin.db import WrongMode
from plugin.errors import Problem
from plugin.revisions import DatabaseTooNew

NO_DATABASE = "The database cannot be used: see GENSVAR_DATABASE_URL, and `gensvar doctor`"
# Where each command is at home: only that is loaded, for none should wait until all the others are.
HOMES = {
    "operate.commands": (
        "demo", "serve", "worker", "migrate", "sandbox", "keys", "doctor", "openapi",
    ),
    "crm.commands": ("install", "check", "uninstall", "build"),
    "crm.reconcile_command": ("reconcile",),
    "crm.person_commands": ("export-person", "resubscribe", "erase"),
    "touchpoints.commands": ("touchpoints",),
    "triggers.commands": ("triggers",),
    "asking.commands": ("ask",),
    "access.commands": ("api-keys", "admin-link"),
    "deliveries.commands": ("deliveries", "replay"),
}  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command. Exit 0 done, 1 failed, 2 wrong use."""
    words = sys.argv[1:] if arguments is None else arguments
    _print_any_letter()
    if not all(map(_is_text, words)):
        return _say("The command line is not text in UTF-8.", 2)
    args = parser(*words[:1]).parse_args(words)
    try:
        return int(args.run(args) or 0)
    except WrongUse as error:
        return _say(error, 2)
    except (BadSetting, DatabaseTooNew, WrongMode, Problem) as error:
        return _say(getattr(error, "detail", "") or error, 1)
    except KeyboardInterrupt:
        return _say("Stopped.", 1)
    except BrokenPipeError:
        return 1
    except SQLAlchemyError as error:  # its text may hold an address or a customer's words
        return _say(f"{NO_DATABASE} ({type(error).__name__}).", 1)
    except OSError as error:
        return _say(f"{error.filename or 'The system'}: {error.strerror or error}.", 1)


def parser(wanted: str = "") -> argparse.ArgumentParser:
    """Knows the commands that are at home where *wanted* is, or all of them if it is no command."""
    top = argparse.ArgumentParser(
        prog="gensvar", description="NPS inside HubSpot and Salesforce: from answer to action."
    )
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    homes = [home for home, names in HOMES.items() if wanted in names] or HOMES
    for home in homes:
        import_module(f"plugin.{home}").add_commands(commands)
    return top


def _print_any_letter() -> None:
    """Where the terminal's alphabet lacks one, its number stands for it: no report ends in the middle."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _is_text(word: str) -> bool:
    """Python takes bytes that are no text from the command line; no database does."""
    try:
        word.encode()
    except UnicodeEncodeError:
        return False
    return True


def _say(words: object, code: int) -> int:
    print(f"gensvar: {words}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
