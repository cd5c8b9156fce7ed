"""Writing down whom a message is for, page by page: one row a person, so that she is told once for ever."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import Connection, Row

from plugin.asking import frequency
from plugin.asking.hours import zone_of
from plugin.asking.limits import Limits
from plugin.db import Database, new_id
from plugin.mail.letters import deliverable
from plugin.messages import audience, rules
from plugin.messages.drafts import Draft
from plugin.messages.store import message, recipient
from plugin.services import Services

READ = 5000  # people found at one go: who asked is looked up anew for each
PIECE = 1000  # people written down in one transaction
_OURS = ("answer", "wave", "state", "reason", "no_mail", "locale", "due_at")


def read(
    connection: Connection, services: Services, draft: Draft, now: datetime
) -> Sequence[Row[Any]]:
    """The next page of everybody the message might be for."""
    assert draft.row is not None  # noqa: S101 - whoever reads holds a message that was begun
    people = audience.people(connection, services, draft.change, draft.plan, now)
    return audience.next_page(connection, people, draft.row.mark, READ)


def rows(
    connection: Connection,
    services: Services,
    draft: Draft,
    found: Sequence[Row[Any]],
    now: datetime,
) -> list[dict[str, Any]]:
    """What is written down of them. Whoever was told before has her row already."""
    limits, zones = frequency.load(connection), _Zones(connection, services)
    fresh = [one for one in found if one.reason != "already_told"]
    return [_row(draft, one, limits, zones, now) for one in fresh]


def write(
    database: Database,
    draft: Draft,
    found: Sequence[Row[Any]],
    rows: Sequence[Mapping[str, Any]],
    now: datetime,
) -> None:
    """Writes a page down in pieces, each in a transaction of its own that goes on from the one before; nothing more
    where somebody else has done so meanwhile. The rows of people who were only left out before are written anew."""
    assert draft.row is not None  # noqa: S101
    mark, by_person = draft.row.mark, {row["person"]: row for row in rows}
    pieces = [found[begin : begin + PIECE] for begin in range(0, len(found), PIECE)] or [found]
    for piece in pieces:
        last = piece is pieces[-1] and len(found) < READ
        onwards = piece[-1].id if piece else mark
        values = {"mark": onwards, "frozen_at": now if last else None}
        mine = [by_person[one.id] for one in piece if one.id in by_person]
        with database.write() as connection:
            if not connection.execute(_goes_on(draft, mark).values(**values)).rowcount:
                return
            if mine:
                connection.execute(_put(connection), mine)
        mark = onwards


def _goes_on(draft: Draft, mark: str) -> sa.Update:
    assert draft.row is not None  # noqa: S101
    return message.update().where(
        message.c.change == draft.change.id,
        message.c.state == "sending",
        message.c.wave == draft.row.wave,
        message.c.mark == mark,
        message.c.frozen_at.is_(None),
    )


def _put(connection: Connection) -> Any:
    insert = sqlite_insert if connection.dialect.name == "sqlite" else postgresql_insert
    put = insert(recipient)
    untold = sa.and_(recipient.c.state == "void", recipient.c.owed_at.is_(None))
    return put.on_conflict_do_update(
        index_elements=[recipient.c.change, recipient.c.person],
        set_={name: put.excluded[name] for name in _OURS},
        where=untold,
    )


def _row(
    draft: Draft, one: Row[Any], limits: Limits, zones: "_Zones", now: datetime
) -> dict[str, Any]:
    plan, reason, no_mail = draft.plan, one.reason, one.no_mail
    language = rules.language_for(one.tag, draft.languages, plan.fallback)
    if reason is None and not language:
        reason = "no_text"
    if no_mail is None and reason is None and not deliverable(one.email):
        reason, no_mail = (
            (None, "no_address") if "widget" in plan.channels else ("no_address", None)
        )
    quiet = (limits.quiet_from, limits.quiet_until)
    return {
        "change": draft.change.id,
        "person": one.id,
        "id": new_id(),
        "answer": one.answer,
        "wave": draft.row.wave if draft.row is not None else 1,
        "state": "due" if reason is None else "void",
        "reason": reason,
        "no_mail": no_mail,
        "locale": language,
        "due_at": rules.due(plan, zones.of(one, limits), quiet, now),
    }


class _Zones:
    """Where people are, as far as anybody knows; each account is asked once."""

    def __init__(self, connection: Connection, services: Services) -> None:
        self._connection = connection
        self._services = services
        self._accounts: dict[str, str] = {}

    def of(self, person: Row[Any], limits: Limits) -> ZoneInfo:
        account = person.installation
        if account not in self._accounts:
            said = self._services.account_says(self._connection, account, "time_zone")
            self._accounts[account] = said
        return zone_of(person.time_zone, self._accounts[account], limits.time_zone)
