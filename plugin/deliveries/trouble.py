"""What may be said of an unexpected error: its type and its place, never its text."""

import traceback
from pathlib import Path

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

DATABASE_TROUBLE = (OperationalError, InterfaceError, PoolTimeout)


def place(error: BaseException) -> str:
    """``file.py:line function`` where it was raised."""
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return ""
    last = frames[-1]
    return f"{Path(last.filename).name}:{last.lineno} {last.name}"
