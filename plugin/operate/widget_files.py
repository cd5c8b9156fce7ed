"""The widget's files: each version for ever, the newest for a short while, compressed once at start."""

from dataclasses import dataclass
from functools import cache

import brotli
from flask import Blueprint, Response, request
from widget.snippet import files

from plugin.errors import Problem

blueprint = Blueprint("widget_files", __name__)

FOR_EVER = "public, max-age=31536000, immutable"
FOR_NOW = "public, max-age=600"


@dataclass(frozen=True, slots=True)
class _Ready:
    plain: bytes
    compressed: bytes
    media_type: str
    etag: str


@blueprint.get("/<any(v1):version>/<path:name>")
def versioned(version: str, name: str) -> Response:
    return _send(f"/{version}/{name}", FOR_EVER)


@blueprint.get("/widget.<locale>.js")
def newest(locale: str) -> Response:
    return _send(f"/widget.{locale}.js", FOR_NOW)


def _send(path: str, cache_control: str) -> Response:
    found = _ready().get(path)
    if found is None:
        raise Problem("not_found", "There is no such widget file.")
    compressed = request.accept_encodings.quality("br") > 0
    response = Response(found.compressed if compressed else found.plain, mimetype=found.media_type)
    if compressed:
        response.headers["Content-Encoding"] = "br"
    response.vary.add("Accept-Encoding")
    response.set_etag(found.etag + ("-br" if compressed else ""))
    response.headers["Cache-Control"] = cache_control
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.make_conditional(request)
    return response


@cache
def _ready() -> dict[str, _Ready]:
    return {
        path: _Ready(
            plain=file.content,
            compressed=brotli.compress(file.content, quality=11),
            media_type=file.media_type,
            etag=file.digest,
        )
        for path, file in files().items()
    }
