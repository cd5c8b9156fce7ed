"""Segments: sets of people by rule, and what the CRM tells of people for them"""

import sqlalchemy as sa
from alembic import op

from plugin.db import Timestamp

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _segments()
    _attributes()
    _lists()
    _newest_answers()
    _people_in_order()
    _people()


def _segments() -> None:
    op.create_table(
        "segment",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("rule", sa.JSON(), nullable=False),
        sa.Column("created_at", Timestamp(), nullable=False),
        sa.Column("created_by", sa.Text(), server_default="", nullable=False),
        sa.Column("archived_at", Timestamp(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_segment")),
    )
    settings = op.create_table(
        "segment_settings",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("since_field", sa.Text(), server_default="", nullable=False),
        sa.Column("new_days", sa.Integer(), server_default="90", nullable=False),
        sa.Column("long_days", sa.Integer(), server_default="730", nullable=False),
        sa.Column("renewal_field", sa.Text(), server_default="", nullable=False),
        sa.Column("renewal_days", sa.Integer(), server_default="60", nullable=False),
        sa.Column("fall", sa.SmallInteger(), server_default="3", nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_segment_settings_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_segment_settings")),
    )
    op.bulk_insert(settings, [{"id": 1}])


def _attributes() -> None:
    op.create_table(
        "attribute",
        sa.Column("installation", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        *_reading(),
        sa.Column("wrong", sa.Integer(), server_default="0", nullable=False),
        sa.CheckConstraint("kind IN ('text', 'number', 'date')", name=op.f("ck_attribute_kind")),
        sa.PrimaryKeyConstraint("installation", "field", name=op.f("pk_attribute")),
    )
    op.create_table(
        "attribute_value",
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("number", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_attribute_value_person")),
        sa.PrimaryKeyConstraint("person", "field", name=op.f("pk_attribute_value")),
        sqlite_with_rowid=False,
    )
    for column in ("text", "number"):
        filled = sa.text(f"{column} IS NOT NULL")
        op.create_index(
            f"ix_attribute_value_{column}",
            "attribute_value",
            ["field", column, "person"],
            sqlite_where=filled,
            postgresql_where=filled,
        )


def _lists() -> None:
    op.create_table(
        "followed_list",
        sa.Column("installation", sa.Text(), nullable=False),
        sa.Column("list", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        *_reading(),
        sa.PrimaryKeyConstraint("installation", "list", name=op.f("pk_followed_list")),
    )
    op.create_table(
        "list_member",
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("list", sa.Text(), nullable=False),
        sa.Column("seen_round", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_list_member_person")),
        sa.PrimaryKeyConstraint("person", "list", name=op.f("pk_list_member")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_list_member_list", "list_member", ["list", "person"])


def _reading() -> list[sa.Column[object]]:
    """How far the CRM has been read for it."""
    return [
        sa.Column("created_at", Timestamp(), nullable=False),
        sa.Column("read_at", Timestamp(), nullable=True),
        sa.Column("mark", sa.Text(), server_default="", nullable=False),
        sa.Column("trouble", sa.Text(), server_default="", nullable=False),
    ]


def _newest_answers() -> None:
    op.create_table(
        "newest_answer",
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("score", sa.SmallInteger(), nullable=False),
        sa.Column("before", sa.SmallInteger(), nullable=True),
        sa.Column("answered_at", Timestamp(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_newest_answer_person")),
        sa.PrimaryKeyConstraint("person", "kind", name=op.f("pk_newest_answer")),
        sqlite_with_rowid=False,
    )
    op.get_bind().exec_driver_sql(_FILLED)
    op.create_index(
        "ix_newest_answer_kind",
        "newest_answer",
        ["kind", "category", "person"],
        postgresql_include=["score", "before"],
    )


def _people_in_order() -> None:
    """PostgreSQL goes along everybody's asks and answers without looking at the rows."""
    op.drop_index("ix_answer_person", "answer")
    op.create_index(
        "ix_answer_person",
        "answer",
        ["person", "answered_at"],
        postgresql_include=["touchpoint", "standing", "id"],
    )
    op.drop_index("ix_ask_person", "ask")
    op.create_index(
        "ix_ask_person", "ask", ["person"], postgresql_include=["touchpoint", "created_at"]
    )


def _people() -> None:
    """Most people were never merged: an index of those who were is small, and nobody looks for the others by it."""
    op.drop_index("ix_person_survivor", "person")
    merged = sa.text("survivor IS NOT NULL")
    op.create_index(
        "ix_person_survivor", "person", ["survivor"], sqlite_where=merged, postgresql_where=merged
    )
    here = sa.text("survivor IS NULL AND gone_at IS NULL AND erased_at IS NULL")
    op.create_index(
        "ix_person_here",
        "person",
        ["id", "locale", "installation"],
        sqlite_where=here,
        postgresql_where=here,
    )


_FILLED = """
INSERT INTO newest_answer (person, kind, answer, category, score, "before", answered_at)
SELECT person, kind, id, category, score, earlier, answered_at FROM (
  SELECT person, kind, id, category, score, answered_at,
    lead(score) OVER newest_first AS earlier, row_number() OVER newest_first AS place
  FROM answer WHERE standing = 'counted'
  WINDOW newest_first AS (PARTITION BY person, kind ORDER BY answered_at DESC, id DESC)
) AS said WHERE place = 1
"""
