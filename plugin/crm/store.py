"""Installations: one connected HubSpot portal or Salesforce org, with its sealed tokens."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from plugin.db import Timestamp, metadata, now_ms

installation = sa.Table(
    "installation",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),  # hubspot:<hub_id> or salesforce:<18-char org id>
    sa.Column("crm", sa.Text, nullable=False),
    sa.Column("account", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("ui_url", sa.Text, nullable=False),
    sa.Column("api_url", sa.Text, nullable=False),
    sa.Column(
        "login_host", sa.Text, nullable=False, server_default=""
    ),  # where tokens are refreshed and revoked
    sa.Column("way", sa.Text, nullable=False),  # oauth | token
    sa.Column("state", sa.Text, nullable=False),  # connected | needs_reconnect | disconnected
    sa.Column("reason", sa.Text, nullable=False, server_default=""),  # a code of rules.REASONS
    sa.Column("reason_detail", sa.Text, nullable=False, server_default=""),
    sa.Column("client_id", sa.Text, nullable=False, server_default=""),  # empty: the setting's
    sa.Column("sealed_client_secret", sa.Text),
    sa.Column("sealed_access_token", sa.Text),
    sa.Column("sealed_refresh_token", sa.Text),
    sa.Column("token_expires_at", Timestamp),
    sa.Column("refresh_at", Timestamp),  # null: only when the CRM answers 401
    sa.Column("rotates", sa.Boolean, nullable=False, server_default=sa.false()),  # seen to
    sa.Column("token_version", sa.Integer, nullable=False, server_default="0"),
    sa.Column("refreshing_until", Timestamp),  # whoever set it is refreshing now
    sa.Column("scopes", sa.JSON, nullable=False, server_default="[]"),
    sa.Column("user", sa.Text, nullable=False, server_default=""),
    sa.Column("user_name", sa.Text, nullable=False, server_default=""),
    sa.Column("fallback_owner", sa.Text, nullable=False, server_default=""),
    sa.Column("viewers", sa.JSON, nullable=False, server_default="[]"),
    sa.Column("capabilities", sa.JSON, nullable=False, server_default="{}"),
    sa.Column(
        "setup_state", sa.Text, nullable=False, server_default=""
    ),  # the connector's resumable mark
    sa.Column("setup_done_at", Timestamp),
    sa.Column("setup_words", sa.Text, nullable=False, server_default=""),
    sa.Column("findings", sa.JSON),  # of the last check; null: never checked
    sa.Column("checked_at", Timestamp),
    sa.Column("usage", sa.JSON),  # calls used and allowed today, where the CRM says so
    sa.Column("connected_at", Timestamp, nullable=False),
    sa.Column("poll_mark", sa.Text, nullable=False, server_default=""),  # the connector's own
    sa.Column("polled_at", Timestamp),
    sa.Column("reconciling", sa.JSON),  # how far the reconciliation under way has come
    sa.Column("reconciled", sa.JSON),  # what the last whole one found
    sa.Column("reconciled_at", Timestamp),
)

# Somebody in the CRM wanted a contact asked: decided once, however often the CRM says it.
survey_request = sa.Table(
    "survey_request",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),  # installation and the CRM's own id of it
    sa.Column("installation", sa.Text, nullable=False),
    sa.Column("contact", sa.Text, nullable=False),  # the CRM's record id
    sa.Column("touchpoint", sa.Text, nullable=False),
    sa.Column("ask", sa.Text, sa.ForeignKey("ask.id")),  # null: not asked
    sa.Column("reason", sa.Text, nullable=False, server_default=""),
    sa.Column("next_ask_at", Timestamp),
    sa.Column("decided_at", Timestamp, nullable=False),
)
sa.Index("ix_survey_request_contact", survey_request.c.installation, survey_request.c.contact)

# One browser sign-in to a CRM under way: bound to the administrator's session, used once, ten minutes.
oauth_state = sa.Table(
    "oauth_state",
    metadata,
    sa.Column("hash", sa.Text, primary_key=True),
    sa.Column("session", sa.Text, nullable=False),
    sa.Column("crm", sa.Text, nullable=False),
    sa.Column("step", sa.Text, nullable=False),  # prepared | sent | granted
    sa.Column("expires_at", Timestamp, nullable=False),
    sa.Column("used_at", Timestamp),
    sa.Column(
        "sealed", sa.Text, nullable=False
    ),  # verifier, client, host; later the grant until it is confirmed
)


def find(connection: Connection, installation_id: str) -> Row[Any] | None:
    return connection.execute(_ONE, {"id": installation_id}).one_or_none()


_ONE = sa.select(installation).where(installation.c.id == sa.bindparam("id"))


def every(connection: Connection) -> Sequence[Row[Any]]:
    return connection.execute(sa.select(installation).order_by(installation.c.id)).all()


def of_crm(connection: Connection, crm: str) -> Sequence[Row[Any]]:
    return connection.execute(_OF_CRM, {"crm": crm}).all()


_OF_CRM = sa.select(installation).where(installation.c.crm == sa.bindparam("crm"))


def change(connection: Connection, installation_id: str, /, **values: Any) -> bool:
    """Sets *values*; whether there is such an installation."""
    done = connection.execute(
        installation.update().where(installation.c.id == installation_id).values(**values)
    )
    return done.rowcount == 1


def change_version(
    connection: Connection, installation_id: str, version: int, /, **values: Any
) -> bool:
    """As ``change``, but only while nobody has stored newer tokens."""
    done = connection.execute(
        installation.update()
        .where(installation.c.id == installation_id, installation.c.token_version == version)
        .values(**values)
    )
    return done.rowcount == 1


def stop(connection: Connection, installation_id: str, version: int, /, **values: str) -> bool:
    """Writes why calls stop, on an installation that was working with these tokens."""
    done = connection.execute(
        installation.update()
        .where(
            installation.c.id == installation_id,
            installation.c.token_version == version,
            installation.c.state == "connected",
        )
        .values(**values)
    )
    return done.rowcount == 1


def claim_refresh(
    connection: Connection, installation_id: str, token_version: int, hold_ms: int
) -> bool:
    """Whether the caller is now the one who refreshes: one of all workers, by the database's clock."""
    done = connection.execute(
        installation.update()
        .where(
            installation.c.id == installation_id,
            installation.c.token_version == token_version,
            installation.c.state == "connected",
            sa.or_(
                installation.c.refreshing_until.is_(None),
                installation.c.refreshing_until < now_ms(),
            ),
        )
        .values(refreshing_until=now_ms() + hold_ms)
    )
    return done.rowcount == 1


def refresh_under_way(connection: Connection, installation_id: str) -> bool:
    return bool(
        connection.scalar(
            sa.select(installation.c.refreshing_until >= now_ms()).where(
                installation.c.id == installation_id
            )
        )
    )
