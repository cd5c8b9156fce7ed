"""Several requests in one call, which is also how they are counted. Of all that the real one takes only queries:
nobody sends it anything else here.

https://developer.salesforce.com/docs/platform/api-rest/guide/resources-composite-composite-post.html
"""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

from flask import g

from connectors.sandbox.salesforce import queries
from connectors.sandbox.salesforce.problems import Refusal, bad

LIMIT, QUERIES = 25, 5
REFERENCE = re.compile(r"[A-Za-z0-9_]+", re.ASCII)
FIELDS = {"method", "url", "referenceId", "body", "httpHeaders"}


def composite(body: dict[str, Any]) -> dict[str, Any]:
    """What each request answers, in their order; raises ``Refusal`` when the call as a whole is wrong."""
    requests = body.get("compositeRequest")
    if not isinstance(requests, list) or not requests:
        raise bad("JSON_PARSER_ERROR", "compositeRequest is missing")
    if len(requests) > LIMIT:
        raise bad("INVALID_INPUT", f"At most {LIMIT} requests in a composite")
    for one in requests:
        _check(one)
    names = [one["referenceId"] for one in requests]
    if len(set(names)) < len(names):
        raise bad("INVALID_INPUT", "Duplicate referenceId provided in composite request")
    if len(requests) > QUERIES:
        raise bad("INVALID_INPUT", f"At most {QUERIES} of them may be queries")
    return {"compositeResponse": [_answered(one) for one in requests]}


def _check(one: Any) -> None:
    if not isinstance(one, dict) or not FIELDS.issuperset(one):
        raise bad("JSON_PARSER_ERROR", "Unrecognized field in a composite request")
    if not all(isinstance(one.get(name), str) for name in ("method", "url", "referenceId")):
        raise bad("JSON_PARSER_ERROR", "method, url and referenceId are needed")
    if REFERENCE.fullmatch(one["referenceId"]) is None:
        raise bad("INVALID_INPUT", "Provided referenceId has characters that are not allowed")


def _answered(one: dict[str, Any]) -> dict[str, Any]:
    status, body = _query(one)
    return {
        "body": body,
        "httpHeaders": {},
        "httpStatusCode": status,
        "referenceId": one["referenceId"],
    }


def _query(one: dict[str, Any]) -> tuple[int, Any]:
    try:
        return 200, _page(one)
    except Refusal as refusal:
        return refusal.status, refusal.body


def _page(one: dict[str, Any]) -> queries.Page:
    address = urlsplit(one["url"])
    root = f"/services/data/v{g.version}/"
    resource = address.path.removeprefix(root).rstrip("/")
    if one["method"] != "GET" or resource not in ("query", "queryAll"):
        raise Refusal(404, "NOT_FOUND", "The requested resource does not exist")
    asked = parse_qs(address.query).get("q", [""])
    return queries.answered(asked[0], deleted=resource == "queryAll")
