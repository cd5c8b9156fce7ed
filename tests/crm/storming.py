"""Another process that wants a token in the moment when many do. It loads what it needs for that, and no tests."""

from threading import Barrier

from plugin.config import Settings
from plugin.crm.directory import connections
from plugin.wiring import build_services

_ready: Barrier


def prepare(ready: Barrier) -> None:
    """*ready* is when all of them are."""
    global _ready
    _ready = ready


def ask(settings: Settings, installation: str) -> str:
    """The access token it was given."""
    shared = build_services(settings)
    _ready.wait(60)
    try:
        return connections(shared).tokens(installation).access()
    finally:
        shared.database.close()
