"""What stands in an org of what we wrote there: by our keys, in a few queries."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TypeAlias

from simple_salesforce.format import format_soql

from connectors.manifest import Field, manifest
from connectors.salesforce import ids
from connectors.salesforce.client import Org, Row
from connectors.salesforce.records import api_name
from connectors.salesforce.tasks import MARKER, lines
from connectors.types import RecordRef, RecordStates

Value: TypeAlias = str | int | datetime | None


def record_states(
    org: Org,
    answers: Sequence[RecordRef],
    tasks: Sequence[RecordRef],
    tellings: Sequence[RecordRef],
    capabilities: Mapping[str, str],
) -> RecordStates:
    return RecordStates(
        answers=answer_ids(org, answers),
        tasks=task_ids(org, tasks, capabilities),
        tellings=task_ids(org, tellings, capabilities),
    )


def answer_ids(org: Org, refs: Sequence[RecordRef]) -> dict[str, tuple[str, ...]]:
    kind = manifest().salesforce.answer_record.object
    return _by_key(org, kind, api_name(manifest().answer["key"]), refs)


def task_ids(
    org: Org, refs: Sequence[RecordRef], capabilities: Mapping[str, str]
) -> dict[str, tuple[str, ...]]:
    """By the unique field, or by the marker in the text and by what we were told we had made."""
    if capabilities.get("task_key") == "unique":
        return _by_key(org, "Task", api_name(manifest().task["key"]), refs)
    found: dict[str, set[str]] = {ref.key: set() for ref in refs}
    proofs = {ids.long(ref.proof): ref.key for ref in refs if ids.valid(ref.proof, "00T")}
    marks = {MARKER.format(key=key): key for key in found}
    for row in _tasks_of(org, refs) + _tasks(org, "Id", list(proofs)):
        said = {marks[line] for line in lines(row.get("Description")) if line in marks}
        for key in said | ({proofs[row["Id"]]} if row["Id"] in proofs else set()):
            found[key].add(row["Id"])
    return {key: tuple(sorted(some)) for key, some in found.items()}


def contact_values(org: Org, contact_ids: Sequence[str]) -> dict[str, Mapping[str, Value] | None]:
    fields = {api_name(f): f for f in manifest().contact.values() if f.salesforce}
    known = {given: ids.long(given) for given in contact_ids if ids.valid(given, ids.CONTACT)}
    soql = "SELECT Id, {fields:literal} FROM Contact WHERE Id IN {some}"

    def query(some: list[str]) -> str:
        return format_soql(soql, fields=", ".join(fields), some=some)

    held = {
        row["Id"]: {f.key: _value(f, row.get(name)) for name, f in fields.items()}
        for row in org.query_in(query, list(known.values()))
    }
    return {given: held.get(known.get(given, "")) for given in contact_ids}


def _by_key(
    org: Org, kind: str, field: str, refs: Sequence[RecordRef]
) -> dict[str, tuple[str, ...]]:
    soql = "SELECT Id, {field:literal} FROM {kind:literal} WHERE {field:literal} IN {some}"

    def query(some: list[str]) -> str:
        return format_soql(soql, field=field, kind=kind, some=some)

    rows = org.query_in(query, [ref.key for ref in refs])
    found: dict[str, list[str]] = {ref.key: [] for ref in refs}
    for row in rows:
        found[row[field]].append(row["Id"])
    return {key: tuple(sorted(some)) for key, some in found.items()}


def _tasks_of(org: Org, refs: Sequence[RecordRef]) -> list[Row]:
    contacts = [ids.long(ref.contact_id) for ref in refs if ids.valid(ref.contact_id, ids.CONTACT)]
    return _tasks(org, "WhoId", contacts)


def _tasks(org: Org, column: str, values: Sequence[str]) -> list[Row]:
    soql = "SELECT Id, Description FROM Task WHERE {column:literal} IN {some}"
    return org.query_in(lambda some: format_soql(soql, column=column, some=some), values)


def _value(field: Field, held: object) -> Value:
    """As we write it; what does not look like ours stays text."""
    if held is None or held == "":
        return None
    try:
        if field.type == "integer":
            return int(float(str(held)))
        if field.type == "datetime":
            return datetime.fromisoformat(str(held)).astimezone(UTC)
    except ValueError:
        return str(held)
    return str(held)
