"""What an installation keeps sealed, each value bound to its installation and its column."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from plugin.crm.store import change, every, installation
from plugin.sealing import Sealer

SEALED = ("access_token", "refresh_token", "client_secret")


def sealed(sealer: Sealer, installation_id: str, **values: str | None) -> dict[str, str | None]:
    """Columns and what goes into them: ``sealed(s, id, access_token="...")``."""
    return {
        f"sealed_{name}": sealer.seal(text, _purpose(installation_id, name)) if text else None
        for name, text in values.items()
    }


def opened(sealer: Sealer, row: Row[Any], name: str) -> str:
    """The plain value, empty where none is kept. Raises ``SealBroken``."""
    text = getattr(row, f"sealed_{name}")
    return sealer.open(text, _purpose(row.id, name)) if text else ""


def reseal(connection: Connection, sealer: Sealer) -> int:
    """Seals everything again with the newest key; how many installations were touched.

    The rows are locked first, so that no token refreshed meanwhile is overwritten with the one before.
    """
    connection.execute(sa.select(installation.c.id).with_for_update()).all()
    rows = every(connection)
    for row in rows:
        values = {name: opened(sealer, row, name) for name in SEALED}
        change(connection, row.id, **sealed(sealer, row.id, **values))
    return len(rows)


def _purpose(installation_id: str, name: str) -> str:
    return f"{installation_id}/{name}"
