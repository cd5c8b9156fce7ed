"""What the request at hand says beside its body, read as strictly."""

from collections.abc import Sequence

from flask import request
from werkzeug.http import parse_options_header

from plugin.errors import Problem
from plugin.strict import once, only


def media_type() -> str:
    """The request's media type; raises ``Problem("media_type")`` for another encoding than UTF-8."""
    found, options = parse_options_header(request.headers.get("Content-Type", ""))
    if options.get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
        raise Problem("media_type", "Send UTF-8.")
    return found.lower()


def query(known: Sequence[str]) -> dict[str, str]:
    """What stands in this request's query, each parameter once, none but the *known* ones; one that is empty was not
    given. Raises ``Problem("body_malformed")``."""
    given = only(once(list(request.args.items(multi=True))), known)
    return {name: value for name, value in given.items() if value}
