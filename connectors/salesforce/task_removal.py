"""Our tasks put into the org's bin, where everything of ours is to be deleted."""

import re

from simple_salesforce.format import format_soql

from connectors.errors import Refused
from connectors.manifest import manifest
from connectors.salesforce.client import BATCH, Org
from connectors.salesforce.look import describe
from connectors.salesforce.records import api_name
from connectors.salesforce.rows import refused_for
from connectors.salesforce.tasks import MARKER

MARKED = re.compile(rf"(?m)^{re.escape(MARKER.format(key=''))}\S+\s*$")


def bin_some(org: Org) -> bool:
    """Deletes up to a batch of our tasks; whether there were any. Raises ``Refused`` for one that must stay."""
    found = _ours(org)[:BATCH]
    if not found:
        return False
    sent = {"ids": ",".join(found), "allOrNone": "false"}
    results = org.call("composite/sobjects", "DELETE", params=sent)
    kept = [r for r in results if not r.get("success") and not refused_for(r, "ENTITY_IS_DELETED")]
    if kept:
        words = (
            f"Salesforce refused to delete {len(kept)} of our tasks. Allow it, then run it again."
        )
        raise Refused("tasks_not_deleted", words)
    return True


def _ours(org: Org) -> list[str]:
    """By the key where the org has the field, else by the marker in the text: text cannot be searched."""
    key = api_name(manifest().task["key"])
    task = describe(org, "Task") or {"fields": []}
    if any(field["name"] == key for field in task["fields"]):
        keyed = format_soql("SELECT Id FROM Task WHERE {:literal} != null LIMIT {}", key, BATCH)
        return [row["Id"] for row in org.query(keyed)]
    subjects = (manifest().task_texts.subject, manifest().telling.subject)
    begins = [subject.partition("{")[0] for subject in subjects]
    soql = (
        "SELECT Id, Description FROM Task WHERE Subject LIKE '{:like}%' OR Subject LIKE '{:like}%'"
    )
    rows = org.query(format_soql(soql, *begins))
    return [row["Id"] for row in rows if MARKED.search(str(row.get("Description") or ""))]
