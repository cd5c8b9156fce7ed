"""The orders only a Salesforce takes, beside those of every sandbox."""

from typing import Any

from connectors.sandbox.control import DONE, Done, change_options, ordered, orders
from connectors.sandbox.salesforce.door import org, service
from connectors.sandbox.salesforce.org import Row
from connectors.sandbox.salesforce.problems import Refusal
from connectors.sandbox.salesforce.values import shown

control = orders()


@control.get("")
def about() -> dict[str, Any]:
    client = {"id": service().oauth.client_id, "secret": service().oauth.client_secret}
    return {"crm": "salesforce", "org_id": org().id, "admin": service().admin, "client": client}


@control.post("/tokens")
def token() -> Done:
    return {"token": service().oauth.token_for(ordered().get("user") or service().admin)}, 201


@control.post("/expire")
def expire() -> Done:
    service().oauth.expire()
    return DONE


@control.post("/uninstall")
def uninstall() -> Done:
    service().oauth.revoke_everything()
    return DONE


@control.post("/options")
def options() -> Done:
    return change_options(org().options)


@control.get("/records/<name>")
def records(name: str) -> dict[str, Any]:
    with org().lock:
        return {"results": [_shown(row) for row in org().rows[name].values()]}


@control.post("/records/<name>")
def make(name: str) -> Done:
    with org().lock:
        record_id = org().insert(name, **ordered())
        return _shown(org().rows[name][record_id]), 201


@control.post("/records/<name>/<record_id>/<verb>")
def act(name: str, record_id: str, verb: str) -> Done:
    with org().lock:
        if org().find(name, record_id) is None:
            raise Refusal(404, "NOT_FOUND", "The requested resource does not exist")
        if verb == "merge":
            org().merge(record_id, ordered()["with"])
        elif verb in ("delete", "undelete", "purge"):
            getattr(org(), verb)(name, record_id)
        elif verb == "convert":
            return {"contact": org().convert(record_id)}, 200
        elif verb == "change":
            org().change(name, record_id, **ordered())
        else:
            raise Refusal(404, "NOT_FOUND", f"no {verb}")
        return DONE


def _shown(row: Row) -> Row:
    return {name: shown(value) for name, value in row.items() if not name.startswith("_")}
