"""What each kind of delivery means in a CRM. Every handler reads what is true now, calls the connector once for the
whole batch, and says what became of each row."""

from collections.abc import Mapping

from plugin.crm.connections import Connections
from plugin.crm.handlers.answer import Answers
from plugin.crm.handlers.answer_gone import AnswersGone
from plugin.crm.handlers.contact import Contacts
from plugin.crm.handlers.erase import Erasing
from plugin.crm.handlers.event import Events, TaskLooks
from plugin.crm.handlers.keep import Keeping
from plugin.crm.handlers.poll import Polls
from plugin.crm.handlers.reconcile import Reconciling
from plugin.crm.handlers.setting import Removing, SettingUp
from plugin.crm.handlers.task import Tasks
from plugin.crm.handlers.task_again import TasksAgain
from plugin.crm.handlers.task_done import TasksDone
from plugin.crm.handlers.task_line import TaskLines
from plugin.crm.handlers.told import Tellings
from plugin.crm.handlers.watch import Watching
from plugin.crm.keeping import looks
from plugin.deliveries.verdicts import Handler
from plugin.messages import timeline
from plugin.triggers import looking


def handlers(connections: Connections) -> Mapping[str, Handler]:
    """By kind, the most urgent first."""
    return {
        "event": Events(connections),
        "erase": Erasing(connections),
        "task": Tasks(connections),
        "task_line": TaskLines(connections),
        "task_done": TasksDone(connections),
        "task_again": TasksAgain(connections),
        "task_look": TaskLooks(connections),
        "contact": Contacts(connections),
        "answer": Answers(connections),
        "answer_gone": AnswersGone(connections),
        timeline.KIND: Tellings(connections),
        "setup": SettingUp(connections),
        "remove": Removing(connections),
        "reconcile": Reconciling(connections),
        "poll": Polls(connections),
        looking.KIND: Watching(connections),
        looks.KIND: Keeping(connections),
    }
