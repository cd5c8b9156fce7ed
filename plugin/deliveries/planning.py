"""PostgreSQL's planner guesses from statistics, which are old or missing while a queue fills or drains; a wrong
guess reads the whole ledger. The statements that choose rows are written for our indexes and must use them."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection

_SWITCHES = {
    "enable_seqscan": "off",
    "enable_bitmapscan": "off",
    "enable_sort": "off",
    "jit": "off",
    "plan_cache_mode": "force_custom_plan",
}
_STEADY = sa.select(*(sa.func.set_config(name, to, True) for name, to in _SWITCHES.items()))


def by_index(connection: Connection) -> None:
    """Until the end of this transaction rows are found by index alone."""
    if connection.dialect.name == "postgresql":
        connection.execute(_STEADY)
