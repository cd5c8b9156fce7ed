"""A detractor's case: who replies, until when, and what came of it."""

import sqlalchemy as sa

from plugin.db import Timestamp, metadata

followup = sa.Table(
    "followup",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("answer", sa.Text, sa.ForeignKey("answer.id"), nullable=False, unique=True),
    sa.Column("installation", sa.Text, nullable=False),
    sa.Column("person", sa.Text, sa.ForeignKey("person.id"), nullable=False),
    sa.Column("state", sa.Text, nullable=False, server_default="open"),
    sa.Column("owner", sa.Text, nullable=False, server_default=""),  # the CRM's owner id
    sa.Column("owner_name", sa.Text, nullable=False, server_default=""),
    sa.Column("task", sa.Text, nullable=False, server_default=""),  # the CRM's task id
    sa.Column("task_revision", sa.Integer),  # the revision of the answer that the task tells of
    sa.Column("due_at", Timestamp, nullable=False),
    sa.Column("opened_at", Timestamp, nullable=False),
    sa.Column("closed_at", Timestamp),
    sa.Column("closed_by", sa.Text, nullable=False, server_default=""),  # a name, or where
    sa.Column(
        "task_changed_at", Timestamp
    ),  # the CRM's time of the last change of the task we know of
    sa.Column("cause", sa.Text),
    sa.Column("outcome", sa.Text),
    sa.CheckConstraint("state IN ('open', 'closed')", name="state"),
    sqlite_with_rowid=False,
)
sa.Index("ix_followup_person", followup.c.person, followup.c.state)
# A literal, never a parameter: only then do both databases use the partial index.
with_task = followup.c.task != sa.literal_column("''")
sa.Index(
    "ix_followup_task",
    followup.c.installation,
    followup.c.task,
    sqlite_where=with_task,
    postgresql_where=with_task,
)

# What became of a follow-up after it was opened, for the page that shows its story.
event = sa.Table(
    "followup_event",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column(
        "followup", sa.Text, sa.ForeignKey("followup.id", ondelete="CASCADE"), nullable=False
    ),
    sa.Column("at", Timestamp, nullable=False),
    sa.Column("what", sa.Text, nullable=False),
    sa.Column("by", sa.Text, nullable=False, server_default=""),  # a name, or where
    sa.Column("note", sa.Text, nullable=False, server_default=""),  # the new owner's name
    sa.Column("cause", sa.Text),
    sa.Column("outcome", sa.Text),
)
sa.Index("ix_followup_event_followup", event.c.followup, event.c.id)
