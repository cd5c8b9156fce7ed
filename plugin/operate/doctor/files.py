"""The keys: where they are, and who can read them."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from plugin.config import PREFIX, Settings
from plugin.operate.doctor.finding import Finding, bad, look, ok

KEYS = {
    "SIGNING_KEYS": "signing-keys",
    "ENCRYPTION_KEYS": "encryption-keys",
    "ADMIN_TOKEN": "admin-token",
}


def keys(settings: Settings) -> Iterator[Finding]:
    """One finding when all is well, else one for each file that is not."""
    found = [_kept(settings, name) for name in KEYS] + [_named(name) for name in KEYS]
    wrong = [finding for finding in found if finding is not None]
    if wrong:
        yield from wrong
    else:
        yield ok("keys", "readable by this user only")


def there_are_keys(settings: Settings) -> bool:
    """Whether loading the settings would make none."""
    return all(_given(name) or _path(settings, name).exists() for name in KEYS)


def _kept(settings: Settings, name: str) -> Finding | None:
    path = _path(settings, name)
    if _given(name):
        return None
    if not path.exists():
        return look("keys", f"{path} is not there yet.", "The first start makes it.")
    if _others_may_read(path):
        return bad("keys", f"{path} can be read by other users.", f"chmod 600 {path}")
    return None


def _named(name: str) -> Finding | None:
    """A file somebody else keeps, often mounted by a container: its mode may not be ours to choose."""
    path = os.environ.get(f"{PREFIX}{name}_FILE")
    if path and _others_may_read(Path(path)):
        return look("keys", f"{path} can be read by other users.", f"If you can: chmod 600 {path}")
    return None


def _path(settings: Settings, name: str) -> Path:
    return settings.instance / KEYS[name]


def _given(name: str) -> bool:
    return bool(os.environ.get(PREFIX + name) or os.environ.get(f"{PREFIX}{name}_FILE"))


def _others_may_read(path: Path) -> bool:
    return bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))
