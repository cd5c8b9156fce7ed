"""Changes: what was changed because of feedback, and who asked for it"""

import sqlalchemy as sa
from alembic import op

from plugin.db import Timestamp

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "change",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("internal_text", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.Text(), server_default="planned", nullable=False),
        sa.Column("effective_on", Timestamp(), nullable=True),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("owner_name", sa.Text(), server_default="", nullable=False),
        sa.Column("texts", sa.JSON(), server_default="{}", nullable=False),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", Timestamp(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("announced_at", Timestamp(), nullable=True),
        sa.Column("done_at", Timestamp(), nullable=True),
        sa.Column("dropped_at", Timestamp(), nullable=True),
        sa.CheckConstraint(
            "state IN ('planned', 'announced', 'done', 'dropped')", name=op.f("ck_change_state")
        ),
        sa.ForeignKeyConstraint(
            ["owner"],
            ["administrator.id"],
            name=op.f("fk_change_owner"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change")),
    )
    op.create_table(
        "change_theme",
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("theme", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["change"], ["change.id"], name=op.f("fk_change_theme_change")),
        sa.PrimaryKeyConstraint("change", "theme", name=op.f("pk_change_theme")),
    )
    op.create_table(
        "change_touchpoint",
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("touchpoint", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["change"], ["change.id"], name=op.f("fk_change_touchpoint_change")
        ),
        sa.ForeignKeyConstraint(
            ["touchpoint"], ["touchpoint.key"], name=op.f("fk_change_touchpoint_touchpoint")
        ),
        sa.PrimaryKeyConstraint("change", "touchpoint", name=op.f("pk_change_touchpoint")),
    )
    op.create_table(
        "change_answer",
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("has", sa.Boolean(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", Timestamp(), nullable=False),
        sa.ForeignKeyConstraint(["answer"], ["answer.id"], name=op.f("fk_change_answer_answer")),
        sa.ForeignKeyConstraint(["change"], ["change.id"], name=op.f("fk_change_answer_change")),
        sa.PrimaryKeyConstraint("change", "answer", name=op.f("pk_change_answer")),
    )
    op.create_index("ix_change_answer_answer", "change_answer", ["answer"])
    tried = sa.text("test = true")
    op.create_index("ix_ask_test", "ask", ["id"], sqlite_where=tried, postgresql_where=tried)
