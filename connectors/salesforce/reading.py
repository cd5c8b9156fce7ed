"""What a row of a query holds, believed only where it looks as it must."""

from datetime import UTC, datetime

from connectors.salesforce import ids
from connectors.salesforce.client import Row, unreadable

STAMP = "SystemModstamp"


def own_id(row: Row) -> str:
    """Raises ``Unreachable`` for a row without."""
    try:
        return ids.long(str(row.get("Id")))
    except ValueError:
        raise unreadable() from None


def when(row: Row, field: str = STAMP) -> datetime:
    """Raises ``Unreachable`` for what is no time."""
    try:
        return datetime.fromisoformat(str(row.get(field))).astimezone(UTC)
    except ValueError:
        raise unreadable() from None
