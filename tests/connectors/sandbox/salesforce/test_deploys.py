"""The sandbox takes a package apart and refuses one that is wrong."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from connectors.manifest import manifest
from connectors.salesforce.metadata import members, package, zipped
from connectors.sandbox.salesforce import SalesforceSandbox
from connectors.sandbox.salesforce.custom import Custom
from tests.connectors.sandbox.salesforce.plain import Api, error

OPTIONS = {"rollbackOnError": True, "singlePackage": True}
CONTACT = "objects/Contact.object"
VIEWER = "permissionsets/Gensvar_Viewer.permissionset"
REQUEST = "objects/Gensvar_Survey_Request__c.object"
LABELS, SWEDISH = "labels/CustomLabels.labels", "translations/sv.translation"
PANEL = "lwc/gensvarPanel/"
SCRIPT, TEMPLATE, META, SCORE, SCHEMA = (
    PANEL + name
    for name in (
        "gensvarPanel.js",
        "gensvarPanel.html",
        "gensvarPanel.js-meta.xml",
        "labels.js",
        "schema.js",
    )
)
Files = dict[str, bytes]


def whole() -> Files:
    return package(manifest(), members(manifest()))


def start(api: Api, content: bytes, **options: Any) -> Any:
    parts = {
        "json": (None, json.dumps({"deployOptions": OPTIONS | options}), "application/json"),
        "file": ("p.zip", content, "application/zip"),
    }
    return api.call("POST", "/metadata/deployRequest", files=parts)


def outcome(api: Api, files: Files, **options: Any) -> Any:
    answer = start(api, zipped(files), **options)
    assert answer.status_code == 201
    path = f"/metadata/deployRequest/{answer.json()['id']}?includeDetails=true"
    while True:
        result = api.call("GET", path).json()["deployResult"]
        if result["done"]:
            return result


def without(path: str) -> Callable[[Files], object]:
    return lambda files: files.pop(path)


def swap(path: str, old: bytes, new: bytes) -> Callable[[Files], object]:
    def change(files: Files) -> None:
        assert old in files[path]
        files[path] = files[path].replace(old, new)

    return change


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (without("package.xml"), "No package.xml"),
        (without(CONTACT), "cannot be found"),
        (without("tabs/Gensvar_Answer__c.tab"), "no CustomTab named"),
        (swap("package.xml", b"Contact.Gensvar_Score__c", b"Contact.Other__c"), "not listed"),
        (swap(CONTACT, b"<type>Number</type>", b"<type>Numbr</type>"), "enumeration"),
        (swap(CONTACT, b"</CustomObject>", b""), "Error parsing file"),
        (swap(CONTACT, b"<precision>2</precision>", b""), "precision"),
        (swap(CONTACT, b"<label>NPS score</label>", b"<label>" + b"x" * 41 + b"</label>"), "Label"),
        (swap(VIEWER, b"Contact.Gensvar_Score__c", b"Contact.Gensvar_Scoer__c"), "no CustomField"),
        (swap(VIEWER, b"<object>Account</object>", b"<object>Task</object>"), "depends on"),
        (swap(LABELS, b"<value>{score} of 10<", b"<value><"), "value: needs"),
        (swap(LABELS, b"<language>en_US<", b"<language>xx<"), "Invalid language"),
        (swap(SWEDISH, b"<name>Gensvar_score<", b"<name>Gensvar_skore<"), "no CustomLabel named"),
        (swap(SCORE, b"c.Gensvar_score", b"c.Gensvar_skore"), "type label"),
        (swap(SCHEMA, b"Contact.Gensvar_Score__c", b"Contact.Gensvar_Skore__c"), "sobjectField"),
        (swap(SCRIPT, b"export default", b"export default {"), "Parsing error"),
        (swap(SCRIPT, b'from "lwc"', b'from "lwc'), "Parsing error"),
        (swap(SCRIPT, b'"./labels"', b'"./lables"'), "No MODULE named"),
        (swap(TEMPLATE, b"</template>", b"</div>"), "Invalid HTML syntax"),
        (swap(META, b"lightning__RecordPage<", b"lightning__RecordPgae<"), "target"),
        (swap(META, b"<object>Contact", b"<object>Kontakt"), "The object Kontakt"),
        (swap(META, b"<isExposed>true", b"<isExposed>maybe"), "maybe"),
        (without(META), "js-meta.xml"),
        (without(SCRIPT), "gensvarPanel.js"),
        (lambda f: f.update({f"{PANEL}__tests__/a.js": b""}), "Unexpected folder"),
        (swap(CONTACT, b"<fullName>promoter<", b"<fullName>passive<"), "each once"),
        (swap(REQUEST, b">Gensvar_Survey_Requests<", b">Gensvar_Answers<"), "Child Relationship"),
        (swap(REQUEST, b"<columns>Gensvar_Link__c", b"<columns>Gensvar_Lnk__c"), "column"),
        (swap(REQUEST, b"AND(ISNEW(),", b"AND(ISNEW()"), "Syntax error"),
        (lambda f: f.update({"readme.txt": b"hi"}), "Unknown file"),
        (lambda f: f.update({"objects/Task.object": f["objects/Activity.object"]}), "restricted"),
    ],
)
def test_a_broken_package_changes_nothing(change: Callable[[Files], object], problem: str) -> None:
    with SalesforceSandbox() as org:
        files = whole()
        change(files)
        result = outcome(Api(org), files)
        assert result["status"] == "Failed"
        problems = [failure["problem"] for failure in result["details"]["componentFailures"]]
        assert any(problem in one for one in problems), problems
        assert "Gensvar_Answer__c" not in org.org.objects
        assert org.rows("PermissionSet") == []
        assert org.org.custom == Custom()


def test_a_checked_package_changes_nothing_and_a_deployed_one_does() -> None:
    with SalesforceSandbox() as org:
        assert outcome(Api(org), whole(), checkOnly=True)["success"]
        assert "Gensvar_Answer__c" not in org.org.objects
        result = outcome(Api(org), whole())
        assert all(one["created"] for one in result["details"]["componentSuccesses"])
        assert "Gensvar_Answer__c" in org.org.objects
        again = outcome(Api(org), whole())["details"]["componentSuccesses"]
        assert not any(one["created"] for one in again)


def test_a_field_keeps_its_type(org: SalesforceSandbox, api: Api) -> None:
    files = whole()
    swap(CONTACT, b"<type>DateTime</type>", b"<type>Checkbox</type>")(files)
    failures = outcome(api, files)["details"]["componentFailures"]
    assert "Cannot change type from datetime to boolean" in {f["problem"] for f in failures}


def test_a_deploy_can_be_cancelled(org: SalesforceSandbox, api: Api) -> None:
    path = f"/metadata/deployRequest/{start(api, zipped(whole())).json()['id']}"
    body = {"deployResult": {"status": "Canceling"}}
    assert api.call("PATCH", path, json=body).status_code == 202
    assert api.call("GET", path).json()["deployResult"]["status"] == "Canceled"
    assert api.call("PATCH", path, json=body).status_code == 400


@pytest.mark.parametrize("options", [{"rollbackOnError": False}, {"singlePackage": False}])
def test_options_that_production_refuses(api: Api, options: dict[str, bool]) -> None:
    assert error(start(api, zipped(whole()), **options))[0] == 400


def test_what_is_no_zip_no_form_or_nobodys_is_refused(org: SalesforceSandbox, api: Api) -> None:
    assert error(start(api, b"not a zip"))[0] == 400
    assert error(api.call("POST", "/metadata/deployRequest", json={}))[0] == 415
    assert error(api.call("GET", "/metadata/deployRequest/0Afgv0000009999CAA"))[0] == 404
    rep = Api(org, org.add_user("Rita", "Rep"))
    assert error(start(rep, zipped(whole()))) == (403, "INSUFFICIENT_ACCESS")
