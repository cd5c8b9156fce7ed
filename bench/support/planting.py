"""People and open asks, put straight into the database, and the tokens that customers would hold."""

from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa

from bench.support.databases import analyze
from bench.support.settings import SIGNING_KEY
from plugin.asking.store import ask
from plugin.clock import Clock
from plugin.db import Database, new_id
from plugin.deliveries.actions import ensure_lane
from plugin.people.rules import lane_of
from plugin.people.store import person
from plugin.touchpoints.store import touchpoint
from widget.tokens import SurveyToken, Tokens

TOUCHPOINT = "support"
CHUNK = 1000


def add_touchpoint(database: Database) -> None:
    with database.write() as connection:
        if connection.scalar(sa.select(touchpoint.c.key)) is None:
            connection.execute(
                touchpoint.insert().values(
                    key=TOUCHPOINT,
                    name="your support case",
                    kind="transactional",
                    stage="contact",
                    company="Acme",
                    created_at=Clock().now(),
                )
            )


def add_lane(database: Database, installation: str) -> None:
    """For a bench without a CRM: answers owe their deliveries all the same."""
    with database.write() as connection:
        ensure_lane(connection, lane_of(installation), 9)


def tokens(database: Database, installation: str, contacts: Sequence[str]) -> list[str]:
    """One person and one open ask per contact; the token of each."""
    sealed: list[str] = []
    for start in range(0, len(contacts), CHUNK):
        sealed += _chunk(database, installation, contacts[start : start + CHUNK])
    analyze(database)
    return sealed


def _chunk(database: Database, installation: str, contacts: Sequence[str]) -> list[str]:
    now = Clock().now()
    expires = now + timedelta(days=1)
    people = [(new_id(), new_id(), contact) for contact in contacts]
    with database.write() as connection:
        connection.execute(
            person.insert(),
            [
                {"id": p, "installation": installation, "contact": c, "seen_at": now}
                for p, _, c in people
            ],
        )
        connection.execute(
            ask.insert(),
            [
                {
                    "id": a,
                    "installation": installation,
                    "person": p,
                    "touchpoint": TOUCHPOINT,
                    "channel": "widget",
                    "locale": "en",
                    "created_at": now,
                    "expires_at": now + timedelta(days=60),
                }
                for p, a, _ in people
            ],
        )
    signer = Tokens([SIGNING_KEY], Clock().now)
    return [
        signer.seal(SurveyToken(a, installation, c, TOUCHPOINT, "widget", "en", expires))
        for _, a, c in people
    ]
