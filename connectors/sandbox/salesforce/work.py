"""One run over a package: what was found wrong, what was done."""

from typing import Any

from connectors.sandbox.salesforce import wsdl
from connectors.sandbox.salesforce.org import Org

N = f"{{{wsdl.NAMESPACE}}}"
Failures = list[dict[str, Any]]


def Failure(kind: str, name: str, path: str, problem: str, line: int = 1) -> dict[str, Any]:  # noqa: N802
    """One entry of ``componentFailures``."""
    return {
        "componentType": kind,
        "fullName": name,
        "fileName": path,
        "lineNumber": line,
        "columnNumber": 1,
        "problem": problem,
        "problemType": "Error",
        "success": False,
    }


class Work:
    """One run over a package. Failures stop nothing, so that all of them are told at once."""

    def __init__(self, org: Org, user: str) -> None:
        self.org, self.user = org, user
        self.failures: Failures = []
        self.successes: list[dict[str, Any]] = []
        self.listing: dict[str, list[str]] = {}
        self.found: set[tuple[str, str]] = set()

    def listed(self, kind: str, name: str, path: str) -> bool:
        self.found.add((kind, name))
        if name in self.listing.get(kind, ()):
            return True
        self.fail(kind, name, path, f"{name} of type {kind} is not listed in package.xml")
        return False

    def fail(self, kind: str, name: str, path: str, problem: str) -> None:
        self.failures.append(Failure(kind, name, path, problem))

    def done(
        self, kind: str, name: str, path: str, *, created: bool, deleted: bool = False
    ) -> None:
        success = {"componentType": kind, "fullName": name, "fileName": path, "success": True}
        self.successes.append(success | {"created": created, "changed": True, "deleted": deleted})


def texts(node: Any) -> dict[str, str]:
    """The children of *node* that hold text."""
    return {
        child.tag.removeprefix(N): child.text or "" for child in node if isinstance(child.tag, str)
    }
