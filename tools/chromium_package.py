"""Unpacks the Chromium that the npm package @sparticuz/chromium carries, with fonts of our own.

The package's own unpacking writes to fixed names in the system's temporary directory; ours stays
in the checkout's cache. A browser without fonts draws no text at all, so the launcher brings
DejaVu, which covers every language of the widget and makes screenshots the same everywhere.
"""

import io
import json
import shutil
import tarfile
import tempfile
from pathlib import Path

import brotli

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "node_modules/@sparticuz/chromium"
CACHE = ROOT / ".cache"

FONT_SETTINGS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">../../node_modules/dejavu-fonts-ttf/ttf</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
  <alias><family>monospace</family><prefer><family>DejaVu Sans Mono</family></prefer></alias>
  <match><edit name="family" mode="append_last"><string>DejaVu Sans</string></edit></match>
</fontconfig>
"""

LAUNCHER = """#!/bin/sh
home=$(cd "$(dirname "$0")" && pwd)
export LD_LIBRARY_PATH="$home/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
export FONTCONFIG_FILE="$home/fonts.conf"
exec "$home/chromium" "$@"
"""


def unpacked() -> Path | None:
    if not (PACKAGE / "bin/chromium.br").exists():
        return None
    version = json.loads((PACKAGE / "package.json").read_text())["version"]
    home = CACHE / f"chromium-{version}"
    if not home.exists():
        unpack_to(home)
    return home / "launch"


def unpack_to(home: Path) -> None:
    """Whole or not at all: test processes may come here at the same time."""
    CACHE.mkdir(exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix="chromium-", dir=CACHE))
    draft.chmod(0o755)
    program = write(draft / "chromium", inflated("chromium.br"))
    program.chmod(0o755)
    write_libraries(draft / "lib")
    write(draft / "fonts.conf", FONT_SETTINGS.encode())
    write(draft / "launch", LAUNCHER.encode()).chmod(0o755)
    try:
        draft.rename(home)
    except OSError:  # another process was first
        shutil.rmtree(draft)


def write_libraries(folder: Path) -> None:
    """The libraries a bare system lacks (NSS and what it loads)."""
    folder.mkdir()
    with tarfile.open(fileobj=io.BytesIO(inflated("al2023.tar.br"))) as archive:
        for member in archive:
            if content := archive.extractfile(member):
                write(folder / Path(member.name).name, content.read())


def inflated(name: str) -> bytes:
    data: bytes = brotli.decompress((PACKAGE / "bin" / name).read_bytes())
    return data


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path
