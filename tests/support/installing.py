"""An install is some twenty calls: a test that is about something else starts where one made before has ended.

The first test that wants an account of a kind installs it over HTTP; for the others of its kind in this process the
sandbox is put into the state that left behind.
"""

import dataclasses
import pickle
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from connectors.sandbox.hubspot import HubSpotSandbox
from connectors.sandbox.salesforce import SalesforceSandbox

T = TypeVar("T")
Sandbox = HubSpotSandbox | SalesforceSandbox

_made: dict[bytes, bytes] = {}  # by who installs, and what stood in the account before


def once_installed(sandbox: Sandbox, install: Callable[[], T], what: object = None) -> T:
    """What *install* came to; it is called once for accounts in which the same stands, and for each *what*."""
    who = f"{install.__module__}.{install.__qualname__}"
    kind = pickle.dumps((who, what, stands(sandbox), options_of(sandbox)))
    if kind not in _made:
        result = install()
        _made[kind] = pickle.dumps((_memory(sandbox), result))
        return result
    held, known = pickle.loads(_made[kind])
    for name, value in held.items():
        kept = getattr(place_of(sandbox), name)
        if isinstance(kept, dict):
            kept.clear()
            kept.update(value)
        else:
            setattr(place_of(sandbox), name, value)
    result_again: T = known
    return result_again


def place_of(sandbox: Sandbox) -> Any:
    return sandbox.portal if isinstance(sandbox, HubSpotSandbox) else sandbox.org


def options_of(sandbox: Sandbox) -> Any:
    """Without addresses, which differ from test to test and mean nothing to an install."""
    given = dataclasses.asdict(place_of(sandbox).options)
    return {name: value for name, value in given.items() if not str(value).startswith("http")}


def _memory(sandbox: Sandbox) -> Mapping[str, Any]:
    """What an install changes."""
    names = (
        ("definitions", "groups")
        if isinstance(sandbox, HubSpotSandbox)
        else ("objects", "rows", "custom", "_counters")
    )
    return {name: getattr(place_of(sandbox), name) for name in names}


def stands(sandbox: Sandbox) -> Mapping[str, Any]:
    """What an install changes, without the times at which it did."""
    memory = _memory(sandbox)
    rows = {
        kind: [
            {k: v for k, v in row.items() if not isinstance(v, datetime)} for row in held.values()
        ]
        for kind, held in memory.get("rows", {}).items()
    }
    return {**memory, "rows": rows}
