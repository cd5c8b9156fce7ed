"""Themes of the company, what each answer is about, and how far the comments have been read."""

import sqlalchemy as sa

from plugin.db import Timestamp, metadata

# The company's own themes, and what it changed about a ready one. Ready themes themselves stand in ``words/``.
theme = sa.Table(
    "theme",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("ready", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("names", sa.JSON, nullable=False, server_default="{}"),  # by language
    sa.Column("words", sa.JSON, nullable=False, server_default="{}"),  # by language: phrases
    sa.Column("is_on", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column("created_at", Timestamp, nullable=False),
)

# What a person said wins over what was read, also where she said that it is not about the theme (has = false).
answer_theme = sa.Table(
    "answer_theme",
    metadata,
    sa.Column("answer", sa.Text, sa.ForeignKey("answer.id"), primary_key=True),
    sa.Column("theme", sa.Text, primary_key=True),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("has", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column("words", sa.JSON, nullable=False, server_default="[]"),  # the customer's, that told
    sa.Column("at", Timestamp, nullable=False),
    sa.CheckConstraint("\"by\" IN ('rule', 'learned', 'person')", name="by"),
    sa.CheckConstraint("has OR \"by\" = 'person'", name="denied_by_person"),
)
sa.Index("ix_answer_theme_newest", answer_theme.c.theme, answer_theme.c.answer)
by_person = answer_theme.c.by == sa.literal_column("'person'")
sa.Index(
    "ix_answer_theme_person", answer_theme.c.at, sqlite_where=by_person, postgresql_where=by_person
)

# Which revision of an answer was read with which edition of the themes.
theme_reading = sa.Table(
    "theme_reading",
    metadata,
    sa.Column("answer", sa.Text, sa.ForeignKey("answer.id"), primary_key=True),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("edition", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False),  # empty: none of ours
    sa.Column("at", Timestamp, nullable=False),
)

# How far the walk through all answers has come; one row.
theme_walk = sa.Table(
    "theme_walk",
    metadata,
    sa.Column("id", sa.SmallInteger, primary_key=True, autoincrement=False),
    sa.Column("edition", sa.Text, nullable=False, server_default=""),
    sa.Column("cursor", sa.Text, nullable=False, server_default=""),  # empty: the walk is over
    sa.Column("floor", sa.Text, nullable=False, server_default=""),  # it ends at this answer's id
    sa.Column("all_at", Timestamp),  # when a walk through all last began
    sa.Column("late_at", Timestamp),  # when one through those still open to revision last began
)
