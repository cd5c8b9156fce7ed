"""What a delivery is, how it stands and why, in words for people. Reasons of a CRM come from outside."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

KINDS = {
    "task": "Follow-up task",
    "task_line": "Line on a follow-up task",
    "task_done": "Completing a follow-up task",
    "task_again": "Opening a follow-up task again",
    "contact": "Fields on the contact",
    "answer": "Answer record",
    "answer_gone": "Taking an answer record away",
    "told": "Entry on the timeline: what the customer was told",
    "setup": "Set-up of the account",
    "erase": "Erasing in the CRM",
    "reconcile": "Comparing with the CRM",
    "event": "Event from the CRM",
    "task_look": "Look at a follow-up task",
    "poll": "Look for changes in the CRM",
    "deferred_ask": "Ask that was put off",
    "watch": "Look for events in the CRM",
    "keep": "Look at fields and lists in the CRM",
    "trigger_event": "Decision about an event",
    "invitation": "Invitation by e-mail",
    "reminder": "Reminder by e-mail",
    "thanks": "Thanks by e-mail",
    "thanks_test": "Test of a message to oneself",
    "message_step": "Step of a message",
    "alert": "Alert to an administrator",
    "bounce_look": "Look for delivery reports",
}
STATES = {
    "queued": ("waiting", "calm"),
    "sending": ("being sent", "calm"),
    "delivered": ("delivered", "good"),
    "parked": ("parked", "bad"),
    "unsure": ("unsure", "warn"),
    "void": ("not needed", "calm"),
}


class Reason(Protocol):
    """What happened, and what a person can do about it."""

    @property
    def what(self) -> str: ...

    @property
    def do(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Words:
    what: str
    do: str = ""


Explain = Callable[[str], Reason]

OURS = {
    "later": Words("It did not work yet.", "Nothing to do: it is tried again."),
    "kept_failing": Words(
        "It failed again and again while others went through.",
        "Read what was said, correct it, then replay the delivery.",
    ),
    "internal": Words(
        "Gensvar itself failed at it.",
        "Update Gensvar and replay the delivery. If it stays, report it with the place named here.",
    ),
    "unsure": Words(
        "It may have been done already, and nobody can find out.",
        "Look whether it is there. Replay it only if it is not.",
    ),
    "storage_unavailable": Words("Our own database did not answer.", "It goes on by itself."),
    "revised_up": Words("The customer changed the answer before it was sent."),
    "not_counted": Words("The answer does not count."),
    "handled": Words("The follow-up was handled before its task was made."),
    "opened_again": Words("The follow-up was opened again before the CRM was told."),
    "task_gone": Words("The task was deleted in the CRM."),
    "no_task": Words("There is no task in the CRM."),
    "gathering": Words("Others are told just now: they are written together."),
    "timeline_off": Words("The message is not to stand on timelines any more."),
    "timeline_already": Words("It stands there already: two contacts who were told became one."),
    "not_told": Words("Nothing is known here any more of what the customer was told."),
    "erased": Words("The person was erased."),
    "erased_anew": Words("The person was erased once more; that delivery does this one's work."),
}


def unexplained(code: str) -> Reason:
    """Before anything is plugged in: the code itself."""
    return Words(code.replace("_", " ").capitalize() + ".")


def reason(code: str | None, explain: Explain) -> Reason | None:
    """The words for a code, ours first; nothing where there is no code."""
    if not code:
        return None
    return OURS.get(code) or explain(code)


def kind(name: str) -> str:
    return KINDS.get(name) or name.replace("_", " ").capitalize()
