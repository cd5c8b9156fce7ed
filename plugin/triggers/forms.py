"""The trigger form: from what was typed to a draft, and back."""

from collections.abc import Mapping, Sequence

from plugin.access.rules import plain
from plugin.triggers.rules import KINDS, Draft, Parameters


def draft_of(
    form: Mapping[str, str], choices: Sequence[tuple[str, str]], key: str = "", kind: str = ""
) -> Draft:
    """What was typed. A choice that the CRM does not offer is none."""
    kind = kind or form.get("kind", "")
    names = dict(choices)
    choice = form.get("choice", "") if form.get("choice", "") in names else ""
    return Draft(
        key=key or form.get("key", "").strip(),
        name=plain(form.get("name", "")),
        installation=form.get("installation", ""),
        kind=kind if kind in KINDS else "",
        touchpoint=form.get("touchpoint", ""),
        channel=form.get("channel", "email"),
        parameters=Parameters(
            choice=choice,
            choice_name=names.get(choice, "")[:200],
            everyone=form.get("everyone") == "yes",
            days=_number(form.get("days", "0")),
            per_day=_number(form.get("per_day", "") or "0"),
            monthly=_number(form.get("monthly", "0")),
        ),
    )


def values_of(draft: Draft) -> dict[str, str]:
    given = draft.parameters
    return {
        "key": draft.key,
        "name": draft.name,
        "installation": draft.installation,
        "kind": draft.kind,
        "touchpoint": draft.touchpoint,
        "channel": draft.channel,
        "choice": given.choice,
        **({"everyone": "yes"} if given.everyone else {}),
        "days": str(given.days or ""),
        "per_day": str(given.per_day or ""),
        "monthly": str(given.monthly or ""),
    }


def _number(text: str) -> int:
    amount = text.strip()
    if not amount:
        return 0
    return int(amount) if amount.isascii() and amount.isdigit() and len(amount) < 7 else -1
