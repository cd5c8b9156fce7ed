"""What every page of ours needs: addresses of assets, the same page at another cursor."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import Flask, request, url_for

from plugin.addresses import origin
from plugin.errors import Problem
from plugin.numbers import number, several
from plugin.services import services
from plugin.times import ago, iso, wait, when

Row = TypeVar("Row")
STATIC = Path(__file__).parent / "static"


def prepare(app: Flask) -> None:
    """Gives the templates their filters and helpers."""
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        when=when, iso=iso, ago=_ago, wait=wait, number=number, several=several
    )
    app.jinja_env.globals.update(
        asset=asset, same_page=same_page, came_from=came_from, way_back=way_back
    )


def _ago(at: datetime) -> str:
    return ago(at, services().clock.now())


def asset(name: str) -> str:
    """The address of a file in ``static/``, another one whenever its content changes."""
    return url_for("static", filename=name, v=_fingerprint(name))


@cache
def _fingerprint(name: str) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]


def same_page(**changed: Any) -> str:
    """This page with some of its query changed; a value of none takes that part away."""
    query = {name: value for name, value in (request.args.to_dict() | changed).items() if value}
    return f"{request.path}?{urlencode(query)}" if query else request.path


def cut(found: Sequence[Row], size: int, cursor: Callable[[Row], str]) -> tuple[list[Row], str]:
    """A page of *size* from one row more than that, and where the next page begins (or nothing)."""
    shown = list(found[:size])
    return shown, cursor(shown[-1]) if len(found) > size else ""


def way_back(problem: Problem) -> str:
    """Where an administrator goes on after a refusal: the page she came from, after signing in if
    that is what was missing. Customers are sent nowhere."""
    if not request.path.startswith(("/admin/", "/oauth/")):
        return ""
    if problem.code == "unauthenticated":
        return url_for("access.sign_in", next=came_from())
    return came_from()


def came_from() -> str:
    """The administrators' page that led here, else the overview. Behind a proxy the request names a host of its own."""
    page, ours = request.referrer or "", origin(services().settings.base_url)
    return page.removeprefix(ours) if page.startswith(f"{ours}/admin/") else "/admin/"
