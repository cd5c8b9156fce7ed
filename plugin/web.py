"""What every request has in common: an id, headers, one way out for errors, limits, and whom to believe."""

import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

import structlog
from flask import (
    Flask,
    Request,
    Response,
    current_app,
    g,
    jsonify,
    make_response,
    render_template,
    request,
)
from sqlalchemy.exc import DataError, SQLAlchemyError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import RequestRedirect

from plugin.addresses import origin
from plugin.config import Settings
from plugin.db import new_id
from plugin.errors import Problem
from plugin.services import services
from widget import page

log = structlog.get_logger()

PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
ALWAYS = (("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "same-origin"))
PAGES = (
    ("Content-Security-Policy", PAGE_POLICY),
    ("Cache-Control", "no-store"),
    ("X-Robots-Tag", "noindex"),  # any page's address may hold a token
)

_FROM_WERKZEUG = {
    404: "not_found",
    405: "method_not_allowed",
    413: "body_too_large",
    415: "media_type",
}


class WholeBody(Request):
    """A chunked body over the limit is refused; by itself werkzeug cuts it there and passes it on."""

    def get_data(self, *args: Any, **options: Any) -> Any:
        limit = self.max_content_length
        if limit is None or self.content_length is not None:
            return super().get_data(*args, **options)
        self.max_content_length = limit + 1
        body = super().get_data(*args, **options)
        if len(body) > limit:
            raise RequestEntityTooLarge
        return body


def prepare(app: Flask, settings: Settings) -> None:
    """Hooks that hold for every route."""
    app.request_class = WholeBody
    app.wsgi_app = _called(app.wsgi_app, origin(settings.base_url))  # type: ignore[method-assign]
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    app.before_request(_begin)
    app.after_request(_finish)
    app.register_error_handler(Problem, refuse)
    app.register_error_handler(HTTPException, _refuse_http)
    app.register_error_handler(SQLAlchemyError, _refuse_storage)
    app.register_error_handler(Exception, _refuse_unexpected)


def _called(app: Any, ours: str) -> Any:
    """Whatever host a request names, we have one name; some names break the search for a route."""
    host = ours.partition("://")[2]

    def answer(environ: dict[str, Any], start_response: Any) -> Any:
        environ["HTTP_HOST"] = host
        return app(environ, start_response)

    return answer


def _begin() -> None:
    g.request_id = new_id()
    g.began = time.perf_counter()


def _finish(response: Response) -> Response:
    if isinstance(request.routing_exception, RequestRedirect):
        response.headers["Location"] = _here(request.routing_exception.new_url)
        response.set_data(b"")
    wanted = [*ALWAYS, ("X-Request-Id", g.request_id)]
    if response.mimetype == "text/html":
        wanted += PAGES
    for name, value in wanted:
        if name not in response.headers:
            response.headers.add(name, value)
    log.info(
        "request",
        request_id=g.request_id,
        method=request.method,
        route=request.url_rule.rule
        if request.url_rule
        else None,  # never the path: it may hold a token
        status=response.status_code,
        ms=round((time.perf_counter() - g.began) * 1000, 1),
    )
    return response


def _here(url: str) -> str:
    """Where a slash was missing or one too many, werkzeug leads to the host that the request named."""
    path = url.partition("://")[2].partition("/")[2]
    return f"{root()}/{path}"


def wants_page() -> bool:
    """Whether a person with a browser asked, rather than a program."""
    return "text/html" in request.headers.get("Accept", "").lower() or bool(g.get("only_page"))


def page_problems(app: Flask, blueprint: str, page: Callable[[Problem], Response]) -> None:
    """Lets one room say in pages of its own what went wrong, in place of the administrators' page."""
    app.extensions.setdefault("gensvar.problem_pages", {})[blueprint] = page


def _page(problem: Problem) -> Response:
    pages = current_app.extensions.get("gensvar.problem_pages", {})
    if request.blueprint in pages:
        found: Response = pages[request.blueprint](problem)
        return found
    html = render_template("problem.html", problem=problem, request_id=g.request_id)
    return make_response(html)


def refuse(problem: Problem) -> Response:
    """*problem* as RFC 9457 for a program, as a page for a person."""
    if wants_page():
        response = _page(problem)
    else:
        response = jsonify(problem.document(g.request_id))
        response.mimetype = "application/problem+json"
    response.status_code = problem.status
    response.headers["Cache-Control"] = "no-store"
    if problem.retry_after is not None:
        response.headers["Retry-After"] = str(problem.retry_after)
    if problem.code == "unauthenticated":
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _refuse_http(error: HTTPException) -> Response:
    if isinstance(error, RequestEntityTooLarge):
        return refuse(Problem("body_too_large"))
    status = error.code or 500
    if status < 400 and error.response is not None:  # a redirect
        return error.get_response()  # type: ignore[return-value]
    code = _FROM_WERKZEUG.get(status, "body_malformed" if status < 500 else "internal")
    response = refuse(Problem(code))
    if allow := dict(error.get_headers()).get("Allow"):
        response.headers["Allow"] = allow
    return response


def _refuse_storage(error: SQLAlchemyError) -> Response:
    # The text of a database error may hold a customer's words: only its kind is logged.
    if isinstance(error, DataError):
        return refuse(Problem("body_malformed", "It holds characters that cannot be stored."))
    log.error("storage", request_id=g.request_id, error=type(error).__name__)
    return refuse(
        Problem("storage_unavailable", "Please try again in a few seconds.", retry_after=5)
    )


def _refuse_unexpected(error: Exception) -> Response:
    log.error("unexpected", request_id=g.request_id, error=type(error).__name__, at=_place(error))
    return refuse(
        Problem("internal", f"Please try again. If it stays, name request {g.request_id}.")
    )


def _place(error: BaseException) -> str:
    """Where it was raised, without its text, which may hold personal data."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"


def root() -> str:
    """The path we live under, as the customer's browser sees it."""
    return urlsplit(services().settings.base_url).path


def customer_page(html: str) -> Response:
    """A page whose address holds a customer's token."""
    response = Response(html, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = page.CONTENT_SECURITY_POLICY
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


class Limit:
    """At most *count* in *seconds* for one key, in this process: a fixed window, no more than 10,000 keys."""

    def __init__(self, count: int, seconds: float = 60.0, most_keys: int = 10_000) -> None:
        self._count, self._seconds, self._most = count, seconds, most_keys
        self._windows: OrderedDict[str, tuple[float, int]] = OrderedDict()
        self._lock = Lock()

    def take(self, key: str) -> None:
        """Raises ``Problem("rate_limited")`` with the seconds to wait."""
        now = time.monotonic()
        with self._lock:
            began, used = self._windows.pop(key, (now, 0))
            if now - began >= self._seconds:
                began, used = now, 0
            self._windows[key] = (began, used + 1)
            if len(self._windows) > self._most:
                self._windows.popitem(last=False)
        if used >= self._count:
            wait = int(began + self._seconds - now) + 1
            raise Problem("rate_limited", f"Please wait {wait} seconds.", retry_after=wait)


def client_address() -> str:
    """The address of whoever asks, as far as ``TRUSTED_PROXIES`` lets us believe it."""
    return request.remote_addr or "unknown"


def json_response(document: dict[str, Any], status: int = 200) -> Response:
    response = jsonify(document)
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    return response
