"""Follow-ups between us and the CRMs: the choices of the manifest, and tasks as connectors see them."""

from datetime import datetime

from sqlalchemy.engine import Connection

from connectors.changes import TaskState
from connectors.manifest import Field, manifest
from plugin.followups import actions
from plugin.followups.actions import Handled
from plugin.followups.rules import Choices, TaskSeen
from plugin.strict import storable


def choices() -> Choices:
    """The causes and outcomes there are, in the manifest's order."""
    task = manifest().task
    return Choices(_options(task["cause"]), _options(task["outcome"]))


def handled(
    connection: Connection, followup_id: str, *, cause: str, outcome: str, by: str, now: datetime
) -> Handled:
    """``followups.actions.handled`` with the manifest's choices."""
    return actions.handled(
        connection, followup_id, choices(), cause=cause, outcome=outcome, by=by, now=now
    )


def task_seen(connection: Connection, installation: str, state: TaskState, now: datetime) -> bool:
    """``followups.actions.task_seen``; a cause or outcome that we do not know is none."""
    known = choices()
    seen = TaskSeen(
        task_id=state.task_id,
        changed_at=state.changed_at,
        closed=state.closed,
        owner=state.owner.id if state.owner else "",
        owner_name=state.owner.name if state.owner and storable(state.owner.name) else "",
        cause=state.cause if state.cause in known.causes else "",
        outcome=state.outcome if state.outcome in known.outcomes else "",
        gone=state.gone,
    )
    return actions.task_seen(connection, installation, seen, now)


def _options(field: Field) -> dict[str, str]:
    return {option.value: option.label for option in field.options}
