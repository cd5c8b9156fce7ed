"""All that a message's page shows of it: the audience before it begins, the true numbers from then on."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy.engine import Connection

from plugin.messages import audience, questions, rules
from plugin.messages.audience import Counts
from plugin.messages.drafts import Draft, settings
from plugin.messages.progress import Progress, progress
from plugin.messages.questions import Question
from plugin.messages.timeline import Cost
from plugin.services import Services


@dataclass(frozen=True, slots=True)
class Standing:
    """*counts* of those who would be told now, while nothing is on its way; *progress* since it was begun. *open* are
    questions that nobody has said yes to."""

    counts: Counts | None = None
    progress: Progress | None = None
    wrong: Sequence[str] = ()
    asked: Sequence[Question] = ()
    open: Sequence[Question] = ()
    cost: Cost | None = None
    two: bool = False
    reasons: Counter[str] = field(default_factory=Counter)


def standing(connection: Connection, services: Services, draft: Draft) -> Standing:
    two = bool(settings(connection).second_person)
    come = progress(connection, draft.change.id) if draft.begun else None
    if draft.state in (*rules.RUNNING, "stopped"):
        return Standing(progress=come, two=two, reasons=come.reasons if come else Counter())
    now = services.clock.now()
    found = audience.audience(connection, services, draft.change, draft.plan, draft.languages, now)
    checked = questions.check(connection, services, draft, found, now)
    accepted = draft.row.accepted if draft.row is not None else ()
    return Standing(
        counts=found.counts,
        progress=come,
        wrong=checked.wrong,
        asked=checked.questions,
        open=checked.open(accepted),
        cost=_cost(services, draft, found.counts),
        two=two,
        reasons=come.reasons if come else found.counts.reasons,
    )


def _cost(services: Services, draft: Draft, counts: Counts) -> Cost | None:
    if services.timeline_cost is None or not draft.plan.timeline:
        return None
    return services.timeline_cost(counts.accounts, draft.plan.per_hour)
