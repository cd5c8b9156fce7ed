"""The orders that every sandbox takes from other processes, as JSON below ``/_sandbox``.

A browser cannot send these from a foreign page: the content type needs a preflight, which fails.
"""

from dataclasses import asdict
from typing import Any

from flask import Blueprint, request

from connectors.sandbox.wire import Fault, Wire

Done = tuple[dict[str, Any], int]
DONE: Done = ({}, 200)


class WrongOrder(Exception):
    """An order that cannot be followed; each sandbox says so in its CRM's own form, with 400."""


def orders() -> Blueprint:
    """About calls and faults; a CRM adds orders about what is in it."""
    made = Blueprint("control", __name__, url_prefix="/_sandbox")
    made.before_request(_json_only)
    made.get("/calls")(_calls)
    made.delete("/calls")(_forget_calls)
    made.post("/faults")(_fault)
    made.delete("/faults")(_forget_faults)
    return made


def ordered() -> dict[str, Any]:
    """The order's body. Raises ``WrongOrder``."""
    body = request.get_json()
    if not isinstance(body, dict):
        raise WrongOrder("an object is needed")
    return body


def change_options(options: object) -> Done:
    """Sets what the order names on *options*. Raises ``WrongOrder`` for a name they do not have."""
    for name, value in ordered().items():
        if not hasattr(options, name):
            raise WrongOrder(f"no option {name}")
        setattr(options, name, value)
    return DONE


def _json_only() -> None:
    if request.method != "GET" and request.mimetype != "application/json":
        raise WrongOrder("send application/json")


def _calls() -> dict[str, Any]:
    return {"calls": [asdict(call) for call in _wire().calls]}


def _forget_calls() -> Done:
    _wire().calls.clear()
    return DONE


def _fault() -> Done:
    _wire().faults.append(Fault(**ordered()))
    return {}, 201


def _forget_faults() -> Done:
    _wire().faults.clear()
    return DONE


def _wire() -> Wire:
    found: Wire = request.environ["gensvar.wire"]
    return found
