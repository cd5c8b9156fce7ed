"""Segments as data, what the CRM tells of people for them, and the newest answer of each person and kind."""

import sqlalchemy as sa

from plugin.db import Timestamp, metadata

# The company's own; a ready one only stands here when it is hidden.
segment = sa.Table(
    "segment",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("rule", sa.JSON, nullable=False),  # rules.parse reads it
    sa.Column("created_at", Timestamp, nullable=False),
    sa.Column("created_by", sa.Text, nullable=False, server_default=""),  # an administrator's id
    sa.Column("archived_at", Timestamp),
)

# What the ready ones go by: one row, put there with the table.
segment_settings = sa.Table(
    "segment_settings",
    metadata,
    sa.Column("id", sa.SmallInteger, primary_key=True, autoincrement=False),
    sa.Column("since_field", sa.Text, nullable=False, server_default=""),  # customer since
    sa.Column("new_days", sa.Integer, nullable=False, server_default="90"),
    sa.Column("long_days", sa.Integer, nullable=False, server_default="730"),
    sa.Column("renewal_field", sa.Text, nullable=False, server_default=""),
    sa.Column("renewal_days", sa.Integer, nullable=False, server_default="60"),
    sa.Column("fall", sa.SmallInteger, nullable=False, server_default="3"),  # points
    sa.CheckConstraint("id = 1", name="one"),
)

# A CRM field that is kept in step, and how far that has come.
attribute = sa.Table(
    "attribute",
    metadata,
    sa.Column("installation", sa.Text, primary_key=True),
    sa.Column("field", sa.Text, primary_key=True),
    sa.Column("label", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("created_at", Timestamp, nullable=False),
    sa.Column("read_at", Timestamp),  # null: not read through yet
    sa.Column("mark", sa.Text, nullable=False, server_default=""),  # how far the CRM was read
    sa.Column("trouble", sa.Text, nullable=False, server_default=""),  # in words; values are old
    # Values that were not of its kind when everybody was last read: they count as empty.
    sa.Column("wrong", sa.Integer, nullable=False, server_default="0"),
    sa.CheckConstraint("kind IN ('text', 'number', 'date')", name="kind"),
)

# What stands in such a field: nothing where it is empty. A date is a number: days since 1970.
attribute_value = sa.Table(
    "attribute_value",
    metadata,
    sa.Column("person", sa.Text, sa.ForeignKey("person.id"), primary_key=True),
    sa.Column("field", sa.Text, primary_key=True),
    sa.Column("text", sa.Text),  # cut at 255 characters
    sa.Column("number", sa.Double),
    sqlite_with_rowid=False,
)
# Literals, never parameters: only then do both databases use the partial indexes.
_texts, _numbers = attribute_value.c.text.is_not(None), attribute_value.c.number.is_not(None)
sa.Index(
    "ix_attribute_value_text",
    attribute_value.c.field,
    attribute_value.c.text,
    attribute_value.c.person,
    sqlite_where=_texts,
    postgresql_where=_texts,
)
sa.Index(
    "ix_attribute_value_number",
    attribute_value.c.field,
    attribute_value.c.number,
    attribute_value.c.person,
    sqlite_where=_numbers,
    postgresql_where=_numbers,
)

# A list of the CRM whose members are kept in step: a HubSpot segment, a Salesforce campaign.
followed_list = sa.Table(
    "followed_list",
    metadata,
    sa.Column("installation", sa.Text, primary_key=True),
    sa.Column("list", sa.Text, primary_key=True),  # the CRM's id
    sa.Column("label", sa.Text, nullable=False),
    sa.Column("created_at", Timestamp, nullable=False),
    sa.Column("read_at", Timestamp),  # null: not read through yet
    sa.Column("mark", sa.Text, nullable=False, server_default=""),
    sa.Column("trouble", sa.Text, nullable=False, server_default=""),
)
list_member = sa.Table(
    "list_member",
    metadata,
    sa.Column("person", sa.Text, sa.ForeignKey("person.id"), primary_key=True),
    sa.Column("list", sa.Text, primary_key=True),
    sa.Column("seen_round", sa.Integer, nullable=False, server_default="0"),  # of reading
    sqlite_with_rowid=False,
)
sa.Index("ix_list_member_list", list_member.c.list, list_member.c.person)

# Each person's newest answer of a kind that counts: kept when an answer begins or ends to count, so that a million
# people are counted without looking through all that they ever said.
newest_answer = sa.Table(
    "newest_answer",
    metadata,
    sa.Column("person", sa.Text, sa.ForeignKey("person.id"), primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("answer", sa.Text, nullable=False),
    sa.Column("category", sa.Text, nullable=False),
    sa.Column("score", sa.SmallInteger, nullable=False),
    sa.Column("before", sa.SmallInteger),  # the score of the one before; null: there is none
    sa.Column("answered_at", Timestamp, nullable=False),
    sqlite_with_rowid=False,
)
# By kind in the order of people, with all that a segment asks of them: PostgreSQL never looks at the rows.
sa.Index(
    "ix_newest_answer_kind",
    newest_answer.c.kind,
    newest_answer.c.category,
    newest_answer.c.person,
    postgresql_include=["score", "before"],
)
