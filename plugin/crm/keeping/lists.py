"""One look at a list: a page of its members. Lists are read to their end; whoever was not seen by then is on it no
more."""

from dataclasses import replace
from datetime import timedelta

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
        now = _round(connection, desk, name)
    if now is None:
        return None
    told = desk.connector.occurrences(Watch(Watched.LIST, name), desk.now, now.page)
    desk.lane.calls += told.calls - 1
    return lambda connection: _record(connection, desk, name, now, told)


def _round(connection: Connection, desk: Desk, name: str) -> Round | None:
    """Which reading is under way, or begins; ``None`` where the list is not followed."""
    mark = connection.scalar(sa.select(followed_list.c.mark).where(*_mine(desk, name)))
    if mark == "":
        return Round(desk.now, keeping.last_round(connection, name) + 1)
    return Round.read(mark) if mark else None


def refused(desk: Desk, name: str, words: str) -> Effect:
    """It cannot be read, and *words* say why: who was on it stays, and it is tried again from the beginning."""

    def record(connection: Connection) -> None:
        stands = followed_list.update().where(*_mine(desk, name))
        connection.execute(stands.values(trouble=words, mark=""))
        _owe(connection, desk, name, rules.RETRY)

    return record


def _record(connection: Connection, desk: Desk, name: str, now: Round, told: Occurrences) -> None:
    contacts = {one.contact_id for one in told.found}
    if not keeping.saw_members(connection, desk.row.id, name, contacts, now.number):
        return
    pages = now.pages + 1
    if told.more:
        _went_on(connection, desk, name, replace(now, page=told.mark, pages=pages))
        _owe(connection, desk, name, timedelta())
        return
    keeping.end_round(connection, desk.row.id, name, now.number)
    _went_on(connection, desk, name, Round(desk.now, now.number + 1), read_at=desk.now)
    _owe(connection, desk, name, rules.list_pause(pages))


def _went_on(connection: Connection, desk: Desk, name: str, to: Round, **more: object) -> None:
    stands = followed_list.update().where(*_mine(desk, name))
    connection.execute(stands.values(mark=to.write(), trouble="", **more))


def _mine(desk: Desk, name: str) -> tuple[sa.ColumnElement[bool], ...]:
    return followed_list.c.installation == desk.row.id, followed_list.c.list == name


def _owe(connection: Connection, desk: Desk, name: str, pause: timedelta) -> None:
    clock = desk.connections.services.clock
    looks.owe_look(connection, clock, desk.row.id, name, desk.now + clock.scaled(pause))
