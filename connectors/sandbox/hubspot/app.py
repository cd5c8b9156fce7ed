"""The sandbox as a WSGI app."""

from functools import cache

from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import HTTPException

from connectors.sandbox.control import WrongOrder
from connectors.sandbox.hubspot.account import account
from connectors.sandbox.hubspot.acts import acts
from connectors.sandbox.hubspot.audiences import audiences
from connectors.sandbox.hubspot.batches import batches
from connectors.sandbox.hubspot.control import control
from connectors.sandbox.hubspot.hub import HUB, Hub, hub
from connectors.sandbox.hubspot.links import links
from connectors.sandbox.hubspot.objects import objects
from connectors.sandbox.hubspot.problems import HubProblem, invalid, not_found
from connectors.sandbox.hubspot.properties import properties
from connectors.sandbox.hubspot.record_page import record_page
from connectors.sandbox.hubspot.search import search
from connectors.sandbox.hubspot.signin import signin
from connectors.sandbox.pages import guard, pages
from connectors.sandbox.server import App, given

API = ("/crm/", "/account-info/", "/appinstalls/")


def create_app(shared: Hub) -> App:
    """What serves one portal. Routes are made once; which portal is meant comes with each request."""
    return given(_routes(), HUB, shared)


@cache
def _routes() -> Flask:
    app = Flask(__name__)
    for blueprint in (
        batches, search, links, objects, properties, audiences, account, signin, control, record_page, acts, pages,
    ):  # fmt: skip
        app.register_blueprint(blueprint)
    app.register_error_handler(HubProblem, _refuse)
    app.register_error_handler(WrongOrder, _wrong_order)
    app.register_error_handler(HTTPException, _http)
    app.after_request(_headers)
    return app


def _refuse(problem: HubProblem) -> Response:
    answer = jsonify(problem.body())
    answer.status_code = problem.status
    if problem.status == 429 and hub().portal.options.retry_after:
        answer.headers["Retry-After"] = "10"
    return answer


def _wrong_order(order: WrongOrder) -> Response:
    return _refuse(invalid(str(order)))


def _http(error: HTTPException) -> Response | HTTPException:
    return _refuse(not_found(error.name)) if request.path.startswith(API) else error


def _headers(answer: Response) -> Response:
    if request.path.startswith(API):
        answer.headers.update(hub().limiter.headers())
    else:
        guard(answer)
    return answer
