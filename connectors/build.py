"""The files that go into a CRM: those derived from ``manifest.json``, kept in the repository so that
they can be read, and those written by hand beside them.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

from connectors.hubspot import app
from connectors.manifest import manifest
from connectors.salesforce.metadata import members, package

FOLDERS = {"hubspot": app.FOLDER, "salesforce": Path(__file__).parent / "salesforce" / "package"}


def files(crm: str) -> dict[str, bytes]:
    """Path and bytes of every derived file; raises ``KeyError`` for a CRM that has none."""
    derive: Mapping[str, Callable[[], dict[str, bytes]]] = {
        "hubspot": lambda: app.derived(manifest()),
        "salesforce": lambda: package(manifest(), members(manifest())),
    }
    return derive[crm]()


def hubspot_project(base_url: str, account: int) -> dict[str, bytes]:
    """Everything that is uploaded to HubSpot, with the profile of this installation filled in."""
    profile = {app.PROFILE_FILE: app.profile(base_url, account)}
    return dict(app.written_by_hand()) | files("hubspot") | profile


def write(made: Mapping[str, bytes], out: Path) -> list[str]:
    """Writes *made* below *out* and answers the paths that were missing or different."""
    changed = differences(made, out)
    for path in changed:
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        (out / path).write_bytes(made[path])
    return changed


def differences(made: Mapping[str, bytes], out: Path) -> list[str]:
    """Paths below *out* that are missing or not as they are made now."""
    return sorted(path for path, content in made.items() if not _same(out / path, content))


def _same(path: Path, content: bytes) -> bool:
    return path.is_file() and path.read_bytes() == content
