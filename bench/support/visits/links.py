"""Asks that were mailed, and the links in their mails."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from bench.support.planting import TOUCHPOINT
from plugin.answers.store import answer, counted
from plugin.asking.store import ask
from plugin.clock import Clock
from plugin.db import Database, new_id
from plugin.people.store import person
from widget.tokens import SurveyToken, Tokens

SCORES = range(11)
DECOY = 11  # the link in the mail that no person sees
INSTALLATION = "hubspot:1"


@dataclass(frozen=True)
class Link:
    """One ask's. *root* is the server's address."""

    root: str
    ask: str
    token: str

    def of(self, score: int | None = None) -> str:
        """The link as it stands in the mail, behind one of its scores."""
        chosen = "" if score is None else f"?score={score}"
        return f"{self.root}/s/{self.token}{chosen}"

    @property
    def mail(self) -> list[str]:
        """Every link in the mail's HTML part."""
        return [self.of(score) for score in (*SCORES, DECOY)]


def plant(
    database: Database, root: str, keys: Sequence[str], number: int, *, delivered: float = 60
) -> list[Link]:
    """So many asks, whose mails the contact's server took *delivered* seconds ago."""
    now = Clock().now()
    signer = Tokens(keys, Clock().now)
    people = [(new_id(), new_id()) for _ in range(number)]
    common = {"installation": INSTALLATION, "touchpoint": TOUCHPOINT, "channel": "email"}
    times = {
        "created_at": now - timedelta(seconds=delivered + 5),
        "mailed_at": now - timedelta(seconds=delivered),
        "expires_at": now + timedelta(days=60),
    }
    with database.write() as connection:
        connection.execute(
            person.insert(),
            [
                {"id": who, "installation": INSTALLATION, "contact": who, "seen_at": now}
                for who, _ in people
            ],
        )
        connection.execute(
            ask.insert(),
            [{"id": one, "person": who, "locale": "en", **common, **times} for who, one in people],
        )
    expires = now + timedelta(days=60)
    sealed = [
        SurveyToken(one, INSTALLATION, who, TOUCHPOINT, "email", "en", expires)
        for who, one in people
    ]
    return [Link(root, token.id, signer.seal(token)) for token in sealed]


def counting(database: Database, links: Sequence[Link]) -> dict[str, list[int]]:
    """By ask the scores of the answers that count."""
    found: dict[str, list[int]] = {link.ask: [] for link in links}
    query = sa.select(answer.c.ask, answer.c.score).where(counted, answer.c.ask.in_(list(found)))
    with database.read() as connection:
        for row in connection.execute(query):
            found[row.ask].append(row.score)
    return found


def left(database: Database, links: Sequence[Link]) -> int:
    """How many answers these links have got altogether."""
    asks = [link.ask for link in links]
    query = sa.select(sa.func.count()).select_from(answer).where(answer.c.ask.in_(asks))
    with database.read() as connection:
        return int(connection.scalar(query) or 0)
