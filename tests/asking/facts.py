"""What a decision looks at, made by hand."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from plugin.asking.limits import Limits
from plugin.asking.rules import Facts

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
MOMENTS = (
    "erased_at", "gone_at", "unsubscribed_at", "bounced_at", "last_answered_at", "last_declined_at",
    "silent_since", "relational_answered_at", "relational_declined_at", "relational_silent_since",
)  # fmt: skip


def days(number: float) -> timedelta:
    return timedelta(days=number)


def someone(**changed: Any) -> Any:
    given: dict[str, Any] = dict.fromkeys(MOMENTS)
    given |= {"installation": "hubspot:1", "contact": "101", "email": "anna@shop.example"}
    given |= {"opted_out": False, "follow_up_open": False, "time_zone": ""}
    return SimpleNamespace(**(given | changed))


def touchpoint(kind: str = "transactional", **changed: Any) -> Any:
    given = {"key": "support", "kind": kind, "delay_hours": 0, "window_days": None, "sample": 100}
    return SimpleNamespace(**(given | changed))


def facts(who: Any = None, about: Any = None, *, channel: str = "email", **more: Any) -> Facts:
    limits = more.pop("limits", Limits())
    return Facts(
        person=who or someone(),
        touchpoint=about or touchpoint(),
        channel=channel,
        limits=limits,
        scaled=lambda wait: wait,
        **more,
    )
