"""The deploy resource: a multipart form with the options and the zip; polled, cancelled."""

from flask import Blueprint, Response, jsonify, request

from connectors.sandbox.salesforce import deploy
from connectors.sandbox.salesforce.door import api, json_body, org, service, user
from connectors.sandbox.salesforce.problems import Refusal, bad

deploys = Blueprint("deploys", __name__, url_prefix="/services/data/v<version>/metadata")


@deploys.post("/deployRequest")
@api
def start() -> tuple[Response, int]:
    _check_right()
    if request.mimetype != "multipart/form-data":
        raise Refusal(415, "UNSUPPORTED_MEDIA_TYPE", "Content type must be multipart/form-data")
    started = deploy.started(org(), _options(), _file())
    service().deploys[started.id] = started
    return jsonify(started.answer()), 201


@deploys.get("/deployRequest/<deploy_id>")
@api
def look(deploy_id: str) -> Response:
    found = _found(deploy_id)
    deploy.advance(org(), found, user())
    answer = found.answer()
    if request.args.get("includeDetails") != "true":
        del answer["deployResult"]["details"]
    return jsonify(answer)


@deploys.patch("/deployRequest/<deploy_id>")
@api
def cancel(deploy_id: str) -> tuple[Response, int]:
    found = _found(deploy_id)
    if json_body() != {"deployResult": {"status": "Canceling"}}:
        raise bad("INVALID_INPUT", "only Canceling can be asked for")
    deploy.cancel(found)
    return jsonify(found.answer()), 202


def _check_right() -> None:
    if not org().is_admin(user()):
        message = "insufficient access: Modify Metadata Through Metadata API Functions"
        raise Refusal(403, "INSUFFICIENT_ACCESS", message)


def _found(deploy_id: str) -> deploy.Deploy:
    found = service().deploys.get(deploy_id)
    if found is None:
        raise Refusal(404, "NOT_FOUND", "The requested resource does not exist")
    return found


def _options() -> str:
    """The JSON part is a file or a plain field, depending on the client."""
    part = request.files.get("json")
    text = part.read().decode() if part is not None else request.form.get("json")
    if text is None or (part is not None and part.mimetype != "application/json"):
        raise bad("INVALID_INPUT", "the part json is missing")
    return text


def _file() -> bytes:
    part = request.files.get("file")
    if part is None or part.mimetype != "application/zip":
        raise bad("INVALID_INPUT", "the part file is missing")
    content: bytes = part.read()
    return content
