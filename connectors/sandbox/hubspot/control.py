"""The orders only a HubSpot takes, beside those of every sandbox."""

from typing import Any

from connectors.sandbox.control import DONE, Done, change_options, ordered, orders
from connectors.sandbox.hubspot.hub import hub, portal
from connectors.sandbox.hubspot.portal import Owner
from connectors.sandbox.hubspot.problems import not_found
from connectors.sandbox.hubspot.shapes import as_json
from connectors.sandbox.hubspot.standard import CONTACTS

control = orders()


@control.get("")
def about() -> dict[str, Any]:
    grants = hub().grants
    client = {"id": grants.client_id, "secret": grants.client_secret}
    return {"crm": "hubspot", "portal_id": portal().id, "client": client}


@control.post("/tokens")
def token() -> Done:
    body = ordered()
    made = hub().grants.issue(body.get("scopes") or ALL_SCOPES, body.get("ttl"), oauth=False)
    return {"token": made}, 201


@control.post("/expire")
def expire() -> Done:
    hub().grants.expire()
    return DONE


@control.post("/uninstall")
def uninstall() -> Done:
    hub().grants.uninstall()
    return DONE


@control.post("/options")
def options() -> Done:
    return change_options(portal().options)


@control.get("/records/<kind>")
def records(kind: str) -> dict[str, Any]:
    with portal().lock:
        every = [as_json(r, r.properties) for r in portal().records[kind].values()]
        links = {r["id"]: list(portal().linked(kind, r["id"], CONTACTS)) for r in every}
    return {"results": every, "contacts": links}


@control.post("/records/<kind>")
def make(kind: str) -> Done:
    with portal().lock:
        return as_json(portal().create(kind, ordered()["properties"]), ()), 201


@control.post("/records/<kind>/<record_id>/<verb>")
def act(kind: str, record_id: str, verb: str) -> Done:
    with portal().lock:
        record = portal().records[kind].get(record_id)
        if record is None:
            raise not_found()
        if verb == "merge":
            other = portal().records[kind][ordered()["with"]]
            return as_json(portal().merge(record, other), ()), 200
        verbs = {"delete": portal().archive, "purge": portal().purge}
        if verb == "restore":
            portal().restore(kind, record_id)
        else:
            verbs[verb](record)
        return DONE


@control.post("/owners/<owner_id>")
def owner(owner_id: str) -> Done:
    owner: Owner = portal().owners[owner_id]
    owner.archived = not ordered()["active"]
    return DONE


ALL_SCOPES = (
    "oauth",
    "crm.objects.contacts.read",
    "crm.objects.contacts.write",
    "crm.schemas.contacts.read",
    "crm.schemas.contacts.write",
    "crm.objects.owners.read",
    "crm.objects.companies.read",
    "crm.objects.deals.read",
    "tickets",
    "crm.lists.read",
)
