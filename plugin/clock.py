"""The one place that asks what time it is."""

import time
from datetime import UTC, datetime, timedelta


class Clock:
    """Wall and monotonic time, and waits that ``TIME_SCALE`` shortens in the demo and in tests."""

    def __init__(self, scale: float = 1.0) -> None:
        self.scale = scale

    def now(self) -> datetime:
        """Aware UTC, to the millisecond (what the database keeps)."""
        now = datetime.now(UTC)
        return now.replace(microsecond=now.microsecond // 1000 * 1000)

    def monotonic(self) -> float:
        return time.monotonic()

    def scaled(self, wait: timedelta) -> timedelta:
        """*wait* as long as it really lasts here."""
        return wait / self.scale
