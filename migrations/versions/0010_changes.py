"""Changes: what was changed because of feedback, and who asked for it"""

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
