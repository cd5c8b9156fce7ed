"""Who was asked, by time; asks that only try something; other measures than NPS, with names of their own"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_NPS = "kind IN ('relational', 'transactional')"
_KIND = "kind IN ('relational', 'transactional', 'csat', 'ces')"


def upgrade() -> None:
    op.add_column("ask", sa.Column("test", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_index("ix_ask_newest", "ask", ["created_at", "id"])
    if op.get_bind().dialect.name == "sqlite":
        _touchpoints_anew()
    else:
        op.drop_constraint(op.f("ck_touchpoint_kind"), "touchpoint")
        op.create_check_constraint(op.f("ck_touchpoint_kind"), "touchpoint", _KIND)


def _touchpoints_anew() -> None:
    """SQLite changes no constraint: the table is made anew. What refers to it is looked at once all is there again."""
    run = op.get_bind().exec_driver_sql
    made = run("SELECT sql FROM sqlite_master WHERE name = 'touchpoint'").scalar_one()
    run("PRAGMA defer_foreign_keys=ON")
    run("CREATE TABLE touchpoint_before AS SELECT * FROM touchpoint")
    run("DROP TABLE touchpoint")
    run(made.replace(_NPS, _KIND))
    run("INSERT INTO touchpoint SELECT * FROM touchpoint_before")
    run("DROP TABLE touchpoint_before")
