"""The widget's files: each version for ever, the newest for a short while."""

from functools import cache

import brotli
from flask import Blueprint, Response, request

from plugin.errors import Problem
from widget.snippet import files

blueprint = Blueprint("widget_files", __name__)

FOR_EVER = "public, max-age=31536000, immutable"
FOR_NOW = "public, max-age=600"


@blueprint.get("/<any(v1):version>/<name>")
def versioned(version: str, name: str) -> Response:
    return _send(f"/{version}/{name}")


@blueprint.get("/widget.<locale>.js")
def newest(locale: str) -> Response:
    return _send(f"/widget.{locale}.js")


def _send(path: str) -> Response:
    found = files().get(path)
    if found is None:
        raise Problem("not_found", "There is no such widget file.")
    compress = request.accept_encodings.quality("br") > 0
    response = Response(
        _compressed(path) if compress else found.content, content_type=found.content_type
    )
    if compress:
        response.headers["Content-Encoding"] = "br"
    response.vary.add("Accept-Encoding")
    response.set_etag(found.integrity + ("-br" if compress else ""))
    response.headers["Cache-Control"] = FOR_EVER if found.immutable else FOR_NOW
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.make_conditional(request)
    return response


@cache
def _compressed(path: str) -> bytes:
    """Once per file and process; the files never change while it runs."""
    compressed: bytes = brotli.compress(files()[path].content, quality=11)
    return compressed
