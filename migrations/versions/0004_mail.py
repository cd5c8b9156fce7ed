"""Mail: what became of each ask's invitation and reminders"""

import sqlalchemy as sa
from alembic import op

from plugin.db import Timestamp

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("ask", sa.Column("trigger", sa.Text(), server_default="", nullable=False))
    op.add_column("ask", sa.Column("mailed_at", Timestamp(), nullable=True))
    op.add_column("ask", sa.Column("bounced_at", Timestamp(), nullable=True))
    op.add_column(
        "ask", sa.Column("reminders", sa.SmallInteger(), server_default="0", nullable=False)
    )
    op.add_column("ask", sa.Column("reminded_at", Timestamp(), nullable=True))
    op.add_column(
        "frequency",
        sa.Column("unseen_opts_out", sa.Boolean(), server_default=sa.true(), nullable=False),
    )
    op.add_column("administrator", sa.Column("email", sa.Text(), server_default="", nullable=False))
    for name, usual in (("reminders", "1"), ("reminder_days", "5")):
        op.add_column(
            "touchpoint", sa.Column(name, sa.SmallInteger(), server_default=usual, nullable=False)
        )
