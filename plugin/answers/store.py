"""Answers and their revisions: nothing is overwritten, the answer row shows the latest revision."""

import sqlalchemy as sa

from plugin.db import Timestamp, metadata
from plugin.touchpoints.rules import NPS

answer = sa.Table(
    "answer",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),  # also the key on the records in the CRM
    sa.Column("ask", sa.Text, sa.ForeignKey("ask.id"), nullable=False),
    # Whose: the rendering of the page it came from; empty from a host's own page.
    sa.Column("hand", sa.Text, nullable=False, server_default=""),
    # Only what counts exists for everybody else: figures, cards, CRM, follow-ups, frequency.
    sa.Column("standing", sa.Text, nullable=False, server_default="counted"),
    sa.Column("installation", sa.Text, nullable=False),
    sa.Column("person", sa.Text, sa.ForeignKey("person.id"), nullable=False),
    sa.Column("touchpoint", sa.Text, sa.ForeignKey("touchpoint.key"), nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("locale", sa.Text, nullable=False, server_default=""),
    sa.Column("score", sa.SmallInteger, nullable=False),
    sa.Column("category", sa.Text, nullable=False),
    sa.Column("comment", sa.Text, nullable=False, server_default=""),
    sa.Column("may_contact", sa.Boolean),  # null: not asked or not said
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("answered_at", Timestamp, nullable=False),
    sa.Column("revised_at", Timestamp, nullable=False),
    sa.CheckConstraint("score BETWEEN 0 AND 10", name="score"),
    sa.CheckConstraint("standing IN ('counted', 'provisional', 'set_aside')", name="standing"),
)
# Literals, never parameters: only then do both databases use the partial indexes.
counted = answer.c.standing == sa.literal_column("'counted'")
uncounted = answer.c.standing != sa.literal_column("'counted'")
nps = answer.c.kind.in_(NPS)
"""Of the NPS question: satisfaction and effort are never read with them."""
sa.Index("ix_answer_ask", answer.c.ask, answer.c.hand, unique=True)
sa.Index(
    "ix_answer_counted", answer.c.ask, unique=True, sqlite_where=counted, postgresql_where=counted
)
sa.Index("ix_answer_uncounted", answer.c.id, sqlite_where=uncounted, postgresql_where=uncounted)
# With all that a segment asks of a million people's answers: PostgreSQL never looks at the rows.
sa.Index(
    "ix_answer_person",
    answer.c.person,
    answer.c.answered_at,
    postgresql_include=["touchpoint", "standing", "id"],
)
sa.Index("ix_answer_newest", answer.c.installation, answer.c.id)

revision = sa.Table(
    "revision",
    metadata,
    sa.Column("answer", sa.Text, sa.ForeignKey("answer.id"), primary_key=True),
    sa.Column("revision", sa.Integer, primary_key=True),
    sa.Column("score", sa.SmallInteger, nullable=False),
    sa.Column("comment", sa.Text, nullable=False, server_default=""),
    sa.Column("may_contact", sa.Boolean),
    sa.Column("at", Timestamp, nullable=False),
    sqlite_with_rowid=False,
)

# What remains of an erased person: that somebody answered so in that month, and nothing else.
erased_answer = sa.Table(
    "erased_answer",
    metadata,
    sa.Column("installation", sa.Text, primary_key=True),
    sa.Column("touchpoint", sa.Text, sa.ForeignKey("touchpoint.key"), primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("month", sa.Text, primary_key=True),  # 2026-11, UTC
    sa.Column("score", sa.SmallInteger, primary_key=True),
    sa.Column("how_many", sa.Integer, nullable=False),
)
