"""The sandbox as a WSGI app."""

from functools import cache

from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import HTTPException
from werkzeug.http import http_date

from connectors.sandbox.control import WrongOrder
from connectors.sandbox.pages import guard, pages
from connectors.sandbox.salesforce.acts import acts
from connectors.sandbox.salesforce.control import control
from connectors.sandbox.salesforce.deploys import deploys
from connectors.sandbox.salesforce.door import SERVICE, Service, service
from connectors.sandbox.salesforce.problems import Refusal, SeveralRecords, bad
from connectors.sandbox.salesforce.record_page import record_page
from connectors.sandbox.salesforce.rest import rest
from connectors.sandbox.salesforce.signin import signin
from connectors.sandbox.server import App, given

DATA = "/services/data/v"


def create_app(shared: Service) -> App:
    """What serves one org. Routes are made once; which org is meant comes with each request."""
    return given(_routes(), SERVICE, shared)


@cache
def _routes() -> Flask:
    app = Flask(__name__)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    for blueprint in (rest, deploys, signin, control, record_page, acts, pages):
        app.register_blueprint(blueprint)
    app.register_error_handler(Refusal, _refuse)
    app.register_error_handler(SeveralRecords, _several)
    app.register_error_handler(WrongOrder, _wrong_order)
    app.register_error_handler(HTTPException, _http)
    app.after_request(_headers)
    return app


def _refuse(refusal: Refusal) -> tuple[Response, int]:
    return jsonify(refusal.body), refusal.status


def _several(found: SeveralRecords) -> tuple[Response, int]:
    return jsonify(found.urls), 300


def _wrong_order(order: WrongOrder) -> tuple[Response, int]:
    return _refuse(bad("INVALID_INPUT", str(order)))


def _http(error: HTTPException) -> tuple[Response, int] | HTTPException:
    if not request.path.startswith("/services/"):
        return error
    status = error.code or 500
    code = {405: "METHOD_NOT_ALLOWED", 404: "NOT_FOUND"}.get(status, "UNKNOWN_EXCEPTION")
    return _refuse(Refusal(status, code, error.name))


def _headers(answer: Response) -> Response:
    if request.path.startswith(DATA):
        org = service().org
        answer.headers["Sforce-Limit-Info"] = (
            f"api-usage={org.used_today}/{org.options.daily_limit}"
        )
        answer.headers["Date"] = http_date(org.now())
    else:
        guard(answer)
    return answer
