"""The ledger's tables: lanes, which workers lease, and the effects owed that stand in them."""

from typing import Any

import sqlalchemy as sa

from plugin.db import Timestamp, metadata

PASSING = ("event", "poll", "reconcile", "task_look")

# One CRM account, one mail sender or one clock. A worker leases a lane, not rows.
lane = sa.Table(
    "lane",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("rate", sa.Float, nullable=False),
    sa.Column("owner", sa.Text),
    sa.Column("epoch", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("lease_until", Timestamp),
    sa.Column("not_before", Timestamp),
    sa.Column("slow_until", Timestamp),
    sa.Column("served_at", Timestamp),
    sa.Column("succeeded_at", Timestamp),
    sa.Column("fails", sa.Integer, nullable=False, server_default="0"),
    sa.Column("parked_reason", sa.Text),
    sa.Column("wait_reason", sa.Text),  # why not_before was set; empty after a success
    # How often the lane was resumed: a call begun before the last time cannot park it again.
    sa.Column("resumed", sa.Integer, nullable=False, server_default="0"),
)

# One effect owed, once: the key says which. The payload holds ids, never copies of personal data.
delivery = sa.Table(
    "delivery",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("lane", sa.Text, sa.ForeignKey("lane.id"), nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False, unique=True),
    sa.Column(
        "topic", sa.Text, nullable=False
    ),  # an effect nobody has begun is owed once per topic
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("due_at", Timestamp, nullable=False),
    sa.Column("payload", sa.JSON, nullable=False),
    sa.Column("state", sa.Text, nullable=False, server_default="queued"),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),  # outages do not count
    sa.Column("fails", sa.Integer, nullable=False, server_default="0"),  # of this row alone
    sa.Column("started_at", Timestamp),  # first begun; never reset
    sa.Column(
        "in_doubt", sa.Boolean, nullable=False, server_default=sa.false()
    ),  # may have been done
    sa.Column("proof", sa.Text),
    sa.Column("error", sa.Text),
    sa.Column("error_detail", sa.Text),
    sa.Column("replayed_at", Timestamp),
    sa.Column("created_at", Timestamp, nullable=False),
    sa.Column("settled_at", Timestamp),
    sa.CheckConstraint(
        "state IN ('queued', 'delivered', 'parked', 'unsure', 'void')", name="state"
    ),
)
# A literal, never a parameter: only then do both databases use the partial indexes.
queued = delivery.c.state == sa.literal_column("'queued'")
_queued: dict[str, Any] = {"sqlite_where": queued, "postgresql_where": queued}
sa.Index(
    "ix_delivery_due",
    delivery.c.lane,
    delivery.c.kind,
    delivery.c.due_at,
    delivery.c.id,
    **_queued,
)
sa.Index("ix_delivery_subject", delivery.c.lane, delivery.c.subject, delivery.c.id, **_queued)
_unbegun = sa.and_(queued, delivery.c.started_at.is_(None))
sa.Index(
    "ix_delivery_topic",
    delivery.c.topic,
    unique=True,
    sqlite_where=_unbegun,
    postgresql_where=_unbegun,
)
_begun = delivery.c.started_at.is_not(None)
sa.Index("ix_delivery_begun", delivery.c.topic, sqlite_where=_begun, postgresql_where=_begun)
# Not over queued rows: a planner that believes there are none would look for one subject's rows in it.
settled = delivery.c.state != sa.literal_column("'queued'")
sa.Index(
    "ix_delivery_settled",
    delivery.c.state,
    delivery.c.id,
    sqlite_where=settled,
    postgresql_where=settled,
)
# Of kinds that come by the thousand and are of no interest once they are done.
passing = sa.and_(delivery.c.kind.in_([sa.literal_column(f"'{k}'") for k in PASSING]), settled)
sa.Index("ix_delivery_passing", delivery.c.id, sqlite_where=passing, postgresql_where=passing)


def in_state(state: str) -> sa.ColumnElement[bool]:
    """The condition for one state of the table, in the form that finds its partial index."""
    return queued if state == "queued" else sa.and_(delivery.c.state == state, settled)


# Alive workers, for /readyz and for doctor.
worker = sa.Table(
    "worker",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("started_at", Timestamp, nullable=False),
    sa.Column("beat_at", Timestamp, nullable=False),
)
