"""Messages: who is told of a change, and what became of it"""

import sqlalchemy as sa
from alembic import op

from plugin.db import Timestamp

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("last_messaged_at", Timestamp(), nullable=True))
    op.create_table(
        "message",
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="draft", nullable=False),
        sa.Column("plus", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("only", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("minus", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("channels", sa.JSON(), server_default='["email"]', nullable=False),
        sa.Column("fallback", sa.Text(), server_default="", nullable=False),
        sa.Column("recent_days", sa.Integer(), server_default="14", nullable=False),
        sa.Column("send_at", Timestamp(), nullable=True),
        sa.Column("hour", sa.SmallInteger(), nullable=True),
        sa.Column("per_hour", sa.Integer(), nullable=True),
        sa.Column("timeline", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("by_itself", sa.Boolean(), nullable=True),
        sa.Column("accepted", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("texts", sa.JSON(), nullable=True),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", Timestamp(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=True),
        sa.Column("asked_by_name", sa.Text(), server_default="", nullable=False),
        sa.Column("asked_at", Timestamp(), nullable=True),
        sa.Column("approved_by", sa.Text(), nullable=True),
        sa.Column("approved_by_name", sa.Text(), server_default="", nullable=False),
        sa.Column("approved_at", Timestamp(), nullable=True),
        sa.Column("started_at", Timestamp(), nullable=True),
        sa.Column("ended_at", Timestamp(), nullable=True),
        sa.Column("wave", sa.Integer(), server_default="0", nullable=False),
        sa.Column("mark", sa.Text(), server_default="", nullable=False),
        sa.Column("frozen_at", Timestamp(), nullable=True),
        sa.Column("next_at", Timestamp(), nullable=True),
        sa.CheckConstraint(
            "state IN ('draft', 'waiting', 'approved', 'sending', 'paused', 'stopped', 'done')",
            name=op.f("ck_message_state"),
        ),
        sa.ForeignKeyConstraint(["change"], ["change.id"], name=op.f("fk_message_change")),
        sa.PrimaryKeyConstraint("change", name=op.f("pk_message")),
    )
    op.create_table(
        "recipient",
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("wave", sa.Integer(), server_default="1", nullable=False),
        sa.Column("state", sa.Text(), server_default="due", nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("no_mail", sa.Text(), nullable=True),
        sa.Column("locale", sa.Text(), server_default="", nullable=False),
        sa.Column("due_at", Timestamp(), nullable=False),
        sa.Column("owed_at", Timestamp(), nullable=True),
        sa.Column("mailed_at", Timestamp(), nullable=True),
        sa.Column("bounced_at", Timestamp(), nullable=True),
        sa.Column("noticed_at", Timestamp(), nullable=True),
        sa.Column("noticed_by", sa.Text(), nullable=True),
        sa.Column("dismissed_at", Timestamp(), nullable=True),
        sa.Column("timeline_at", Timestamp(), nullable=True),
        sa.CheckConstraint(
            "state IN ('due', 'told', 'unsure', 'void')", name=op.f("ck_recipient_state")
        ),
        sa.ForeignKeyConstraint(["answer"], ["answer.id"], name=op.f("fk_recipient_answer")),
        sa.ForeignKeyConstraint(["change"], ["message.change"], name=op.f("fk_recipient_change")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_recipient_person")),
        sa.PrimaryKeyConstraint("change", "person", name=op.f("pk_recipient")),
        sa.UniqueConstraint("id", name=op.f("uq_recipient_id")),
    )
    op.create_index("ix_recipient_person", "recipient", ["person"])
    op.create_index("ix_recipient_answer", "recipient", ["answer"])
    mail = "state = 'due' AND no_mail IS NULL AND owed_at IS"
    unsent, in_hand = sa.text(f"{mail} NULL"), sa.text(f"{mail} NOT NULL")
    op.create_index(
        "ix_recipient_unsent",
        "recipient",
        ["change", "due_at", "person"],
        sqlite_where=unsent,
        postgresql_where=unsent,
    )
    op.create_index(
        "ix_recipient_in_hand",
        "recipient",
        ["change", "person"],
        sqlite_where=in_hand,
        postgresql_where=in_hand,
    )
    messaging = op.create_table(
        "messaging",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("second_person", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("by_itself_since", Timestamp(), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_messaging_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messaging")),
    )
    op.bulk_insert(messaging, [{"id": 1}])
