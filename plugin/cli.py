"""The program's front door: one command list, one line each."""

import argparse
import sys
from collections.abc import Sequence

from sqlalchemy.exc import SQLAlchemyError

from plugin.access import commands as access
from plugin.asking import commands as asking
from plugin.command import WrongUse
from plugin.config import BadSetting
from plugin.crm import commands as crm
from plugin.crm import person_commands as person
from plugin.crm import reconcile_command as reconcile
from plugin.db import WrongMode
from plugin.deliveries import commands as deliveries
from plugin.errors import Problem
from plugin.operate import commands as operate
from plugin.revisions import DatabaseTooNew
from plugin.touchpoints import commands as touchpoints
from plugin.triggers import commands as triggers

NO_DATABASE = "The database cannot be used: see GENSVAR_DATABASE_URL, and `gensvar doctor`"
ROOMS = (operate, crm, reconcile, person, touchpoints, triggers, asking, access, deliveries)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command. Exit 0 done, 1 failed, 2 wrong use."""
    args = parser().parse_args(arguments)
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


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="gensvar", description="NPS inside HubSpot and Salesforce: from answer to action."
    )
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for room in ROOMS:
        room.add_commands(commands)
    return top


def _say(words: object, code: int) -> int:
    print(f"gensvar: {words}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
