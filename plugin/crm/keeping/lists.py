"""One look at a list: a page of its members. Lists are read to their end; whoever was not seen by then is on it no
more."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connectors.watching import Occurrences, Watch, Watched
from plugin.crm.handlers.desk import Desk
from plugin.crm.keeping import looks, rules
from plugin.crm.keeping.rules import Round
from plugin.deliveries.verdicts import Effect
from plugin.segments import keeping
from plugin.segments.store import followed_list


def look(desk: Desk, name: str) -> Effect | None:
    """What it brought, to be written down; ``None`` where the list is followed no more. Raises ``CrmError``."""
    with desk.connections.services.database.read() as connection:
        mark = connection.scalar(sa.select(followed_list.c.mark).where(*_mine(desk, name)))
        number = keeping.last_round(connection, name) + 1 if mark == "" else 0
    if mark is None:
        return None
    now = Round.read(mark) if mark else Round(desk.now, number)
    told = desk.connector.occurrences(Watch(Watched.LIST, name), desk.now, now.page)
    desk.lane.calls += told.calls - 1
    return lambda connection: _record(connection, desk, name, now, told, mark)


def refused(desk: Desk, name: str, words: str) -> Effect:
    """It cannot be read, and *words* say why: who was on it stays, and it is tried again from the beginning."""

    def record(connection: Connection) -> None:
        stands = followed_list.update().where(*_mine(desk, name))
        connection.execute(stands.values(trouble=words, mark=""))
        _owe(connection, desk, name, rules.RETRY)

    return record


def _record(
    connection: Connection, desk: Desk, name: str, now: Round, told: Occurrences, mark: str
) -> None:
    contacts = {one.contact_id for one in told.found}
    if not keeping.saw_members(connection, desk.row.id, name, contacts, now.number):
        return
    pages = now.pages + 1
    if told.more:
        values: dict[str, Any] = {"mark": replace(now, page=told.mark, pages=pages).write()}
    else:
        keeping.end_round(connection, desk.row.id, name, now.number)
        values = {"mark": Round(desk.now, now.number + 1).write(), "read_at": desk.now}
    stands = followed_list.update().where(*_mine(desk, name), followed_list.c.mark == mark)
    went_on = connection.execute(stands.values(trouble="", **values)).rowcount == 1
    begins = told.more or not went_on  # or somebody wants it read from the beginning
    _owe(connection, desk, name, timedelta() if begins else rules.list_pause(pages))


def _mine(desk: Desk, name: str) -> tuple[sa.ColumnElement[bool], ...]:
    return followed_list.c.installation == desk.row.id, followed_list.c.list == name


def _owe(connection: Connection, desk: Desk, name: str, pause: timedelta) -> None:
    clock = desk.connections.services.clock
    looks.owe_look(connection, clock, desk.row.id, name, desk.now + clock.scaled(pause))
