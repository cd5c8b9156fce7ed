"""Orders to the sandbox from other processes, as JSON below ``/_sandbox``.

A browser cannot send these from a foreign page: the content type needs a preflight, which fails.
"""

from dataclasses import asdict
from typing import Any

from flask import Blueprint, request

from connectors.sandbox.salesforce.door import org, service
from connectors.sandbox.salesforce.org import Row
from connectors.sandbox.salesforce.problems import Refusal, bad
from connectors.sandbox.salesforce.values import shown
from connectors.sandbox.wire import Fault, Wire

control = Blueprint("control", __name__, url_prefix="/_sandbox")
DONE: tuple[dict[str, Any], int] = ({}, 200)


@control.before_request
def json_only() -> None:
    if request.method != "GET" and request.mimetype != "application/json":
        raise bad("INVALID_INPUT", "send application/json")


@control.get("")
def about() -> dict[str, Any]:
    client = {"id": service().oauth.client_id, "secret": service().oauth.client_secret}
    return {"crm": "salesforce", "org_id": org().id, "admin": service().admin, "client": client}


@control.get("/calls")
def calls() -> dict[str, Any]:
    return {"calls": [asdict(call) for call in wire().calls]}


@control.delete("/calls")
def forget_calls() -> tuple[dict[str, Any], int]:
    wire().calls.clear()
    return DONE


@control.post("/faults")
def order() -> tuple[dict[str, Any], int]:
    wire().faults.append(Fault(**_body()))
    return {}, 201


@control.delete("/faults")
def forget_faults() -> tuple[dict[str, Any], int]:
    wire().faults.clear()
    return DONE


@control.post("/tokens")
def token() -> tuple[dict[str, Any], int]:
    return {"token": service().oauth.token_for(_body().get("user") or service().admin)}, 201


@control.post("/expire")
def expire() -> tuple[dict[str, Any], int]:
    service().oauth.expire()
    return DONE


@control.post("/uninstall")
def uninstall() -> tuple[dict[str, Any], int]:
    service().oauth.revoke_everything()
    return DONE


@control.post("/options")
def options() -> tuple[dict[str, Any], int]:
    for name, value in _body().items():
        if not hasattr(org().options, name):
            raise bad("INVALID_INPUT", f"no option {name}")
        setattr(org().options, name, value)
    return DONE


@control.get("/records/<name>")
def records(name: str) -> dict[str, Any]:
    with org().lock:
        return {"results": [_shown(row) for row in org().rows[name].values()]}


@control.post("/records/<name>")
def make(name: str) -> tuple[dict[str, Any], int]:
    with org().lock:
        record_id = org().insert(name, **_body())
        return _shown(org().rows[name][record_id]), 201


@control.post("/records/<name>/<record_id>/<verb>")
def act(name: str, record_id: str, verb: str) -> tuple[dict[str, Any], int]:
    with org().lock:
        if org().find(name, record_id) is None:
            raise Refusal(404, "NOT_FOUND", "The requested resource does not exist")
        if verb == "merge":
            org().merge(record_id, _body()["with"])
        elif verb in ("delete", "purge"):
            getattr(org(), verb)(name, record_id)
        elif verb == "change":
            org().rows[name][record_id] |= _body()
        else:
            raise Refusal(404, "NOT_FOUND", f"no {verb}")
        return DONE


def wire() -> Wire:
    found: Wire = request.environ["gensvar.wire"]
    return found


def _shown(row: Row) -> Row:
    return {name: shown(value) for name, value in row.items() if not name.startswith("_")}


def _body() -> dict[str, Any]:
    body = request.get_json()
    if not isinstance(body, dict):
        raise bad("INVALID_INPUT", "an object is needed")
    return body
