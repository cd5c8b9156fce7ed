"""gunicorn's threads, with our words for what cannot even be read as a request."""

from socket import socket
from typing import Any

import structlog
from flask import Flask, Response, json
from gunicorn.http.errors import LimitRequestHeaders, LimitRequestLine, ParseException

from plugin.db import new_id
from plugin.errors import Problem
from plugin.operate.connections import Doorman
from plugin.web import refuse

log = structlog.get_logger()


class WebWorker(Doorman):
    def handle_error(self, req: Any, client: socket, addr: Any, exc: BaseException) -> None:
        """Logs the kind only: the error's text quotes the request, with a token in its address."""
        problem, request_id = _problem(exc), new_id()
        log.warning("unreadable", request_id=request_id, error=type(exc).__name__)
        try:
            client.sendall(_response(problem, request_id))
        except OSError:
            log.debug("unreadable_gone", request_id=request_id)


def understand_broken_bodies(app: Flask) -> None:
    """A body whose chunks cannot be read is the client's mistake, not ours."""
    app.register_error_handler(ParseException, _refuse_body)


def _refuse_body(error: Exception) -> Response:
    return refuse(Problem("body_malformed", "The body's chunks could not be read."))


def _problem(error: BaseException) -> Problem:
    if isinstance(error, LimitRequestLine | LimitRequestHeaders):
        return Problem("body_too_large", "The address or the headers are too long.")
    if isinstance(error, ParseException):
        return Problem("body_malformed", "This is not HTTP as we understand it.")
    return Problem("internal")


def _response(problem: Problem, request_id: str) -> bytes:
    body = json.dumps(problem.document(request_id)).encode()
    head = (
        f"HTTP/1.1 {problem.status} {problem.title}",
        "Connection: close",
        "Content-Type: application/problem+json",
        f"Content-Length: {len(body)}",
        "Cache-Control: no-store",
        "X-Content-Type-Options: nosniff",
        "Referrer-Policy: same-origin",
        f"X-Request-Id: {request_id}",
    )
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body
