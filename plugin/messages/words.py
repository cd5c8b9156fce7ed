"""Why somebody is not told, and how a message stands, in words for people."""

from collections.abc import Mapping
from datetime import datetime

from plugin.deliveries.words import Words
from plugin.messages.drafts import Draft
from plugin.messages.rules import MOVES

# In the order in which they are looked at: the first that holds is a person's one reason.
REASONS = {
    "erased": "Everything about this person was erased.",
    "gone": "The contact was deleted in the CRM.",
    "merged": "The contact was merged with another one, who is told instead.",
    "test_person": "A colleague or a test contact.",
    "unsubscribed": "Has unsubscribed from our mails.",
    "opted_out": "Has opted out of e-mail in the CRM, or the CRM does not let us see it.",
    "no_address": "Has no e-mail address in the CRM that mail can be sent to.",
    "bounced": "Mail to this address comes back.",
    "excluded": "Is in a segment that is left out.",
    "not_included": "Is in none of the segments that the message is for.",
    "already_told": "Was told of this change before.",
    "recently_messaged": "Was told of another change a few days ago.",
    "no_text": "There is no text in the person's language, and no other one was chosen.",
    "mail_refused": "The mail server refused this mail, for another reason than the address.",
    "kept_failing": "The mail failed again and again.",
    "internal": "Gensvar itself failed at this mail.",
    "stopped": "The message was stopped before the person's turn.",
    "off": "Mail was taken off the ledger before it was sent.",
}
PARKED = ("mail_refused", "kept_failing", "internal")

STATES = {
    "draft": ("draft", "calm", "Nothing has left yet."),
    "waiting": ("waiting for approval", "warn", "A second person has to look at it."),
    "approved": ("approved", "good", "It can be sent."),
    "scheduled": ("scheduled", "calm", "It begins by itself."),
    "sending": ("being sent", "good", "It is on its way."),
    "paused": ("paused", "warn", "Nothing leaves until it is resumed."),
    "stopped": ("stopped", "bad", "What had not left then never will."),
    "done": ("sent", "good", "Everybody it was for had their turn."),
}
_DONE = {
    "ask": "It waits for a second person's approval.",
    "approve": "It is approved.",
    "withdraw": "It is a draft again.",
    "send": "It is being sent.",
    "pause": "It is paused. Mails that are in the mail server's hands already arrive.",
    "resume": "It goes on.",
    "stop": "It is stopped.",
}
_NOT = {
    "ask": "send it for approval",
    "approve": "approve it",
    "withdraw": "take it back",
    "send": "send it",
    "pause": "pause it",
    "resume": "resume it",
    "stop": "stop it",
}
LEDGER = {
    "paused": Words("The message is paused.", "Resume it on its page."),
    "scheduled": Words("The message waits for approval, or for its time."),
    "stopped": Words("The message was stopped."),
    "already_told": Words(REASONS["already_told"]),
    "recently_messaged": Words(REASONS["recently_messaged"]),
    "merged": Words(REASONS["merged"]),
    "no_text": Words(REASONS["no_text"]),
    "no_message": Words("The message is no longer here, or the person was erased."),
    "asked_today": Words(
        "The person was asked something today.",
        "It leaves when a day has passed, or they have reacted.",
    ),
}


def because(reason: str) -> str:
    return REASONS.get(reason, reason)


def done(verb: str) -> str:
    """What was just done."""
    return _DONE[verb]


def refused(verb: str, state: str) -> str:
    """The button was pressed twice, or on a page that was old."""
    if state == MOVES[verb][1]:
        return f"It is {STATES[state][0]} already."
    return f"Nobody can {_NOT[verb]} now: it is {STATES[state][0]}."


def state(draft: Draft, now: datetime) -> str:
    """How the message stands: one of ``STATES``."""
    at = draft.plan.send_at
    return "scheduled" if draft.state == "sending" and at is not None and at > now else draft.state


def shown(counts: Mapping[str, int]) -> list[tuple[str, str, int]]:
    """Reasons with their words and how many they hold for, in the order in which they are looked at."""
    return [(reason, because(reason), counts[reason]) for reason in REASONS if counts.get(reason)]
