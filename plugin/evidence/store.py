"""What is kept for thirty days of how links were opened and answered: no address, no agent's name."""

import sqlalchemy as sa

from plugin.db import Timestamp, metadata

# A link was fetched: some rows for each ask and no more, because a GET costs whoever sends it nothing.
opening = sa.Table(
    "opening",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),  # of the rendering, which its stamp names
    sa.Column("ask", sa.Text, sa.ForeignKey("ask.id"), nullable=False),
    sa.Column("at", Timestamp, nullable=False),
    sa.Column("score", sa.SmallInteger),  # as the link chose it; 11 is the decoy's
    sa.Column("head", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("agent", sa.Text, nullable=False),  # one word
    sa.Column("by", sa.Text, nullable=False, server_default=""),  # on which rendering a decoy stood
)
sa.Index("ix_opening_ask", opening.c.ask, opening.c.at)
sa.Index("ix_opening_at", opening.c.at)

# How one revision of an answer came about, and what followed from that.
evidence = sa.Table(
    "evidence",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("ask", sa.Text, sa.ForeignKey("ask.id"), nullable=False),
    sa.Column("answer", sa.Text, sa.ForeignKey("answer.id"), nullable=False),
    sa.Column("at", Timestamp, nullable=False),
    sa.Column("score", sa.SmallInteger, nullable=False),
    sa.Column("rendering", sa.Text, nullable=False, server_default=""),
    sa.Column("human", sa.Boolean, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("agent", sa.Text, nullable=False, server_default=""),
    sa.Column("after", sa.BigInteger),  # milliseconds since the page was rendered
    sa.Column("since_mail", sa.BigInteger),  # milliseconds since the mail server took the mail
    sa.Column("kinds", sa.Text, nullable=False, server_default=""),  # of input
    sa.Column("by", sa.Text, nullable=False, server_default=""),  # the administrator who decided
)
sa.Index("ix_evidence_ask", evidence.c.ask, evidence.c.at)
sa.Index("ix_evidence_answer", evidence.c.answer)
sa.Index("ix_evidence_at", evidence.c.at)
