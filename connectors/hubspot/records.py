"""Answers as notes, and the newest values on the contact."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from connectors.errors import CrmError, MissingRight
from connectors.hubspot import batch, people
from connectors.hubspot.activities import Activity, Kind, same_id, valid
from connectors.hubspot.batch import Failed, Made, Settled, Why
from connectors.hubspot.client import Api
from connectors.hubspot.once import INVALID, judged, outcome, outcomes
from connectors.hubspot.text import BODY_LIMIT, plain, rich
from connectors.manifest import Field, manifest
from connectors.types import AnswerRecord, ContactUpdate, Outcome

BODY = "hs_note_body"


def notes(api: Api) -> Kind:
    field = manifest().answer["key"].hubspot
    unique = api.connection.capabilities.get("note_key") == "unique"
    return Kind(
        api, manifest().hubspot.answer_record, BODY, field if unique else None, renewed=True
    )


def write_answers(api: Api, records: Sequence[AnswerRecord]) -> list[Outcome]:
    """One note per answer; an answer whose note is there already gets its newest text."""
    kind = notes(api)
    wanted = {record.key: _note(kind, record) for record in records}
    proofs = {record.key: record.proof for record in records if record.proof}
    attempted = [record.key for record in records if record.attempted and not record.proof]
    done = {key: INVALID for key, one in wanted.items() if not valid(one)}
    found = kind.find([wanted[key] for key in attempted if key not in done])
    ids = {key: one for key, one in {**proofs, **found}.items() if people.valid_id(one)}
    done |= _renewed(kind, {key: one for key, one in ids.items() if key not in done}, wanted)
    fresh = [one for key, one in wanted.items() if key not in done]
    created = outcomes(kind, fresh, (), lambda _one, _failed: None)
    return [{**done, **created}[record.key] for record in records]


def _renewed(
    kind: Kind, ids: Mapping[str, str], wanted: Mapping[str, Activity]
) -> dict[str, Outcome]:
    """Bring these notes to their newest text. One that somebody deleted is left out: it is made anew."""
    done: dict[str, Outcome] = {}
    for keys in batch.chunks(ids):
        settled = kind.update([ids[key] for key in keys], [wanted[key] for key in keys])
        kept: dict[str, Settled] = {
            key: one
            for key, one in zip(keys, settled, strict=True)
            if not (isinstance(one, Failed) and one.why is Why.MISSING)
        }
        done |= judged(kind, {key: wanted[key].contact_id for key in kept}, kept)
    return done


def _note(kind: Kind, record: AnswerRecord) -> Activity:
    texts = {
        "score": str(record.score),
        "category": _label("category", record.category),
        "touchpoint": record.touchpoint,
        "kind": _label("kind", record.kind),
        "answered_at": f"{record.answered_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC",
        "comment": record.comment,
    }
    body = rich(manifest().note_body.format(**texts).rstrip(), BODY_LIMIT - kind.room)
    return Activity(
        record.key, record.contact_id, {BODY: body, "hs_timestamp": iso(record.answered_at)}
    )


def _label(key: str, value: str) -> str:
    labels = {option.value: option.label for option in manifest().answer[key].options}
    return labels.get(value, value).lower()


def update_contacts(api: Api, updates: Sequence[ContactUpdate]) -> list[Outcome]:
    """Write our fields; several updates of one contact become one, the later ones winning."""
    values: dict[str, dict[str, str]] = {}
    for update in updates:
        values.setdefault(update.contact_id, {}).update(properties_of(update))
    done = {key: INVALID for key in values if not people.valid_id(key)}
    for some in batch.chunks(key for key in values if key not in done):
        done |= _updated(api, {key: values[key] for key in some})
    return [done[update.contact_id] for update in updates]


def _updated(api: Api, values: Mapping[str, Mapping[str, str]]) -> dict[str, Outcome]:
    inputs = [{"id": key, "properties": dict(fields)} for key, fields in values.items()]
    settled = dict(
        zip(values, batch.write(api, people.FAMILY, "update", inputs, same_id), strict=True)
    )
    _stop_if_property_is_gone(settled)
    missing = [
        key for key, one in settled.items() if isinstance(one, Failed) and one.why is Why.MISSING
    ]
    try:
        fates = people.fates(api, missing, missing=True)
    except CrmError:
        fates = dict.fromkeys(missing, people.LATER)
    return {key: outcome(one, fates.get(key)) for key, one in settled.items()}


def _stop_if_property_is_gone(settled: Mapping[str, Settled]) -> None:
    """All rows fail alike when a property is missing: that is the installation's fault, not theirs."""
    gone = [one for one in settled.values() if isinstance(one, Failed) and one.why is Why.PROPERTY]
    if gone and not any(isinstance(one, Made) for one in settled.values()):
        raise MissingRight("property_missing", f"{gone[0].words}: run the install again.")


def properties_of(update: ContactUpdate) -> dict[str, str]:
    """HubSpot's names and texts for an update's values. Raises ``KeyError`` for a key that the
    manifest does not have."""
    fields = [(manifest().contact[key], value) for key, value in update.values.items()]
    return {field.hubspot: _text(field, value) for field, value in fields if field.hubspot}


def _text(field: Field, value: str | int | datetime | None) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return iso(value)
    return plain(str(value), field.length) if field.length else str(value)


def iso(at: datetime) -> str:
    """As HubSpot wants times: ISO 8601 in UTC with milliseconds."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
