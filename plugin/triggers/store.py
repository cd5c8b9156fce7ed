"""What asks by itself, and what each event led to."""

import sqlalchemy as sa

from plugin.db import Timestamp, metadata

trigger = sa.Table(
    "trigger",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("installation", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("touchpoint", sa.Text, sa.ForeignKey("touchpoint.key"), nullable=False),
    sa.Column("channel", sa.Text, nullable=False, server_default="email"),
    sa.Column("parameters", sa.JSON, nullable=False, server_default="{}"),  # rules.Parameters
    sa.Column("is_on", sa.Boolean, nullable=False, server_default=sa.false()),
    # Why it went off by itself: a code, and the CRM's word for what is missing; empty otherwise.
    sa.Column("off_reason", sa.Text, nullable=False, server_default=""),
    sa.Column("off_detail", sa.Text, nullable=False, server_default=""),
    sa.Column(
        "since", Timestamp
    ),  # when it was last switched on: what was before is not asked about
    sa.Column("mark", sa.Text, nullable=False, server_default=""),  # how far the CRM was read
    sa.Column("looked_at", Timestamp),
    sa.Column("dry_run", sa.JSON),  # of the parameters as they are; null: none yet
    sa.Column("dry_run_at", Timestamp),
    sa.Column("created_at", Timestamp, nullable=False),
    sa.Column("removed_at", Timestamp),
    sa.CheckConstraint(
        "kind IN ('deal_won', 'case_closed', 'date_nearing', 'days_after', 'list', 'steady_flow')",
        name="kind",
    ),
    sa.CheckConstraint("channel IN ('widget', 'email', 'link')", name="channel"),
)

# One event of one contact: found once, however often the CRM tells it, and decided once.
trigger_event = sa.Table(
    "trigger_event",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("trigger", sa.Text, sa.ForeignKey("trigger.key"), nullable=False),
    sa.Column("installation", sa.Text, nullable=False),
    sa.Column("touchpoint", sa.Text, nullable=False),
    sa.Column("record", sa.Text, nullable=False),  # deal:123, case:5, date:renewal:2026-12-01
    sa.Column("contact", sa.Text, nullable=False),  # the CRM's record id when it was found
    sa.Column("person", sa.Text, sa.ForeignKey("person.id")),  # null: the contact was gone already
    sa.Column("occurred_at", Timestamp),
    sa.Column("found_at", Timestamp, nullable=False),
    sa.Column("due_at", Timestamp, nullable=False),  # a list is spread over days
    sa.Column("state", sa.Text, nullable=False, server_default="waiting"),
    sa.Column("reason", sa.Text, nullable=False, server_default=""),
    sa.Column("next_eligible_at", Timestamp),
    sa.Column("ask", sa.Text, sa.ForeignKey("ask.id")),
    sa.Column("decided_at", Timestamp),
    sa.CheckConstraint("state IN ('waiting', 'asked', 'refused', 'failed')", name="state"),
    sa.UniqueConstraint("installation", "touchpoint", "record", "contact"),
)
sa.Index("ix_trigger_event_newest", trigger_event.c.trigger, trigger_event.c.id)
sa.Index("ix_trigger_event_person", trigger_event.c.person)
_waiting = trigger_event.c.state == sa.literal_column("'waiting'")
sa.Index(
    "ix_trigger_event_waiting",
    trigger_event.c.trigger,
    trigger_event.c.due_at,
    sqlite_where=_waiting,
    postgresql_where=_waiting,
)

# Whom a trigger draws from: a pasted list, or all contacts of the CRM. Ids only, nothing about anybody.
trigger_contact = sa.Table(
    "trigger_contact",
    metadata,
    sa.Column("trigger", sa.Text, sa.ForeignKey("trigger.key"), primary_key=True),
    sa.Column("contact", sa.Text, primary_key=True),  # the CRM's record id
    sa.Column("lot", sa.BigInteger, nullable=False),  # the place in the order of turns
    sa.Column("round", sa.Integer, nullable=False, server_default="0"),  # of reading, last seen in
)
sa.Index("ix_trigger_contact_lot", trigger_contact.c.trigger, trigger_contact.c.lot)
