"""Triggers: what asks by itself, and what each event led to"""

import sqlalchemy as sa
from alembic import op

from plugin.db import Timestamp

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("refused_ask", sa.Column("trigger", sa.Text(), server_default="", nullable=False))
    op.create_table(
        "trigger",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("installation", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("touchpoint", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), server_default="email", nullable=False),
        sa.Column("parameters", sa.JSON(), server_default="{}", nullable=False),
        sa.Column("is_on", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("off_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("off_detail", sa.Text(), server_default="", nullable=False),
        sa.Column("since", Timestamp(), nullable=True),
        sa.Column("mark", sa.Text(), server_default="", nullable=False),
        sa.Column("looked_at", Timestamp(), nullable=True),
        sa.Column("dry_run", sa.JSON(), nullable=True),
        sa.Column("dry_run_at", Timestamp(), nullable=True),
        sa.Column("created_at", Timestamp(), nullable=False),
        sa.Column("removed_at", Timestamp(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('deal_won', 'case_closed', 'date_nearing', 'days_after', 'list', 'steady_flow')",
            name=op.f("ck_trigger_kind"),
        ),
        sa.CheckConstraint(
            "channel IN ('widget', 'email', 'link')", name=op.f("ck_trigger_channel")
        ),
        sa.ForeignKeyConstraint(
            ["touchpoint"], ["touchpoint.key"], name=op.f("fk_trigger_touchpoint")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_trigger")),
    )
    op.create_table(
        "trigger_event",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("trigger", sa.Text(), nullable=False),
        sa.Column("installation", sa.Text(), nullable=False),
        sa.Column("touchpoint", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=True),
        sa.Column("occurred_at", Timestamp(), nullable=True),
        sa.Column("found_at", Timestamp(), nullable=False),
        sa.Column("due_at", Timestamp(), nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("next_eligible_at", Timestamp(), nullable=True),
        sa.Column("ask", sa.Text(), nullable=True),
        sa.Column("decided_at", Timestamp(), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'asked', 'refused', 'failed')",
            name=op.f("ck_trigger_event_state"),
        ),
        sa.ForeignKeyConstraint(
            ["trigger"], ["trigger.key"], name=op.f("fk_trigger_event_trigger")
        ),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_trigger_event_person")),
        sa.ForeignKeyConstraint(["ask"], ["ask.id"], name=op.f("fk_trigger_event_ask")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trigger_event")),
        sa.UniqueConstraint(
            "installation",
            "touchpoint",
            "record",
            "contact",
            name=op.f("uq_trigger_event_installation_touchpoint_record_contact"),
        ),
    )
    op.create_index("ix_trigger_event_newest", "trigger_event", ["trigger", "id"])
    op.create_index("ix_trigger_event_person", "trigger_event", ["person"])
    waiting = sa.text("state = 'waiting'")
    op.create_index(
        "ix_trigger_event_waiting",
        "trigger_event",
        ["trigger", "due_at"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    op.create_table(
        "trigger_contact",
        sa.Column("trigger", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("lot", sa.BigInteger(), nullable=False),
        sa.Column("round", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["trigger"], ["trigger.key"], name=op.f("fk_trigger_contact_trigger")
        ),
        sa.PrimaryKeyConstraint("trigger", "contact", name=op.f("pk_trigger_contact")),
    )
    op.create_index("ix_trigger_contact_lot", "trigger_contact", ["trigger", "lot"])
