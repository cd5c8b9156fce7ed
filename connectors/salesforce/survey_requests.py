"""What was decided about a survey request, written where whoever made it looks: on its own record."""

from collections.abc import Sequence

from connectors.changes import RequestResult
from connectors.manifest import manifest
from connectors.salesforce import ids
from connectors.salesforce.client import BATCH, Org, Row
from connectors.salesforce.records import values
from connectors.salesforce.rows import outcome
from connectors.types import Fate, Outcome

NO_REQUEST = Outcome(Fate.REFUSED, code="malformed_id", detail="This is not the id of a request.")


def answer_requests(org: Org, results: Sequence[RequestResult]) -> list[Outcome]:
    """An outcome each; writing the same again changes nothing."""
    sound = [one for one in results if ids.valid(one.id)]
    kind = manifest().salesforce.request.object
    written: dict[str, Outcome] = {}
    for start in range(0, len(sound), BATCH):
        some = sound[start : start + BATCH]
        answers = org.write("PATCH", "", kind, [_record(one) for one in some])
        written |= {one.id: outcome(answer) for one, answer in zip(some, answers, strict=True)}
    return [written.get(one.id, NO_REQUEST) for one in results]


def _record(one: RequestResult) -> Row:
    told = {
        "state": one.state,
        "reason": one.reason or None,
        "link": one.link or None,
        "next_ask_at": one.next_ask_at,
    }
    return {"id": ids.long(one.id)} | values(manifest().request, told)
