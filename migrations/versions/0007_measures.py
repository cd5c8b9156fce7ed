"""Who was asked, by time; asks that only try something; other measures than NPS, with names of their own"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("ask", sa.Column("test", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_index("ix_ask_newest", "ask", ["created_at", "id"])
