"""REST metadata deploys: takes the zip apart, checks it as a whole, applies it when it is its turn.

https://developer.salesforce.com/docs/platform/api-metadata/guide/meta-rest-deploy.html
"""

import copy
import io
import json
import zipfile
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from connectors.sandbox.salesforce import wsdl
from connectors.sandbox.salesforce.bundles import apply_bundle
from connectors.sandbox.salesforce.components import apply_object, apply_tab
from connectors.sandbox.salesforce.destruction import destroy
from connectors.sandbox.salesforce.grants import apply_permissions
from connectors.sandbox.salesforce.org import Org
from connectors.sandbox.salesforce.problems import Refusal, bad
from connectors.sandbox.salesforce.words import apply_labels, apply_translations
from connectors.sandbox.salesforce.work import Failure, Failures, Work

N = f"{{{wsdl.NAMESPACE}}}"
FOLDERS = {
    "objects": "object", "tabs": "tab", "labels": "labels", "translations": "translation",
    "permissionsets": "permissionset",
}  # fmt: skip
ROOTS = {
    "object": "CustomObject", "tab": "CustomTab", "labels": "CustomLabels",
    "translation": "Translations", "permissionset": "PermissionSet",
}  # fmt: skip
BUNDLES = "lwc/"
WANTED_OPTIONS = {"rollbackOnError": True, "singlePackage": True}
Listing = dict[str, list[str]]


@dataclass(slots=True)
class Deploy:
    """One deploy; ``polls`` counts how often somebody asked about it."""

    id: str
    options: dict[str, Any]
    content: bytes
    status: str = "Pending"
    polls: int = 0
    failures: Failures = field(default_factory=list)
    successes: list[dict[str, Any]] = field(default_factory=list)

    @property
    def done(self) -> bool:
        return self.status in ("Succeeded", "Failed", "Canceled")

    def answer(self) -> dict[str, Any]:
        details = {"componentFailures": self.failures, "componentSuccesses": self.successes}
        return {
            "id": self.id,
            "validatedDeployRequestId": None,
            "deployOptions": self.options,
            "deployResult": {
                "id": self.id,
                "status": self.status,
                "done": self.done,
                "success": self.status == "Succeeded",
                "checkOnly": self.options["checkOnly"],
                "numberComponentErrors": len(self.failures),
                "numberComponentsDeployed": len(self.successes),
                "numberComponentsTotal": len(self.failures) + len(self.successes),
                "details": details,
            },
        }


def started(org: Org, options_json: str, content: bytes) -> Deploy:
    """A new deploy in the queue; raises ``Refusal`` for options or a file that is none."""
    options = _options(options_json)
    if not zipfile.is_zipfile(io.BytesIO(content)):
        raise bad("INVALID_INPUT", "the file is not a zip")
    return Deploy(org.new_id("0Af"), options, content)


def advance(org: Org, deploy: Deploy, user: str) -> None:
    """Another look at it: pending, in progress, and then whatever came of it."""
    deploy.polls += 1
    if deploy.done:
        return
    if deploy.polls <= org.options.deploy_polls:
        deploy.status = "InProgress"
        return
    _run(org, deploy, user)


def apply_now(org: Org, content: bytes, user: str) -> None:
    """Deploys *content* without any queue; raises ``ValueError`` with what was wrong."""
    failures, _ = _applied(org, content, user)
    if failures:
        raise ValueError([failure["problem"] for failure in failures])


def cancel(deploy: Deploy) -> None:
    if deploy.done:
        raise bad("INVALID_ID_FIELD", "the deploy is completed already")
    deploy.status = "Canceled"


def _options(text: str) -> dict[str, Any]:
    try:
        options = json.loads(text)["deployOptions"]
    except (ValueError, KeyError, TypeError):
        raise Refusal(400, "JSON_PARSER_ERROR", "deployOptions are missing") from None
    for name, wanted in WANTED_OPTIONS.items():
        if options.get(name) is not wanted:
            raise bad("INVALID_INPUT", f"{name} must be {wanted} in production")
    return {"checkOnly": False, **options}


def _run(org: Org, deploy: Deploy, user: str) -> None:
    before = copy.deepcopy((org.objects, org.rows, org.custom))
    failures, successes = _applied(org, deploy.content, user)
    deploy.failures, deploy.successes = failures, successes
    deploy.status = "Failed" if failures else "Succeeded"
    if failures or deploy.options["checkOnly"]:
        org.objects, org.rows, org.custom = before
        deploy.successes = [] if failures else successes


def _applied(org: Org, content: bytes, user: str) -> tuple[Failures, list[dict[str, Any]]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    if "package.xml" not in files:
        return [Failure("", "", "package.xml", "No package.xml found")], []
    wrong = [f for path, text in files.items() for f in _unreadable(path, text)]
    if wrong:
        return wrong, []
    work = Work(org, user)
    work.listing = _listing(files.pop("package.xml"))
    destructive = files.pop("destructiveChanges.xml", None)
    _deploy(work, files)
    if destructive is not None and not work.failures:
        destroy(work, _listing(destructive))
    return work.failures, work.successes


def _deploy(work: Work, files: dict[str, bytes]) -> None:
    """Applies *files* in the order in which things need each other."""
    appliers = {
        "objects": apply_object, "tabs": apply_tab, "labels": apply_labels,
        "translations": apply_translations, "permissionsets": apply_permissions,
    }  # fmt: skip
    plain = [path for path in files if not path.startswith(BUNDLES)]
    for path in sorted(plain, key=lambda p: (list(appliers).index(p.split("/")[0]), p)):
        folder, name = path.rsplit(".", 1)[0].split("/", 1)
        appliers[folder](work, path, name, etree.fromstring(files[path]))
    for name in sorted({path.split("/")[1] for path in files if path.startswith(BUNDLES)}):
        start = f"{BUNDLES}{name}/"
        inside = {
            path.removeprefix(start): text for path, text in files.items() if path.startswith(start)
        }
        apply_bundle(work, name, inside)
    for kind, names in work.listing.items():
        for name in names:
            if (kind, name) not in work.found:
                problem = f"Entity of type '{kind}' named '{name}' cannot be found"
                work.fail(kind, name, "package.xml", problem)


def _unreadable(path: str, text: bytes) -> Failures:
    if path in ("package.xml", "destructiveChanges.xml"):
        kind = "Package"
    elif path.startswith(BUNDLES):
        return []
    else:
        folder, _, name = path.partition("/")
        suffix = name.rsplit(".", 1)[-1]
        if FOLDERS.get(folder) != suffix:
            return [Failure("", "", path, f"Unknown file: {path}")]
        kind = ROOTS[suffix]
    return [Failure(kind, "", path, problem, line) for line, problem in wsdl.problems(text, kind)]


def _listing(text: bytes) -> Listing:
    root = etree.fromstring(text)
    return {
        types.findtext(f"{N}name"): [member.text for member in types.findall(f"{N}members")]
        for types in root.findall(f"{N}types")
    }
