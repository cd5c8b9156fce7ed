"""Opening tasks again that were completed although somebody is owed a reply."""

from collections.abc import Sequence

from connectors.hubspot import batch, people
from connectors.hubspot.activities import same_id
from connectors.hubspot.batch import Failed, Why
from connectors.hubspot.client import Api
from connectors.hubspot.once import outcome
from connectors.hubspot.tasks import NO_TASK, OPEN, STATUS, tasks
from connectors.types import Outcome


def reopen_tasks(api: Api, task_ids: Sequence[str]) -> list[Outcome]:
    told: dict[str, Outcome] = {}
    valid = dict.fromkeys(task_id for task_id in task_ids if people.valid_id(task_id))
    for some in batch.chunks(valid):
        inputs = [{"id": task_id, "properties": {STATUS: OPEN}} for task_id in some]
        settled = batch.write(api, tasks(api).family, "update", inputs, same_id)
        for task_id, one in zip(some, settled, strict=True):
            missing = isinstance(one, Failed) and one.why is Why.MISSING
            told[task_id] = NO_TASK if missing else outcome(one, None)
    return [told.get(task_id, NO_TASK) for task_id in task_ids]
