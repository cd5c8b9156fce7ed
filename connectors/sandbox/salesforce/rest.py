"""The data API: records, collections, queries, describe, limits."""

from typing import Any

from flask import Blueprint, Response, g, jsonify, request

from connectors.salesforce import ids
from connectors.sandbox.salesforce import collections, composite, queries, tooling, writing
from connectors.sandbox.salesforce.door import api, json_body, org, user
from connectors.sandbox.salesforce.problems import Refusal, bad
from connectors.sandbox.salesforce.schema import SObject
from connectors.sandbox.salesforce.values import shown

rest = Blueprint("rest", __name__, url_prefix="/services/data")
V = "/v<version>"
JsonAnswer = Response | tuple[Response | str, int]


@rest.get("/")
@rest.get("")
def versions() -> Response:
    options = org().options
    numbers = range(options.oldest_version, options.newest_version + 1)
    return jsonify(
        [{"label": f"V{n}", "url": f"/services/data/v{n}.0", "version": f"{n}.0"} for n in numbers]
    )


@rest.get(f"{V}")
@rest.get(f"{V}/")
@api
def resources() -> Response:
    root = f"/services/data/v{g.version}"
    named = {name: f"{root}/{name}" for name in ("sobjects", "query", "queryAll", "limits")}
    identity = f"{request.host_url}id/{org().id}/{user()}"
    return jsonify(named | {"identity": identity})


@rest.get(f"{V}/limits")
@api
def limits() -> Response:
    maximum = org().options.daily_limit
    return jsonify({"DailyApiRequests": {"Max": maximum, "Remaining": maximum - org().used_today}})


@rest.get(f"{V}/tabs")
@api
def tabs() -> Response:
    there = sorted(org().custom.tabs & org().objects.keys())
    visible = [name for name in there if org().sees_object(user(), org().object(name))]
    return jsonify([{"name": n, "sobjectName": n, "custom": True, "label": n} for n in visible])


@rest.get(f"{V}/query")
@rest.get(f"{V}/query/")
@api
def query() -> Response:
    return jsonify(queries.answered(request.args.get("q", ""), deleted=False))


@rest.get(f"{V}/queryAll")
@rest.get(f"{V}/queryAll/")
@api
def query_all() -> Response:
    return jsonify(queries.answered(request.args.get("q", ""), deleted=True))


@rest.get(f"{V}/query/<cursor>")
@api
def query_more(cursor: str) -> Response:
    return jsonify(queries.more(cursor))


@rest.get(f"{V}/tooling/query")
@rest.get(f"{V}/tooling/query/")
@api
def tooling_query() -> Response:
    if not org().options.tooling or not org().is_admin(user()):
        raise Refusal(403, "INSUFFICIENT_ACCESS", "insufficient access rights on object id")
    found = tooling.rows(org(), request.args.get("q", ""))
    return jsonify(queries.page(found, len(found)))


@rest.get(f"{V}/sobjects/<name>/describe")
@rest.get(f"{V}/sobjects/<name>/describe/")
@api
def describe(name: str) -> Response:
    return jsonify(_described(org().visible_object(user(), name)))


@rest.post(f"{V}/sobjects/<name>")
@rest.post(f"{V}/sobjects/<name>/")
@api
def create(name: str) -> JsonAnswer:
    record_id = writing.create(org(), user(), name, json_body())
    return jsonify({"id": record_id, "success": True, "errors": []}), 201


@rest.get(f"{V}/sobjects/<name>/<record_id>")
@api
def read(name: str, record_id: str) -> Response:
    kind = org().visible_object(user(), name)
    row = org().find(kind.name, record_id)
    if row is None or row.get("IsDeleted"):
        code = "NOT_FOUND" if row is None else "ENTITY_IS_DELETED"
        raise Refusal(404, code, "The requested resource does not exist")
    visible = (f.name for f in kind.fields.values() if org().sees(user(), kind, f))
    return jsonify({name: shown(row.get(name)) for name in visible})


@rest.patch(f"{V}/sobjects/<name>/<record_id>")
@api
def update(name: str, record_id: str) -> JsonAnswer:
    _existing(name, record_id)
    writing.update(org(), user(), name, record_id, json_body())
    return "", 204


@rest.delete(f"{V}/sobjects/<name>/<record_id>")
@api
def remove(name: str, record_id: str) -> JsonAnswer:
    _existing(name, record_id)
    writing.remove(org(), user(), name, record_id)
    return "", 204


@rest.patch(f"{V}/sobjects/<name>/<key>/<value>")
@api
def upsert(name: str, key: str, value: str) -> JsonAnswer:
    body = json_body()
    for given in (key, "Id"):
        if given in body:
            raise bad("INVALID_FIELD", f"The {given} field should not be specified", given)
    record_id, created = writing.upsert(org(), user(), name, key, value, body)
    answer = {"id": record_id, "success": True, "errors": [], "created": created}
    return jsonify(answer), 201 if created else 200


@rest.post(f"{V}/composite")
@rest.post(f"{V}/composite/")
@api
def several() -> Response:
    return jsonify(composite.composite(json_body()))


@rest.route(f"{V}/composite/sobjects", methods=["POST", "PATCH"])
@api
def collection() -> Response:
    write = collections.create if request.method == "POST" else collections.update
    return jsonify(write(org(), user(), json_body()))


@rest.delete(f"{V}/composite/sobjects")
@api
def delete_collection() -> Response:
    wanted = request.args.get("ids", "").split(",")
    return jsonify(collections.delete(org(), user(), wanted))


@rest.patch(f"{V}/composite/sobjects/<name>/<key>")
@api
def upsert_collection(name: str, key: str) -> Response:
    return jsonify(collections.upsert(org(), user(), name, key, json_body()))


@rest.route("/v<version>/<path:rest>", methods=["GET", "POST", "PATCH", "PUT", "DELETE"])
@api
def nothing(rest: str) -> Response:
    raise Refusal(404, "NOT_FOUND", "The requested resource does not exist")


def _existing(name: str, record_id: str) -> None:
    kind = org().visible_object(user(), name)
    if not ids.valid(record_id, kind.prefix) or org().find(kind.name, record_id) is None:
        raise Refusal(404, "NOT_FOUND", "Provided external ID field does not exist")


def _described(kind: SObject) -> dict[str, Any]:
    editable = org().sees_object(user(), kind, "Edit")
    return {
        "name": kind.name,
        "label": kind.label,
        "keyPrefix": kind.prefix,
        "custom": kind.custom,
        "createable": org().sees_object(user(), kind, "Create"),
        "updateable": editable,
        "queryable": True,
        "fields": [
            one.described(editable=editable and org().sees(user(), kind, one, "Edit"))
            for one in kind.fields.values()
            if org().sees(user(), kind, one)
        ],
    }
