"""What stands in an account of what we wrote there: by our keys, a hundred a call."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TypeAlias

from connectors.hubspot import batch, people
from connectors.hubspot.activities import Kind
from connectors.hubspot.client import Api
from connectors.hubspot.records import notes
from connectors.hubspot.tasks import tasks
from connectors.manifest import Field, manifest
from connectors.types import RecordRef, RecordStates

Value: TypeAlias = str | int | datetime | None


def record_states(
    api: Api,
    answers: Sequence[RecordRef],
    wanted: Sequence[RecordRef],
    tellings: Sequence[RecordRef],
) -> RecordStates:
    noted = found(notes(api), [*answers, *tellings])
    return RecordStates(
        answers={ref.key: noted[ref.key] for ref in answers},
        tasks=found(tasks(api), wanted),
        tellings={ref.key: noted[ref.key] for ref in tellings},
    )


def found(kind: Kind, refs: Sequence[RecordRef]) -> dict[str, tuple[str, ...]]:
    """By key the ids of what is there: what bears the key, and what we were told we had made."""
    if not refs:
        return {}
    ids = kind.every(refs)
    proofs = {ref.proof: ref.key for ref in refs if people.valid_id(ref.proof)}
    for row in batch.read(kind.api, kind.family, list(proofs), []) if proofs else ():
        ids[proofs[str(row["id"])]].add(str(row["id"]))
    return {key: tuple(sorted(some, key=int)) for key, some in ids.items()}


def contact_values(api: Api, contact_ids: Sequence[str]) -> dict[str, Mapping[str, Value] | None]:
    """Only under their own ids: one that was merged away has no values any more."""
    fields = {f.hubspot: f for f in manifest().contact.values() if f.hubspot}
    known = [contact_id for contact_id in contact_ids if people.valid_id(contact_id)]
    rows = batch.read(api, people.FAMILY, known, list(fields)) if known else []
    held = {
        str(row["id"]): {
            f.key: _value(f, row["properties"].get(name)) for name, f in fields.items()
        }
        for row in rows
    }
    return {contact_id: held.get(contact_id) for contact_id in contact_ids}


def _value(field: Field, text: str | None) -> Value:
    """As we write it; what somebody made of a field that does not look like ours stays text."""
    if not text:
        return None
    try:
        if field.type == "integer":
            return int(float(text))
        return datetime.fromisoformat(text) if field.type == "datetime" else text
    except ValueError:
        return text
