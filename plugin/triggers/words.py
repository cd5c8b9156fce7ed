"""What pages and commands say of triggers and of what their events led to."""

from typing import Any

from plugin.asking.words import because
from plugin.numbers import several
from plugin.triggers.rules import parameters_of

OFF = {
    "scope_missing": "It went off by itself: the CRM does not let us read this any more. What is missing: {}. "
    "Grant it, then switch the trigger on again.",
    "refused": "It went off by itself: the CRM refused what it was asked. {} Look whether the list, field or "
    "pipeline is still there, then switch the trigger on again.",
}
FAILED = {
    "gone": "The contact was deleted in the CRM.",
    "not_found": "The contact, or the touchpoint, is no longer there.",
    "field_invalid": "The touchpoint no longer asks this way.",
}


def why_off(row: Any) -> str:
    """Why a trigger went off by itself, or nothing."""
    words = OFF.get(row.off_reason, "")
    return words.format(row.off_detail) if words else ""


def about(row: Any) -> str:
    """What a trigger looks for, in a few words."""
    given = parameters_of(row)
    parts = {
        "date_nearing": f"{several(given.days, 'day')} before {given.choice_name}",
        "days_after": f"{several(given.days, 'day')} after {given.choice_name}",
        "list": given.choice_name or several(given.pasted, "pasted contact"),
        "steady_flow": f"{several(given.monthly, 'answer')} a month",
    }
    found = parts.get(row.kind, given.choice_name and f"only {given.choice_name}")
    return f"{found}, at most {given.per_day} a day" if given.per_day and found else found


def outcome(event: Any) -> str:
    """What an event led to."""
    if event.state == "waiting":
        return "waits for its turn"
    if event.state == "asked":
        return "had been asked already" if event.reason == "open_already" else "asked"
    if event.state == "failed":
        return FAILED.get(event.reason, str(event.reason))
    if event.later is not None:
        return "put off, then asked"
    return f"not asked. {because(event.reason)}"
