"""Changes: what was changed because of feedback or is planned, and what people said about who asked for it."""

import sqlalchemy as sa

from plugin.db import Timestamp, metadata

change = sa.Table(
    "change",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("internal_text", sa.Text, nullable=False, server_default=""),
    sa.Column("state", sa.Text, nullable=False, server_default="planned"),
    sa.Column("effective_on", Timestamp),  # a day: its midnight in UTC; null: not known yet
    sa.Column("owner", sa.Text, sa.ForeignKey("administrator.id", ondelete="SET NULL")),
    # as she was called then: it stays when her account is removed
    sa.Column("owner_name", sa.Text, nullable=False, server_default=""),
    sa.Column("texts", sa.JSON, nullable=False, server_default="{}"),  # {"sv": {"subject", "body"}}
    sa.Column("revision", sa.Integer, nullable=False, server_default="1"),
    sa.Column("created_at", Timestamp, nullable=False),
    sa.Column("created_by", sa.Text, nullable=False),  # an administrator's id
    sa.Column("announced_at", Timestamp),
    sa.Column("done_at", Timestamp),
    sa.Column("dropped_at", Timestamp),
    sa.CheckConstraint("state IN ('planned', 'announced', 'done', 'dropped')", name="state"),
)

change_theme = sa.Table(
    "change_theme",
    metadata,
    sa.Column("change", sa.Text, sa.ForeignKey("change.id"), primary_key=True),
    sa.Column("theme", sa.Text, primary_key=True),
)

# Where it was changed; none: everywhere.
change_touchpoint = sa.Table(
    "change_touchpoint",
    metadata,
    sa.Column("change", sa.Text, sa.ForeignKey("change.id"), primary_key=True),
    sa.Column("touchpoint", sa.Text, sa.ForeignKey("touchpoint.key"), primary_key=True),
)

# What a person said wins over what follows from themes and touchpoints, also where she took an answer away.
change_answer = sa.Table(
    "change_answer",
    metadata,
    sa.Column("change", sa.Text, sa.ForeignKey("change.id"), primary_key=True),
    sa.Column("answer", sa.Text, sa.ForeignKey("answer.id"), primary_key=True),
    sa.Column("has", sa.Boolean, nullable=False),
    sa.Column("by", sa.Text, nullable=False),  # an administrator's id
    sa.Column("at", Timestamp, nullable=False),
)
sa.Index("ix_change_answer_answer", change_answer.c.answer)
