"""The form of a message: from what was typed to a plan, and back. Times are by the clock of the frequency rules."""

from collections.abc import Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from plugin.messages.rules import Plan

HOURS = [("", "whenever it is their turn"), *((str(hour), f"{hour:02}:00") for hour in range(24))]
_MINUTE = "%Y-%m-%dT%H:%M"
LISTED = 100  # segments in one list


def plan_of(form: "MultiDict[str, str]", zone: ZoneInfo) -> tuple[Plan, dict[str, str]]:
    """The plan, and what of it could not be read."""
    at, wrong = _moment(form.get("send_at", ""), zone)
    by_itself = {"yes": True, "no": False}.get(form.get("by_itself", ""))
    plan = Plan(
        plus=_keys(form, "plus"),
        only=_keys(form, "only"),
        minus=_keys(form, "minus"),
        channels=_keys(form, "channels"),
        fallback=form.get("fallback", ""),
        recent_days=_number(form.get("recent_days", "")),
        send_at=at,
        hour=_number(form["hour"]) if form.get("hour") else None,
        per_hour=_number(form["per_hour"]) if form.get("per_hour", "").strip() else None,
        timeline=form.get("timeline") == "yes",
        by_itself=by_itself,
    )
    return plan, wrong


def values_of(plan: Plan, zone: ZoneInfo) -> Mapping[str, str]:
    """The form's plain fields; its lists are chosen by the plan itself."""
    return {
        "fallback": plan.fallback,
        "recent_days": str(plan.recent_days),
        "send_at": plan.send_at.astimezone(zone).strftime(_MINUTE) if plan.send_at else "",
        "hour": "" if plan.hour is None else str(plan.hour),
        "per_hour": "" if plan.per_hour is None else str(plan.per_hour),
        "by_itself": {True: "yes", False: "no"}.get(plan.by_itself, "rule"),  # type: ignore[arg-type]
        **({"timeline": "yes"} if plan.timeline else {}),
    }


def _keys(form: "MultiDict[str, str]", name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for one in form.getlist(name)[:LISTED] if one))


def _moment(text: str, zone: ZoneInfo) -> tuple[datetime | None, dict[str, str]]:
    if not text.strip():
        return None, {}
    try:
        local = datetime.strptime(text.strip()[:16], _MINUTE).replace(tzinfo=zone)
        return local.astimezone(UTC), {}
    except (ValueError, OverflowError):
        return None, {"send_at": "Enter a day and a time like 2026-12-01 09:00, or nothing."}


def _number(text: str) -> int:
    amount = text.strip()
    return int(amount) if amount.isascii() and amount.isdigit() and len(amount) < 8 else -1
