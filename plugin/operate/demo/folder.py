"""The demo's own folder: made anew at each start, held by one demo at a time."""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from plugin.config import BadSetting

FOLDER = Path("instance/demo")


class DemoRuns(BadSetting):
    """Another demo uses the folder."""


@contextmanager
def held() -> Iterator[Path]:
    """The empty folder, ours until the end. Raises ``DemoRuns``."""
    FOLDER.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with FOLDER.with_name("demo.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise DemoRuns(
                f"Another demo is running from this folder and uses {FOLDER}. Stop it first."
            ) from None
        shutil.rmtree(FOLDER, ignore_errors=True)
        FOLDER.mkdir(mode=0o700)
        yield FOLDER
