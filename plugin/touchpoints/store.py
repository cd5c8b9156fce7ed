"""What is asked where."""

import sqlalchemy as sa

from plugin.db import Timestamp, metadata

touchpoint = sa.Table(
    "touchpoint",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("stage", sa.Text, nullable=False),
    sa.Column(
        "company", sa.Text, nullable=False, server_default=""
    ),  # the approved slot in the question
    sa.Column("follow_up_hours", sa.Integer, nullable=False, server_default="24"),
    sa.Column("follow_up_working_days", sa.Boolean, nullable=False, server_default=sa.false()),
    # {"sv": {"subject": "...", "follow_up_question": {"detractor": "..."}, "thanks": {"detractor": "..."}}}
    sa.Column("wording", sa.JSON, nullable=False, server_default="{}"),
    sa.Column("purpose", sa.Text, nullable=False, server_default=""),  # what the answers are for
    sa.Column("channels", sa.JSON, nullable=False, server_default='["widget", "email", "link"]'),
    sa.Column("delay_hours", sa.Integer, nullable=False, server_default="0"),  # after the event
    sa.Column("window_days", sa.Integer),  # asking is pointless after it; null: a link's life
    sa.Column("sample", sa.SmallInteger, nullable=False, server_default="100"),  # per cent asked
    sa.Column("reminders", sa.SmallInteger, nullable=False, server_default="1"),  # mails at most
    sa.Column("reminder_days", sa.SmallInteger, nullable=False, server_default="5"),  # before each
    sa.Column("created_at", Timestamp, nullable=False),
    sa.Column("archived_at", Timestamp),
    sa.CheckConstraint("kind IN ('relational', 'transactional', 'csat', 'ces')", name="kind"),
    sa.CheckConstraint("stage IN ('buy', 'use', 'contact', 'renew')", name="stage"),
)
