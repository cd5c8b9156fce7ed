"""The touchpoint form: from what was typed to a draft, and back."""

from collections.abc import Mapping

from plugin.access.rules import plain
from plugin.touchpoints.rules import CHANNELS, Draft, text_names
from widget.locales import available


def draft_of(form: Mapping[str, str], key: str = "") -> Draft:
    """What was typed; nothing is lost, and what is no number becomes one that is refused."""
    days = form.get("unit") == "working_days"
    number = _number(form.get("promise", ""), 0)
    return Draft(
        key=key or form.get("key", "").strip(),
        name=plain(form.get("name", "")),
        kind=form.get("kind", ""),
        stage=form.get("stage", ""),
        company=plain(form.get("company", "")),
        hours=number * 24 if days else number,
        working_days=days,
        texts={name: plain(form.get(name, "")) for tag in available() for name in text_names(tag)},
        purpose=plain(form.get("purpose", "")),
        channels=tuple(one for one in CHANNELS if form.get(f"channel-{one}")),
        delay=_number(form.get("delay", "") or "0", -1),
        window=_number(form["window"], -1) if form.get("window", "").strip() else None,
        sample=_number(form.get("sample", "") or "100", -1),
        reminders=_number(form.get("reminders", "") or "0", -1),
        reminder_days=_number(form.get("reminder_days", "") or "5", -1),
    )


def _number(text: str, otherwise: int) -> int:
    amount = text.strip()
    return int(amount) if amount.isascii() and amount.isdigit() and len(amount) < 5 else otherwise


def values_of(draft: Draft) -> dict[str, str]:
    """The form's fields for a draft."""
    amount = draft.hours // 24 if draft.working_days else draft.hours
    return {
        "key": draft.key,
        "name": draft.name,
        "kind": draft.kind,
        "stage": draft.stage,
        "company": draft.company,
        "promise": str(amount),
        "unit": "working_days" if draft.working_days else "hours",
        "purpose": draft.purpose,
        **{f"channel-{one}": "yes" for one in draft.channels},
        "delay": str(draft.delay),
        "window": "" if draft.window is None else str(draft.window),
        "sample": str(draft.sample),
        "reminders": str(draft.reminders),
        "reminder_days": str(draft.reminder_days),
        **draft.texts,
    }
