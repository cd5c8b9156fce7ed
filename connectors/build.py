"""The files that go into a CRM, derived from ``manifest.json`` and kept in the repository so that
they can be read.

``python -m connectors.build`` writes them anew, ``--check`` compares and fails on a difference.
"""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

from connectors.manifest import manifest
from connectors.salesforce.metadata import members, package

HERE = Path(__file__).parent
FOLDERS = {"salesforce": HERE / "salesforce" / "package"}


def files(crm: str) -> dict[str, bytes]:
    """Path and bytes of every derived file; raises ``KeyError`` for a CRM that has none."""
    return {"salesforce": _salesforce}[crm]()


def write(crm: str, out: Path) -> list[str]:
    """Writes the derived files below *out* and answers their paths."""
    made = files(crm)
    for path, content in made.items():
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        (out / path).write_bytes(content)
    return sorted(made)


def differences(crm: str, out: Path) -> list[str]:
    """Paths below *out* that are missing or not what the manifest says."""
    return sorted(path for path, content in files(crm).items() if not _same(out / path, content))


def _same(path: Path, content: bytes) -> bool:
    return path.is_file() and path.read_bytes() == content


def _salesforce() -> dict[str, bytes]:
    return package(manifest(), members(manifest()))


def main(arguments: list[str] | None = None, folders: Mapping[str, Path] = FOLDERS) -> int:
    parser = argparse.ArgumentParser(prog="python -m connectors.build", description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare only; exit 1 on a difference")
    check = parser.parse_args(arguments).check
    stale: list[str] = []
    for crm, folder in folders.items():
        stale += [f"{crm}/{path}" for path in differences(crm, folder)]
        if not check:
            write(crm, folder)
    for path in stale:
        sys.stderr.write(f"{path}: {'differs from the manifest' if check else 'written'}\n")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
