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
    sa.Column("trigger", sa.Text, nullable=False, server_default=""),  # empty: a person, or the API
    # an administrator tries the touchpoint: in no figure
    sa.Column("test", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("mailed_at", Timestamp),  # the mail server accepted the invitation
    sa.Column("bounced_at", Timestamp),
    sa.Column("reminders", sa.SmallInteger, nullable=False, server_default="0"),  # accepted ones
    sa.Column("reminded_at", Timestamp),
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
sa.Index("ix_ask_person", ask.c.person, postgresql_include=["touchpoint", "created_at"])
tried = ask.c.test == sa.literal_column("true", sa.Boolean)
sa.Index("ix_ask_test", ask.c.id, sqlite_where=tried, postgresql_where=tried)
sa.Index("ix_ask_newest", ask.c.created_at, ask.c.id)

# The rules of frequency: one row, put there with the table.
frequency = sa.Table(
    "frequency",
    metadata,
    sa.Column("id", sa.SmallInteger, primary_key=True, autoincrement=False),
    *(
        sa.Column(f"{kind}_{event}_days", sa.Integer, nullable=False, server_default=days)
        for kind in ("transactional", "relational")
        for event, days in (("answered", "90"), ("declined", "30"), ("silent", "30"))
    ),
    # whether transactional asks and answers hold a relational ask back too
    sa.Column("relational_counts_all", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column("company_most", sa.Integer, nullable=False, server_default="0"),  # 0: no cap
    sa.Column("company_days", sa.Integer, nullable=False, server_default="30"),
    sa.Column("quiet_from", sa.SmallInteger),  # hours of the day; null: mail leaves at any hour
    sa.Column("quiet_until", sa.SmallInteger),
    sa.Column("time_zone", sa.Text, nullable=False, server_default="UTC"),  # where nobody knows
    # whether somebody whose opt-out of e-mail the CRM does not show counts as opted out
    sa.Column("unseen_opts_out", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column("staff_domains", sa.JSON, nullable=False, server_default="[]"),
    sa.Column("test_contacts", sa.JSON, nullable=False, server_default="[]"),
    sa.CheckConstraint("id = 1", name="one"),
)

# The last refusal of each contact at each touchpoint, and when it is decided again.
refused_ask = sa.Table(
    "refused_ask",
    metadata,
    sa.Column("person", sa.Text, sa.ForeignKey("person.id"), primary_key=True),
    sa.Column("touchpoint", sa.Text, sa.ForeignKey("touchpoint.key"), primary_key=True),
    sa.Column("installation", sa.Text, nullable=False),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("locale", sa.Text, nullable=False, server_default=""),
    sa.Column("context", sa.JSON),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("next_eligible_at", Timestamp),
    sa.Column("refused_at", Timestamp, nullable=False),
    sa.Column("occurred_at", Timestamp),  # what the ask was about; its window counts from here
    sa.Column("again_at", Timestamp),  # null: not deferred
    sa.Column("window_ends_at", Timestamp),  # of a deferred one
    sa.Column("trigger", sa.Text, nullable=False, server_default=""),  # as an ask's
)
sa.Index("ix_refused_ask_newest", refused_ask.c.refused_at)
