"""Quiet hours, by the contact's own clock."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def zone_of(*names: str) -> ZoneInfo:
    """The first of *names* that is a time zone; UTC where none is."""
    for name in names:
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            continue
    return ZoneInfo("UTC")


def quiet_end(at: datetime, zone: ZoneInfo, begins: int, ends: int) -> datetime | None:
    """When the quiet hours that *at* falls into are over, or ``None`` outside them. They begin and end at full
    hours of the day in *zone*, over midnight where *ends* comes before *begins*."""
    local = at.astimezone(zone)
    inside = begins <= local.hour < ends if begins < ends else not ends <= local.hour < begins
    if not inside:
        return None
    morning = local.replace(hour=ends, minute=0, second=0, microsecond=0)
    if morning <= local:
        morning += timedelta(days=1)
    return max(morning.astimezone(UTC), at + timedelta(milliseconds=1))
