"""The administrators' own pages; each module holds the routes of one subject."""

from flask import Blueprint, request

from plugin.access.guard import CLOSED, find
from plugin.access.rules import device
from plugin.access.sessions import Session
from plugin.errors import Problem

blueprint = Blueprint("access", "plugin")


@blueprint.app_context_processor
def _me() -> dict[str, Session | None]:
    """Who is signed in, for the menu; customers' pages ask nobody."""
    return {"me": find() if request.path.startswith(CLOSED) else None}


def this_device() -> str:
    return device(request.headers.get("User-Agent", ""))


def field_errors(problem: Problem) -> dict[str, str]:
    """What to show beside the fields; anything that is not about fields goes on upwards."""
    if problem.code != "field_invalid":
        raise problem
    return problem.fields
