"""Metadata deploys over REST: started, polled, cancelled.

https://developer.salesforce.com/docs/platform/api-metadata/guide/meta-rest-deploy.html
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connectors.errors import Refused
from connectors.salesforce import ids, metadata
from connectors.salesforce.client import Org
from connectors.salesforce.members import Member

OPTIONS = {
    "allowMissingFiles": False,
    "autoUpdatePackage": False,
    "ignoreWarnings": False,
    "performRetrieve": False,
    "purgeOnDelete": False,
    "rollbackOnError": True,
    "singlePackage": True,
    "testLevel": "NoTestRun",
}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a deploy is; ``failed`` names what Salesforce refused, ``retyped`` those refused
    because the org has them with another type."""

    done: bool
    succeeded: bool
    words: str
    failed: frozenset[Member] = frozenset()
    retyped: frozenset[Member] = frozenset()


def start(org: Org, files: Mapping[str, bytes], *, check_only: bool) -> str:
    """Hands the package over; answers the deploy's id."""
    options = json.dumps({"deployOptions": OPTIONS | {"checkOnly": check_only}})
    parts = {
        "json": (None, options, "application/json"),
        "file": ("deploy.zip", metadata.zipped(files), "application/zip"),
    }
    # No content type of ours: requests writes the multipart boundary into its own.
    headers = {"Content-Type": None}
    answer = org.call("metadata/deployRequest", "POST", files=parts, headers=headers)
    return _id(answer.get("id"))


def progress(org: Org, deploy_id: str) -> Progress:
    answer = org.call(f"metadata/deployRequest/{_id(deploy_id)}", params={"includeDetails": "true"})
    result: dict[str, Any] = answer.get("deployResult") or {}
    failures = _listed((result.get("details") or {}).get("componentFailures"))
    status, done = str(result.get("status")), _true(result.get("done"))
    count = (
        f"{result.get('numberComponentsDeployed', 0)} of {result.get('numberComponentsTotal', 0)}"
    )
    return Progress(
        done=done,
        succeeded=done and status == "Succeeded",
        words=f"Salesforce is working on the package: {status}, {count} components.",
        failed=frozenset(_member(failure) for failure in failures),
        retyped=frozenset(_member(f) for f in failures if "change type" in str(f.get("problem"))),
    )


def cancel(org: Org, deploy_id: str) -> None:
    body = {"deployResult": {"status": "Canceling"}}
    org.call(f"metadata/deployRequest/{_id(deploy_id)}", "PATCH", json=body)


def _member(failure: Mapping[str, Any]) -> Member:
    return Member(str(failure.get("componentType") or ""), str(failure.get("fullName") or ""))


def _listed(found: Any) -> list[dict[str, Any]]:
    """One failure may come as itself instead of a list."""
    entries = [found] if isinstance(found, dict) else found or []
    return [entry for entry in entries if isinstance(entry, dict)]


def _true(value: Any) -> bool:
    return value is True or value == "true"


def _id(text: Any) -> str:
    if not isinstance(text, str) or not ids.valid(text, "0Af"):
        raise Refused(
            "deploy_unknown", "The deploy is not known any more: start the install again."
        )
    return text
