"""Taking away what we wrote about somebody: notes and tasks emptied and put into the bin, fields cleared.

Emptied first, because the bin keeps things for months.
"""

from collections.abc import Mapping, Sequence

from connectors.hubspot import batch
from connectors.hubspot.activities import Activity, Kind
from connectors.hubspot.batch import Failed, Why
from connectors.hubspot.client import Api
from connectors.hubspot.records import BODY, notes, update_contacts
from connectors.hubspot.standing import found
from connectors.hubspot.tasks import BODY as TASK_BODY
from connectors.hubspot.tasks import tasks
from connectors.manifest import manifest
from connectors.types import ContactUpdate, Fate, Outcome, RecordRef

EMPTY = "Erased"
BUSY = Outcome(Fate.BUSY, code="busy", detail="HubSpot did not empty a record of ours.")


def erase(
    api: Api, contact_id: str, noted: Sequence[RecordRef], wanted: Sequence[RecordRef]
) -> Outcome:
    emptied = (
        _take_away(notes(api), noted, {BODY: EMPTY}),
        _take_away(tasks(api), wanted, {TASK_BODY: EMPTY, "hs_task_subject": EMPTY}),
    )
    if not all(emptied):
        return BUSY
    (cleared,) = update_contacts(
        api, [ContactUpdate(contact_id, dict.fromkeys(manifest().contact))]
    )
    return Outcome(Fate.DONE) if cleared.fate is Fate.GONE else cleared


def remove_answers(api: Api, answers: Sequence[RecordRef]) -> list[Outcome]:
    """The notes alone, of answers that do not count."""
    emptied = not answers or _take_away(notes(api), answers, {BODY: EMPTY})
    return [Outcome(Fate.DONE) if emptied else BUSY for _ in answers]


def _take_away(kind: Kind, refs: Sequence[RecordRef], empty: Mapping[str, str]) -> bool:
    """Whether all that was there is in the bin; what could not be emptied is left for another try."""
    by_key = {ref.key: ref for ref in refs}
    there = found(kind, list(by_key.values()))
    by_id = {record_id: by_key[key] for key, some in there.items() for record_id in some}
    return all(_empty_and_bin(kind, some, by_id, empty) for some in batch.chunks(by_id))


def _empty_and_bin(
    kind: Kind, ids: Sequence[str], refs: Mapping[str, RecordRef], empty: Mapping[str, str]
) -> bool:
    wanted = [Activity(refs[one].key, refs[one].contact_id, empty) for one in ids]
    settled = dict(zip(ids, kind.update(ids, wanted), strict=True))
    left = [one for one, fate in settled.items() if isinstance(fate, Failed)]
    emptied = {"inputs": [{"id": one} for one in ids if one not in left]}
    if emptied["inputs"]:
        kind.api.call(f"{kind.family}.batch_api", "archive", emptied, write=True)
    return all(_missing(settled[one]) for one in left)


def _missing(fate: object) -> bool:
    return isinstance(fate, Failed) and fate.why is Why.MISSING
