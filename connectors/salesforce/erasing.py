"""Taking away what we wrote about somebody: records and tasks emptied and put into the bin, fields cleared.

Emptied first, because the bin keeps things for weeks.
"""

from collections.abc import Mapping, Sequence

from connectors.manifest import manifest
from connectors.salesforce.client import BATCH, Org, Row
from connectors.salesforce.problems import settled
from connectors.salesforce.records import api_name, update_contacts
from connectors.salesforce.rows import errors, refused_for
from connectors.salesforce.standing import answer_ids, task_ids
from connectors.salesforce.tasks import MARKER
from connectors.types import ContactUpdate, Fate, Outcome, RecordRef

EMPTY = "Erased"
DONE = Outcome(Fate.DONE)


def erase(
    org: Org,
    contact_id: str,
    answers: Sequence[RecordRef],
    tasks: Sequence[RecordRef],
    capabilities: Mapping[str, str],
) -> Outcome:
    emptied = {
        one: _empty_task(key)
        for key, some in task_ids(org, tasks, capabilities).items()
        for one in some
    }
    for outcome in (_take_away_answers(org, answers), _take_away(org, "Task", emptied)):
        if outcome.fate is not Fate.DONE:
            return outcome
    fields = [f.key for f in manifest().contact.values() if f.salesforce]
    (cleared,) = update_contacts(org, [ContactUpdate(contact_id, dict.fromkeys(fields))])
    return DONE if cleared.fate is Fate.GONE else cleared


def remove_answers(org: Org, answers: Sequence[RecordRef]) -> list[Outcome]:
    """The records alone, of answers that do not count."""
    outcome = _take_away_answers(org, answers) if answers else DONE
    return [outcome for _ in answers]


def _take_away_answers(org: Org, answers: Sequence[RecordRef]) -> Outcome:
    nothing = dict.fromkeys(api_name(manifest().answer[key]) for key in ("comment", "contact"))
    records = {one: nothing for some in answer_ids(org, answers).values() for one in some}
    return _take_away(org, manifest().salesforce.answer_record.object, records)


def _empty_task(key: str) -> Row:
    """It keeps its mark, so that a try that was cut off can be done again."""
    return {"Subject": EMPTY, "Description": MARKER.format(key=key)}


def _take_away(org: Org, kind: str, emptied: Mapping[str, Row]) -> Outcome:
    every = list(emptied)
    for start in range(0, len(every), BATCH):
        some = every[start : start + BATCH]
        sent = [{"id": one, **emptied[one]} for one in some]
        deleting = {"ids": ",".join(some), "allOrNone": "false"}
        results = org.write("PATCH", "", kind, sent)
        results += org.call("composite/sobjects", "DELETE", params=deleting)
        left = [r for r in results if not (r.get("success") or refused_for(r, "ENTITY_IS_DELETED"))]
        if left:
            return settled(errors(left[0]))
    return DONE
