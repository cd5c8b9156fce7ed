"""When to ask: touchpoints' own settings, the rules of frequency, what they must know of people and companies"""

import sqlalchemy as sa
from alembic import op

from plugin.db import Timestamp

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("touchpoint", sa.Column("purpose", sa.Text(), server_default="", nullable=False))
    op.add_column(
        "touchpoint",
        sa.Column(
            "channels", sa.JSON(), server_default='["widget", "email", "link"]', nullable=False
        ),
    )
    op.add_column(
        "touchpoint", sa.Column("delay_hours", sa.Integer(), server_default="0", nullable=False)
    )
    op.add_column("touchpoint", sa.Column("window_days", sa.Integer(), nullable=True))
    op.add_column(
        "touchpoint", sa.Column("sample", sa.SmallInteger(), server_default="100", nullable=False)
    )

    op.add_column("person", sa.Column("time_zone", sa.Text(), server_default="", nullable=False))
    for moment in (
        "bounced_at",
        "silent_since",
        "relational_answered_at",
        "relational_declined_at",
        "relational_silent_since",
    ):
        op.add_column("person", sa.Column(moment, Timestamp(), nullable=True))
    op.add_column(
        "person",
        sa.Column("follow_up_open", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    _remember()

    op.create_table(
        "company",
        sa.Column("installation", sa.Text(), nullable=False),
        sa.Column("company", sa.Text(), nullable=False),
        sa.Column("asked", sa.JSON(), server_default="[]", nullable=False),
        sa.PrimaryKeyConstraint("installation", "company", name=op.f("pk_company")),
    )

    frequency = op.create_table(
        "frequency",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        *(
            sa.Column(f"{kind}_{event}_days", sa.Integer(), server_default=days, nullable=False)
            for kind in ("transactional", "relational")
            for event, days in (("answered", "90"), ("declined", "30"), ("silent", "30"))
        ),
        sa.Column("relational_counts_all", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("company_most", sa.Integer(), server_default="0", nullable=False),
        sa.Column("company_days", sa.Integer(), server_default="30", nullable=False),
        sa.Column("quiet_from", sa.SmallInteger(), nullable=True),
        sa.Column("quiet_until", sa.SmallInteger(), nullable=True),
        sa.Column("time_zone", sa.Text(), server_default="UTC", nullable=False),
        sa.Column("staff_domains", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("test_contacts", sa.JSON(), server_default="[]", nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_frequency_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_frequency")),
    )
    op.bulk_insert(frequency, [{"id": 1}])

    op.create_table(
        "refused_ask",
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("touchpoint", sa.Text(), nullable=False),
        sa.Column("installation", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), server_default="", nullable=False),
        sa.Column("context", sa.JSON(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("next_eligible_at", Timestamp(), nullable=True),
        sa.Column("refused_at", Timestamp(), nullable=False),
        sa.Column("occurred_at", Timestamp(), nullable=True),
        sa.Column("again_at", Timestamp(), nullable=True),
        sa.Column("window_ends_at", Timestamp(), nullable=True),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_refused_ask_person")),
        sa.ForeignKeyConstraint(
            ["touchpoint"], ["touchpoint.key"], name=op.f("fk_refused_ask_touchpoint")
        ),
        sa.PrimaryKeyConstraint("person", "touchpoint", name=op.f("pk_refused_ask")),
    )
    op.create_index("ix_refused_ask_newest", "refused_ask", ["refused_at"])


def _remember() -> None:
    """What was asked and answered before counts from now on."""
    op.execute(
        "UPDATE person SET silent_since = last_asked_at "
        "WHERE last_asked_at > coalesce(last_answered_at, 0) "
        "AND last_asked_at > coalesce(last_declined_at, 0)"
    )
    for event, table in (("answered_at", "answer"), ("declined_at", "ask")):
        op.execute(
            f"UPDATE person SET relational_{event} = (SELECT max({table}.{event}) FROM {table} "  # noqa: S608
            f"JOIN touchpoint ON touchpoint.key = {table}.touchpoint "
            f"WHERE {table}.person = person.id AND touchpoint.kind = 'relational')"
        )
    op.execute(
        "UPDATE person SET relational_silent_since = silent_since WHERE silent_since IN "
        "(SELECT ask.created_at FROM ask JOIN touchpoint ON touchpoint.key = ask.touchpoint "
        "WHERE ask.person = person.id AND touchpoint.kind = 'relational')"
    )
    op.execute(
        "UPDATE person SET follow_up_open = true WHERE id IN "
        "(SELECT person FROM followup WHERE state = 'open')"
    )
