"""Asks: one decision to ask one contact, with its invitation."""

import sqlalchemy as sa

from plugin.db import Timestamp, metadata

ask = sa.Table(
    "ask",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),  # also the id inside every token of this ask
    sa.Column("installation", sa.Text, nullable=False),
    sa.Column("person", sa.Text, sa.ForeignKey("person.id"), nullable=False),
    sa.Column("touchpoint", sa.Text, sa.ForeignKey("touchpoint.key"), nullable=False),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("locale", sa.Text, nullable=False, server_default=""),
    sa.Column("context", sa.JSON),
    sa.Column("state", sa.Text, nullable=False, server_default="open"),
    sa.Column("created_at", Timestamp, nullable=False),
    sa.Column("expires_at", Timestamp, nullable=False),
    sa.Column("shown_at", Timestamp),
    sa.Column("declined_at", Timestamp),
    sa.Column("answered_at", Timestamp),
    # Two people who were one had both been asked this: the other ask, which the tokens of this one answer.
    sa.Column("became", sa.Text),
    sa.CheckConstraint("state IN ('open', 'declined', 'answered', 'expired')", name="state"),
    sa.CheckConstraint("channel IN ('widget', 'email', 'link')", name="channel"),
)
_open = ask.c.state == "open"
sa.Index(
    "ix_ask_open",
    ask.c.person,
    ask.c.touchpoint,
    unique=True,
    sqlite_where=_open,
    postgresql_where=_open,
)
sa.Index("ix_ask_person", ask.c.person)
