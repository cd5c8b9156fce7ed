"""Messages: what is to be told of a change, to whom, and what became of it for each of them."""

import sqlalchemy as sa

from plugin.db import Timestamp, metadata

# One message for each change. What it says and to whom is fixed when it begins to go out.
message = sa.Table(
    "message",
    metadata,
    sa.Column("change", sa.Text, sa.ForeignKey("change.id"), primary_key=True),
    sa.Column("state", sa.Text, nullable=False, server_default="draft"),
    # keys of segments: told too though they did not ask for it; nobody else is told; not told
    sa.Column("plus", sa.JSON, nullable=False, server_default="[]"),
    sa.Column("only", sa.JSON, nullable=False, server_default="[]"),
    sa.Column("minus", sa.JSON, nullable=False, server_default="[]"),
    sa.Column("channels", sa.JSON, nullable=False, server_default='["email"]'),
    # the language of those in whose own there is no text; empty: they are left out
    sa.Column("fallback", sa.Text, nullable=False, server_default=""),
    sa.Column("recent_days", sa.Integer, nullable=False, server_default="14"),  # 0: no such rule
    sa.Column("send_at", Timestamp),  # null: at once
    sa.Column("hour", sa.SmallInteger),  # of the recipient's day; null: whenever it is her turn
    sa.Column("per_hour", sa.Integer),  # mails; null: as fast as they go
    sa.Column("timeline", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column("by_itself", sa.Boolean),  # null: as the rule for all messages says
    sa.Column("accepted", sa.JSON, nullable=False, server_default="[]"),  # questions said yes to
    sa.Column("texts", sa.JSON),  # the change's, as they were when it was approved or begun
    sa.Column("revision", sa.Integer, nullable=False, server_default="1"),
    sa.Column("created_at", Timestamp, nullable=False),
    sa.Column("created_by", sa.Text, nullable=False),  # an administrator's id; empty: by itself
    sa.Column("asked_by", sa.Text),  # who asked for a second person's approval
    sa.Column("asked_by_name", sa.Text, nullable=False, server_default=""),
    sa.Column("asked_at", Timestamp),
    sa.Column("approved_by", sa.Text),
    sa.Column("approved_by_name", sa.Text, nullable=False, server_default=""),
    sa.Column("approved_at", Timestamp),
    sa.Column("started_at", Timestamp),
    sa.Column("ended_at", Timestamp),  # done or stopped
    sa.Column("wave", sa.Integer, nullable=False, server_default="0"),  # how often it was begun
    sa.Column("mark", sa.Text, nullable=False, server_default=""),  # whom the wave has got to
    sa.Column("frozen_at", Timestamp),  # of this wave: everybody it is for has a row
    sa.Column("next_at", Timestamp),  # when the next mail may be due
    sa.CheckConstraint(
        "state IN ('draft', 'waiting', 'approved', 'sending', 'paused', 'stopped', 'done')",
        name="state",
    ),
)

# One row per person and change for ever: that row is what makes it once.
recipient = sa.Table(
    "recipient",
    metadata,
    sa.Column("change", sa.Text, sa.ForeignKey("message.change"), primary_key=True),
    sa.Column("person", sa.Text, sa.ForeignKey("person.id"), primary_key=True),
    sa.Column("id", sa.Text, nullable=False, unique=True),  # what a mail's return path carries
    sa.Column("answer", sa.Text, sa.ForeignKey("answer.id")),  # whose words may be quoted to her
    sa.Column("wave", sa.Integer, nullable=False, server_default="1"),
    sa.Column("state", sa.Text, nullable=False, server_default="due"),
    sa.Column("reason", sa.Text),  # why she is not told; null: she is
    sa.Column("no_mail", sa.Text),  # why no mail goes to her, who may see it on a page
    sa.Column("locale", sa.Text, nullable=False, server_default=""),  # of the text she gets
    sa.Column("due_at", Timestamp, nullable=False),
    sa.Column("owed_at", Timestamp),  # her mail is in the ledger
    sa.Column("mailed_at", Timestamp),
    sa.Column("bounced_at", Timestamp),
    sa.Column("noticed_at", Timestamp),  # the line on a page was in front of her
    sa.Column("noticed_by", sa.Text),  # the one line of those offered to her that was
    sa.Column("dismissed_at", Timestamp),
    sa.Column("timeline_at", Timestamp),  # it stands on the contact's timeline
    sa.CheckConstraint("state IN ('due', 'told', 'unsure', 'void')", name="state"),
)
sa.Index("ix_recipient_person", recipient.c.person)
sa.Index("ix_recipient_answer", recipient.c.answer)
# Literals, never parameters: only then do both databases use the partial indexes.
_mail = sa.and_(recipient.c.state == sa.literal_column("'due'"), recipient.c.no_mail.is_(None))
unsent = sa.and_(_mail, recipient.c.owed_at.is_(None))
sa.Index(
    "ix_recipient_unsent",
    recipient.c.change,
    recipient.c.due_at,
    recipient.c.person,
    sqlite_where=unsent,
    postgresql_where=unsent,
)
in_hand = sa.and_(_mail, recipient.c.owed_at.is_not(None))
"""Her mail is in the ledger, and nobody has heard what became of it."""
sa.Index(
    "ix_recipient_in_hand",
    recipient.c.change,
    recipient.c.person,
    sqlite_where=in_hand,
    postgresql_where=in_hand,
)

# What holds for all messages: one row, put there with the table.
messaging = sa.Table(
    "messaging",
    metadata,
    sa.Column("id", sa.SmallInteger, primary_key=True, autoincrement=False),
    # nothing goes out that another administrator than who asked has not approved
    sa.Column("second_person", sa.Boolean, nullable=False, server_default=sa.false()),
    # from when on a change that is done tells of itself, where no question is open; null: never
    sa.Column("by_itself_since", Timestamp),
    sa.CheckConstraint("id = 1", name="one"),
)
