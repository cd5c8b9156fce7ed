"""Administrators, their sessions, passkeys and invitations, API keys, and the audit log.

Nothing that opens a door is kept as it is: sessions, links and API keys stand here as hashes.
"""

import sqlalchemy as sa

from plugin.db import Timestamp, metadata

administrator = sa.Table(
    "administrator",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("login", sa.Text, nullable=False, unique=True),  # the name folded, for comparing
    sa.Column("email", sa.Text, nullable=False, server_default=""),  # for alerts; may be empty
    sa.Column("password_hash", sa.Text),  # null: signs in with passkeys only
    sa.Column("created_at", Timestamp, nullable=False),
)

admin_session = sa.Table(
    "admin_session",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("hash", sa.Text, nullable=False, unique=True),
    sa.Column(
        "administrator",
        sa.Text,
        sa.ForeignKey("administrator.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    sa.Column("device", sa.Text, nullable=False, server_default=""),
    sa.Column("way", sa.Text, nullable=False),  # password | passkey | link
    sa.Column("created_at", Timestamp, nullable=False),
    sa.Column("seen_at", Timestamp, nullable=False),
    sa.Column("expires_at", Timestamp, nullable=False),
)

passkey = sa.Table(
    "passkey",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column(
        "administrator",
        sa.Text,
        sa.ForeignKey("administrator.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("credential", sa.Text, nullable=False, unique=True),  # base64url
    sa.Column("public_key", sa.LargeBinary, nullable=False),
    sa.Column("sign_count", sa.BigInteger, nullable=False),
    sa.Column("created_at", Timestamp, nullable=False),
    sa.Column("last_used_at", Timestamp),
)

# What a passkey has to sign: kept here, used once, bound to the browser by its signed cookie.
ceremony = sa.Table(
    "passkey_ceremony",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("challenge", sa.LargeBinary, nullable=False),
    sa.Column("expires_at", Timestamp, nullable=False),
)

# One-time links: an invitation, the first set-up after the token, or the way in when all is lost.
way_in = sa.Table(
    "way_in",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("hash", sa.Text, nullable=False, unique=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False, server_default=""),  # whom it is meant for
    sa.Column("made_by", sa.Text, nullable=False),
    sa.Column("created_at", Timestamp, nullable=False),
    sa.Column("expires_at", Timestamp, nullable=False),
    sa.CheckConstraint("kind IN ('first', 'invitation', 'rescue')", name="kind"),
)

# How often somebody tried to sign in: per address (hashed) and in total, shared by all processes.
attempts = sa.Table(
    "sign_in_attempts",
    metadata,
    sa.Column("bucket", sa.Text, primary_key=True),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("until", Timestamp, nullable=False),
)

api_key = sa.Table(
    "api_key",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("installation", sa.Text, nullable=False),
    sa.Column("hash", sa.Text, nullable=False, unique=True),
    sa.Column("hint", sa.Text, nullable=False),  # the beginning, to tell keys apart
    sa.Column("created_at", Timestamp, nullable=False),
    sa.Column("created_by", sa.Text, nullable=False),
    sa.Column("last_used_at", Timestamp),
    sa.Column("revoked_at", Timestamp),
)

audit_entry = sa.Table(
    "audit_entry",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("at", Timestamp, nullable=False),
    sa.Column("who", sa.Text, nullable=False),  # the administrator's id, or cli
    sa.Column("who_name", sa.Text, nullable=False),
    sa.Column("verb", sa.Text, nullable=False),
    sa.Column("object", sa.Text, nullable=False),
    sa.Column("detail", sa.Text, nullable=False, server_default=""),
)
