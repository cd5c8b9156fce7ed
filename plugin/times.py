"""Times in words, for pages and commands."""

from datetime import datetime, timedelta

from plugin.numbers import several


def when(at: datetime) -> str:
    """ "21 Nov 2026, 14:05 UTC"."""
    return f"{at.day} {at:%b %Y, %H:%M} UTC"


def iso(at: datetime) -> str:
    """For ``<time datetime>``."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def wait(seconds: float) -> str:
    """A length of time in one unit: "40 seconds", "2 hours", "3 days"."""
    for size, unit in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            return several(round(seconds / size), unit)
    return several(max(1, round(seconds)), "second")


def ago(at: datetime, now: datetime) -> str:
    """ "3 minutes ago", or "in 2 hours" for what is still to come."""
    passed = now - at
    if abs(passed) < timedelta(seconds=10):
        return "just now"
    words = wait(abs(passed.total_seconds()))
    return f"{words} ago" if passed > timedelta(0) else f"in {words}"
