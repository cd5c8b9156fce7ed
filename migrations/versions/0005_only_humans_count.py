"""Only humans count: what is known of how an answer came about"""

import sqlalchemy as sa
from alembic import op

from plugin.db import Timestamp

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_COLUMNS = (
    "id, ask, installation, person, touchpoint, kind, channel, locale, score, category, comment, "
    "may_contact, revision, answered_at, revised_at"
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _answers_anew()
    else:
        op.drop_constraint("uq_answer_ask", "answer")
        op.add_column(
            "answer", sa.Column("standing", sa.Text(), server_default="counted", nullable=False)
        )
        op.add_column("answer", sa.Column("hand", sa.Text(), server_default="", nullable=False))
        op.create_check_constraint(op.f("ck_answer_standing"), "answer", _STANDING)
    op.create_index("ix_answer_ask", "answer", ["ask", "hand"], unique=True)
    counted = sa.text("standing = 'counted'")
    op.create_index(
        "ix_answer_counted",
        "answer",
        ["ask"],
        unique=True,
        sqlite_where=counted,
        postgresql_where=counted,
    )
    _uncounted()
    for column in ("evidence", "website"):
        op.execute(f"ALTER TABLE revision DROP COLUMN {column}")
    _evidence()


_STANDING = "standing IN ('counted', 'provisional', 'set_aside')"


def _answers_anew() -> None:
    """SQLite drops no constraint: the table is made anew. What refers to it is looked at once all is there again."""
    op.execute("PRAGMA defer_foreign_keys=ON")
    op.execute("CREATE TABLE answer_before AS SELECT * FROM answer")
    op.drop_table("answer")
    op.create_table(
        "answer",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("ask", sa.Text(), nullable=False),
        sa.Column("hand", sa.Text(), server_default="", nullable=False),
        sa.Column("standing", sa.Text(), server_default="counted", nullable=False),
        sa.Column("installation", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("touchpoint", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), server_default="", nullable=False),
        sa.Column("score", sa.SmallInteger(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), server_default="", nullable=False),
        sa.Column("may_contact", sa.Boolean(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("answered_at", Timestamp(), nullable=False),
        sa.Column("revised_at", Timestamp(), nullable=False),
        sa.CheckConstraint("score BETWEEN 0 AND 10", name=op.f("ck_answer_score")),
        sa.CheckConstraint(_STANDING, name=op.f("ck_answer_standing")),
        sa.ForeignKeyConstraint(["ask"], ["ask.id"], name=op.f("fk_answer_ask")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_answer_person")),
        sa.ForeignKeyConstraint(
            ["touchpoint"], ["touchpoint.key"], name=op.f("fk_answer_touchpoint")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer")),
    )
    op.execute(f"INSERT INTO answer ({_COLUMNS}) SELECT {_COLUMNS} FROM answer_before")  # noqa: S608
    op.drop_table("answer_before")
    op.create_index("ix_answer_newest", "answer", ["installation", "id"])
    op.create_index("ix_answer_person", "answer", ["person", "answered_at"])


def _uncounted() -> None:
    uncounted = sa.text("standing <> 'counted'")
    op.create_index(
        "ix_answer_uncounted",
        "answer",
        ["id"],
        sqlite_where=uncounted,
        postgresql_where=uncounted,
    )


def _evidence() -> None:
    op.create_table(
        "opening",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("ask", sa.Text(), nullable=False),
        sa.Column("at", Timestamp(), nullable=False),
        sa.Column("score", sa.SmallInteger(), nullable=True),
        sa.Column("head", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["ask"], ["ask.id"], name=op.f("fk_opening_ask")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening")),
    )
    op.create_index("ix_opening_ask", "opening", ["ask", "at"])
    op.create_index("ix_opening_at", "opening", ["at"])
    op.create_table(
        "evidence",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("ask", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("at", Timestamp(), nullable=False),
        sa.Column("score", sa.SmallInteger(), nullable=False),
        sa.Column("rendering", sa.Text(), server_default="", nullable=False),
        sa.Column("human", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("agent", sa.Text(), server_default="", nullable=False),
        sa.Column("after", sa.BigInteger(), nullable=True),
        sa.Column("since_mail", sa.BigInteger(), nullable=True),
        sa.Column("kinds", sa.Text(), server_default="", nullable=False),
        sa.Column("by", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["ask"], ["ask.id"], name=op.f("fk_evidence_ask")),
        sa.ForeignKeyConstraint(["answer"], ["answer.id"], name=op.f("fk_evidence_answer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    op.create_index("ix_evidence_ask", "evidence", ["ask", "at"])
    op.create_index("ix_evidence_answer", "evidence", ["answer"])
    op.create_index("ix_evidence_at", "evidence", ["at"])
