"""The document is valid, and describes every public route and no other."""

import json
import re

from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from plugin.app import create_app
from plugin.errors import STATUS
from plugin.operate.openapi import document
from plugin.wiring import build_services
from tests.support.admin import settings

FOR_PEOPLE = ("/admin", "/static")
METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


def test_it_is_valid_and_one_document(gensvar):
    ran = gensvar("openapi")

    validate(json.loads(ran.out))
    assert ran.code == 0


def test_every_public_route_is_described_and_nothing_else(tmp_path):
    app = create_app(build_services(settings(f"sqlite:///{tmp_path}/gensvar.db")))
    found = set()
    for rule in app.url_map.iter_rules():
        path = re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule.rule)
        automatic = {"OPTIONS"} if rule.provide_automatic_options else set()
        found |= {(path, method) for method in rule.methods & METHODS - automatic}
    public = {
        (path, method) for path, method in found if path != "/" and not path.startswith(FOR_PEOPLE)
    }

    assert described() == public


def described() -> set[tuple[str, str]]:
    return {
        (path, method.upper())
        for path, operations in document()["paths"].items()
        for method in operations
    }


def test_every_example_fits_its_schema():
    whole = document()
    checked = 0
    for schema, example in examples(whole["paths"]):
        Draft202012Validator({**schema, "components": whole["components"]}).validate(example)
        checked += 1
    assert checked > 20


def examples(node):
    """Schema and example of every body, wherever it stands."""
    if not isinstance(node, dict):
        return
    if "schema" in node and ("example" in node or "examples" in node):
        given = [one["value"] for one in node.get("examples", {}).values()]
        yield from (
            (node["schema"], one)
            for one in [*given, *([node["example"]] if "example" in node else [])]
        )
    for inside in node.values():
        yield from examples(inside)


def test_the_codes_are_the_codes_of_the_code():
    assert document()["components"]["schemas"]["Problem"]["properties"]["code"]["enum"] == sorted(
        STATUS
    )


def test_whoever_may_come_with_a_link_that_is_none_may_come_too_often():
    operations = [one for path in document()["paths"].values() for one in path.values()]
    told = [json.dumps(one["responses"]) for one in operations]
    links = [one for one in told if "link_invalid" in one]
    assert len(links) == 5
    assert all("rate_limited" in one for one in links)
