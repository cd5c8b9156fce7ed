"""What only the tooling API shows: who made an object, its rules, labels, translations and the panel."""

from collections.abc import Mapping
from dataclasses import dataclass

from simple_salesforce.format import format_soql

from connectors.errors import MissingRight, Refused
from connectors.manifest import Manifest
from connectors.salesforce import labels, objects
from connectors.salesforce.client import Org, Row

RULES = (
    "SELECT ValidationName, EntityDefinition.QualifiedApiName FROM ValidationRule "
    "WHERE EntityDefinition.QualifiedApiName IN {}"
)
MARKS = "SELECT QualifiedApiName, Description FROM EntityDefinition WHERE QualifiedApiName IN {}"
LABELS = "SELECT Id, Name, MasterLabel FROM ExternalString WHERE Name LIKE '{:like}%'"
TRANSLATED = (
    "SELECT ExternalStringId, Language FROM ExternalStringLocalization WHERE Language IN {}"
)
BUNDLE = "SELECT DeveloperName, Description FROM LightningComponentBundle WHERE DeveloperName = {}"


@dataclass(frozen=True, slots=True)
class Workshop:
    """``None`` is what the connected user may not see. ``marks`` are descriptions by object, ``labels`` short
    descriptions by name, ``translated`` how many labels of ours each language has, ``bundle`` the panel's
    description, empty where there is none."""

    marks: Mapping[str, str] | None
    rules: frozenset[str] | None
    labels: Mapping[str, str] | None
    translated: Mapping[str, int] | None
    bundle: str | None


def workshop(org: Org, want: Manifest) -> Workshop:
    """Up to five calls."""
    names = list(objects.ours(want))
    marks = _tooling(org, format_soql(MARKS, names))
    rules = _tooling(org, format_soql(RULES, names))
    texts = _tooling(org, format_soql(LABELS, f"{labels.PREFIX}_"))
    bundle = _tooling(org, format_soql(BUNDLE, want.salesforce.panel.name))
    return Workshop(
        marks=_by(marks, "QualifiedApiName", "Description"),
        rules=None if rules is None else frozenset(map(_rule, rules)),
        labels=_by(texts, "Name", "MasterLabel"),
        translated=_translated(org, want, texts),
        bundle=None if bundle is None else "".join(str(r.get("Description") or "") for r in bundle),
    )


def _rule(row: Row) -> str:
    return f"{row['EntityDefinition']['QualifiedApiName']}.{row['ValidationName']}"


def _translated(org: Org, want: Manifest, texts: list[Row] | None) -> dict[str, int] | None:
    if not texts:
        return None if texts is None else {}
    rows = _tooling(org, format_soql(TRANSLATED, list(labels.translated(want))))
    ours = {row["Id"] for row in texts}
    counts: dict[str, int] = {}
    for row in rows or ():
        if row["ExternalStringId"] in ours:
            counts[row["Language"]] = counts.get(row["Language"], 0) + 1
    return None if rows is None else counts


def _by(rows: list[Row] | None, key: str, value: str) -> dict[str, str] | None:
    return None if rows is None else {row[key]: str(row.get(value) or "") for row in rows}


def _tooling(org: Org, soql: str) -> list[Row] | None:
    """Setup data, which a user without the right to view setup does not get: ``None`` then."""
    try:
        rows: list[Row] = org.call("tooling/query", params={"q": soql})["records"]
    except (MissingRight, Refused):
        return None
    return rows
