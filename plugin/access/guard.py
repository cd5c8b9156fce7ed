"""Who may pass: a signed-in administrator, and forms that were made by us.

Every address under ``/admin/`` and ``/oauth/`` is closed unless its view says ``@open_to_all``; a
forgotten decorator therefore opens nothing. Forms there need our CSRF token, the open ones too.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import Flask, Request, current_app, g, redirect, request, session, url_for
from flask.sessions import NullSession, SecureCookieSession, SecureCookieSessionInterface
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.wrappers import Response

from plugin.access import sessions
from plugin.access.rules import Who
from plugin.access.sessions import Session
from plugin.config import Settings
from plugin.errors import Problem
from plugin.sealing import derived
from plugin.services import Services, services

CLOSED = ("/admin/", "/oauth/")
PROGRAMS = ("/api/", "/hubspot/")
UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})
View = TypeVar("View", bound=Callable[..., Any])

csrf = CSRFProtect()


def protect(app: Flask, settings: Settings) -> None:
    """Puts the guard in front of *app*: cookies, CSRF and the closed addresses."""
    prefix = "__Host-" if settings.secure else ""
    app.config.update(
        SECRET_KEY=derived(settings.signing_keys[0], "forms"),
        SECRET_KEY_FALLBACKS=[derived(key, "forms") for key in settings.signing_keys[1:]],
        # CSRF and messages only; never who is signed in.
        SESSION_COOKIE_NAME=f"{prefix}gensvar-form",
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        GENSVAR_COOKIE=f"{prefix}gensvar",
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_SECRET_KEY=derived(settings.signing_keys[0], "csrf"),
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session; a form left open over lunch still works
        WTF_CSRF_SSL_STRICT=False,  # the token is enough; some proxies take the referrer away
    )
    app.session_interface = _Forms()
    csrf.init_app(app)
    app.before_request(_guard)


class _Forms(SecureCookieSessionInterface):
    """The cookie of our forms is neither read nor set where programs and widgets post: there are none."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if request.path.startswith(PROGRAMS):
            return NullSession()
        return super().open_session(app, request)


def open_to_all(view: View) -> View:
    """Marks a view under ``/admin/`` or ``/oauth/`` that nobody has to sign in for."""
    view.open_to_all = True  # type: ignore[attr-defined]
    return view


def harmless(view: View) -> View:
    """Marks a view whose POST changes nothing, so that it needs no form of ours."""
    view.harmless = True  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """For views elsewhere: only a signed-in administrator passes, and only with our own forms."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        return _refusal() or view(*args, **kwargs)

    return guarded  # type: ignore[return-value]


def current() -> Session:
    """The session of this request; raises ``Problem("unauthenticated")`` when there is none."""
    found = find()
    if found is None:
        raise Problem("unauthenticated", "Sign in to see this page.")
    return found


def who() -> Who:
    """The administrator of this request, for ``audit`` and actions."""
    return current().who


def find() -> Session | None:
    """The session of this request, or nothing; asked of the database once."""
    if "admin" not in g:
        g.admin = _look_up(services(), request.cookies.get(current_app.config["GENSVAR_COOKIE"]))
    found: Session | None = g.admin
    return found


def hand_out(response: Response, secret: str) -> Response:
    """Puts a new session into the browser; whatever an earlier visitor left there is gone."""
    session.clear()
    config = current_app.config
    response.set_cookie(
        config["GENSVAR_COOKIE"],
        secret,
        secure=config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
        path="/",
    )
    return response


def take_away(response: Response) -> Response:
    """Signs the browser out; the session's row must be gone already."""
    session.clear()
    config = current_app.config
    response.delete_cookie(
        config["GENSVAR_COOKIE"],
        secure=config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
        path="/",
    )
    return response


def _look_up(here: Services, secret: str | None) -> Session | None:
    if not secret:
        return None
    with here.database.read() as connection:
        found = sessions.find(connection, here.clock, secret)
    if found and sessions.stale(found, here.clock):
        with here.database.write() as connection:
            sessions.touch(connection, here.clock, found)
    return found


def _guard() -> ResponseReturnValue | None:
    if not request.path.startswith(CLOSED) or request.endpoint is None:
        return None
    view = current_app.view_functions[request.endpoint]
    if not getattr(view, "open_to_all", False):
        return _refusal()
    if not getattr(view, "harmless", False):
        _check_form()
    return None


def _refusal() -> ResponseReturnValue | None:
    if find() is None:
        if request.method in UNSAFE:
            raise Problem(
                "unauthenticated",
                "Your session has ended, and nothing was changed. Sign in and do it again.",
            )
        return redirect(url_for("access.sign_in", next=request.full_path.rstrip("?")), 303)
    _check_form()
    return None


def _check_form() -> None:
    if request.method not in UNSAFE:
        return
    try:
        csrf.protect()
    except CSRFError:
        raise Problem(
            "csrf",
            "This form was opened before you signed in, or in another browser. "
            "Go back, load the page again and send the form once more. Nothing was changed.",
        ) from None
