"""What a contact was told, as a task that is done already: the timeline shows it, and it is nobody's work.

Where the org has the subtype it looks like a logged e-mail. An org that refuses the subtype gets a plain task.
https://developer.salesforce.com/docs/platform/object-reference/references/standard-objects/object-task.html
"""

from collections.abc import Mapping, Sequence
from datetime import UTC

from connectors.manifest import manifest
from connectors.salesforce import ids
from connectors.salesforce.client import Org, Row
from connectors.salesforce.completing import NO_STATUS, closed_status
from connectors.salesforce.records import in_batches
from connectors.salesforce.rows import refused_for
from connectors.salesforce.tasks import SUBJECT, made_before, send, told, with_key
from connectors.salesforce.text import cut, inert
from connectors.types import Fate, Outcome, Telling

SUBTYPE = "TaskSubtype"
NO_SUBTYPE = (
    "INVALID_FIELD_FOR_INSERT_UPDATE",
    "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
    "INVALID_FIELD",
)


def write_tellings(
    org: Org, tellings: Sequence[Telling], capabilities: Mapping[str, str]
) -> list[Outcome]:
    status = capabilities.get("task_closed") or closed_status(org)
    if not status:
        return [NO_STATUS for _ in tellings]

    def write(some: Sequence[Telling]) -> list[Outcome]:
        made = {one.key: one.proof for one in some if one.proof}
        made |= made_before(org, [one for one in some if one.attempted], capabilities)
        wanted = [one for one in some if one.key not in made]
        written = iter(_written(org, wanted, status, capabilities) if wanted else ())
        return [
            Outcome(Fate.DONE, crm_id=made[one.key]) if one.key in made else next(written)
            for one in some
        ]

    return in_batches(write, tellings)


def _written(
    org: Org, tellings: Sequence[Telling], status: str, capabilities: Mapping[str, str]
) -> list[Outcome]:
    sent = [_record(one, status, capabilities) for one in tellings]
    results = send(org, sent, capabilities)
    again = [i for i, result in enumerate(results) if SUBTYPE in sent[i] and _refused(result)]
    if again:
        plain = [{k: v for k, v in sent[i].items() if k != SUBTYPE} for i in again]
        for i, result in zip(again, send(org, plain, capabilities), strict=True):
            results[i] = result
    return told(org, tellings, results, capabilities)


def _refused(result: Row) -> bool:
    return any(refused_for(result, code) for code in NO_SUBTYPE)


def _record(one: Telling, status: str, capabilities: Mapping[str, str]) -> Row:
    texts = manifest().telling
    body = texts.body.format(
        channel=texts.channels[one.channel],
        told_at=f"{one.told_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC",
        text=inert(one.text),
    )
    record: Row = {
        "Subject": cut(texts.subject.format(subject=" ".join(inert(one.subject).split())), SUBJECT),
        "WhoId": ids.long(one.contact_id),
        "ActivityDate": one.told_at.astimezone(UTC).date().isoformat(),
        "Status": status,
        "IsReminderSet": False,
    }
    if one.channel == "email" and capabilities.get("task_email"):
        record[SUBTYPE] = capabilities["task_email"]
    return record | with_key(one.key, body, capabilities)
