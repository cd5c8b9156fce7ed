"""Refused asks, as pages count them."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin.asking.store import refused_ask


def waiting(connection: Connection) -> int:
    """How many asks are put off."""
    put_off = refused_ask.c.again_at.is_not(None)
    return connection.scalar(sa.select(sa.func.count()).where(put_off)) or 0
