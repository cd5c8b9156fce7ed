"""What flows back from the CRM: tasks, merges, deletions, wishes to ask"""

import sqlalchemy as sa
from alembic import op

from plugin.db import Timestamp

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("standing_at", Timestamp(), nullable=True))
    op.add_column("person", sa.Column("merged_at", Timestamp(), nullable=True))

    op.add_column("ask", sa.Column("became", sa.Text(), nullable=True))
    op.create_index("ix_ask_person", "ask", ["person"])

    op.add_column("followup", sa.Column("closed_by", sa.Text(), server_default="", nullable=False))
    op.add_column("followup", sa.Column("task_changed_at", Timestamp(), nullable=True))
    op.create_index(
        "ix_followup_task",
        "followup",
        ["installation", "task"],
        sqlite_where=sa.text("task != ''"),
        postgresql_where=sa.text("task != ''"),
    )
    op.create_table(
        "followup_event",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("followup", sa.Text(), nullable=False),
        sa.Column("at", Timestamp(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), server_default="", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("cause", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["followup"],
            ["followup.id"],
            name=op.f("fk_followup_event_followup"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_followup_event")),
    )
    op.create_index("ix_followup_event_followup", "followup_event", ["followup", "id"])

    op.add_column(
        "installation", sa.Column("poll_mark", sa.Text(), server_default="", nullable=False)
    )
    op.add_column("installation", sa.Column("polled_at", Timestamp(), nullable=True))
    op.add_column("installation", sa.Column("reconciling", sa.JSON(), nullable=True))
    op.add_column("installation", sa.Column("reconciled", sa.JSON(), nullable=True))
    op.add_column("installation", sa.Column("reconciled_at", Timestamp(), nullable=True))

    passing = sa.text("kind IN ('event', 'poll', 'reconcile', 'task_look') AND state != 'queued'")
    op.create_index(
        "ix_delivery_passing",
        "delivery",
        ["id"],
        sqlite_where=passing,
        postgresql_where=passing,
    )

    op.create_table(
        "survey_request",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("installation", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("touchpoint", sa.Text(), nullable=False),
        sa.Column("ask", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("next_ask_at", Timestamp(), nullable=True),
        sa.Column("decided_at", Timestamp(), nullable=False),
        sa.ForeignKeyConstraint(["ask"], ["ask.id"], name=op.f("fk_survey_request_ask")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_survey_request")),
    )
    op.create_index("ix_survey_request_contact", "survey_request", ["installation", "contact"])

    op.create_table(
        "erased_answer",
        sa.Column("installation", sa.Text(), nullable=False),
        sa.Column("touchpoint", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("score", sa.SmallInteger(), nullable=False),
        sa.Column("how_many", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["touchpoint"], ["touchpoint.key"], name=op.f("fk_erased_answer_touchpoint")
        ),
        sa.PrimaryKeyConstraint(
            "installation",
            "touchpoint",
            "kind",
            "month",
            "score",
            name=op.f("pk_erased_answer"),
        ),
    )
