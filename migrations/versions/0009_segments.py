"""Segments: sets of people by rule, and what the CRM tells of people for them"""

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
