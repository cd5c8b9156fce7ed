"""Themes: the company's own, what each answer is about, and how far the comments have been read"""

import sqlalchemy as sa
from alembic import op

from plugin.db import Timestamp

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "theme",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("ready", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("names", sa.JSON(), server_default="{}", nullable=False),
        sa.Column("words", sa.JSON(), server_default="{}", nullable=False),
        sa.Column("is_on", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("created_at", Timestamp(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_theme")),
    )
    op.create_table(
        "answer_theme",
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("theme", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("has", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("words", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("at", Timestamp(), nullable=False),
        sa.CheckConstraint(
            "\"by\" IN ('rule', 'learned', 'person')", name=op.f("ck_answer_theme_by")
        ),
        sa.CheckConstraint(
            "has OR \"by\" = 'person'", name=op.f("ck_answer_theme_denied_by_person")
        ),
        sa.ForeignKeyConstraint(["answer"], ["answer.id"], name=op.f("fk_answer_theme_answer")),
        sa.PrimaryKeyConstraint("answer", "theme", name=op.f("pk_answer_theme")),
    )
    op.create_index("ix_answer_theme_newest", "answer_theme", ["theme", "answer"])
    by_person = sa.text("\"by\" = 'person'")
    op.create_index(
        "ix_answer_theme_person",
        "answer_theme",
        ["at"],
        sqlite_where=by_person,
        postgresql_where=by_person,
    )
    op.create_table(
        "theme_reading",
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("at", Timestamp(), nullable=False),
        sa.ForeignKeyConstraint(["answer"], ["answer.id"], name=op.f("fk_theme_reading_answer")),
        sa.PrimaryKeyConstraint("answer", name=op.f("pk_theme_reading")),
    )
    op.create_table(
        "theme_walk",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("edition", sa.Text(), server_default="", nullable=False),
        sa.Column("cursor", sa.Text(), server_default="", nullable=False),
        sa.Column("floor", sa.Text(), server_default="", nullable=False),
        sa.Column("all_at", Timestamp(), nullable=True),
        sa.Column("late_at", Timestamp(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme_walk")),
    )
