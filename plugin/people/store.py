"""Contacts as we know them. What an asking decision must know stands on the person's one row."""

import sqlalchemy as sa

from plugin.db import Timestamp, metadata

person = sa.Table(
    "person",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("installation", sa.Text, nullable=False),
    sa.Column("contact", sa.Text, nullable=False),  # the CRM's record id
    sa.Column("name", sa.Text, nullable=False, server_default=""),
    sa.Column("email", sa.Text, nullable=False, server_default=""),
    sa.Column("company", sa.Text, nullable=False, server_default=""),  # the CRM's record id
    sa.Column("company_name", sa.Text, nullable=False, server_default=""),
    sa.Column("locale", sa.Text, nullable=False, server_default=""),
    sa.Column("time_zone", sa.Text, nullable=False, server_default=""),  # IANA; empty: not known
    sa.Column("opted_out", sa.Boolean),  # null: the CRM does not let us see it
    sa.Column("seen_at", Timestamp, nullable=False),  # when the CRM last told us the above
    # Merged into this person, who is merged into nobody: there are no chains.
    sa.Column("survivor", sa.Text, sa.ForeignKey("person.id")),
    sa.Column("merged_at", Timestamp),
    sa.Column("gone_at", Timestamp),
    sa.Column(
        "standing_at", Timestamp
    ),  # the CRM's time of the last deletion or restoring we know of
    sa.Column("erased_at", Timestamp),
    sa.Column("unsubscribed_at", Timestamp),
    sa.Column("bounced_at", Timestamp),  # mail to this address comes back; a new address clears it
    sa.Column("last_asked_at", Timestamp),
    sa.Column("last_answered_at", Timestamp),
    sa.Column("last_declined_at", Timestamp),
    sa.Column("last_messaged_at", Timestamp),  # told what came of her feedback
    sa.Column("silent_since", Timestamp),  # the last ask after which we heard nothing; null: heard
    sa.Column("relational_answered_at", Timestamp),  # the same three, of relational asks alone
    sa.Column("relational_declined_at", Timestamp),
    sa.Column("relational_silent_since", Timestamp),
    sa.Column("follow_up_open", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("ask_refusal", sa.Text),  # why the last ask was refused; null after an ask or answer
    sa.Column("next_ask_at", Timestamp),  # from when on she may be asked; null: at once, or never
    sa.UniqueConstraint("installation", "contact"),
)
# Literals, never parameters: only then do both databases use the partial indexes.
_merged = person.c.survivor.is_not(None)
here = sa.and_(
    person.c.survivor.is_(None), person.c.gone_at.is_(None), person.c.erased_at.is_(None)
)
"""Not merged away, not gone, not erased."""
sa.Index("ix_person_survivor", person.c.survivor, sqlite_where=_merged, postgresql_where=_merged)
# Everybody who is here, in the order of ids and without their rows: what a segment is counted by.
sa.Index(
    "ix_person_here",
    person.c.id,
    person.c.locale,
    person.c.installation,
    sqlite_where=here,
    postgresql_where=here,
)

# When the people of one company were asked, newest last: what a cap per company counts.
company = sa.Table(
    "company",
    metadata,
    sa.Column("installation", sa.Text, primary_key=True),
    sa.Column("company", sa.Text, primary_key=True),  # the CRM's record id
    sa.Column("asked", sa.JSON, nullable=False, server_default="[]"),  # milliseconds since 1970
)
