"""Changes as pages and messages need them, and who asked for one."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin import rowset
from plugin.access.store import administrator
from plugin.answers.store import answer, counted
from plugin.changes.rules import Change
from plugin.changes.store import change, change_answer, change_theme, change_touchpoint
from plugin.ready import Ready
from plugin.themes.store import answer_theme

_LISTED = sa.select(
    *(column for column in change.c if column.name != "owner_name"),
    sa.func.coalesce(administrator.c.name, change.c.owner_name).label("owner_name"),
).outerjoin(administrator, administrator.c.id == change.c.owner)
# Asked for with every message that is sent.
_ONE = Ready(_LISTED.where(change.c.id == sa.bindparam("change")))


def _named(column: sa.Column[str]) -> Ready:
    of = column.table.c.change
    named = sa.select(of, column.label("name")).where(rowset.among(of, rowset.texts("changes")))
    return Ready(named.order_by(of, column))


_THEMES, _TOUCHPOINTS = _named(change_theme.c.theme), _named(change_touchpoint.c.touchpoint)


def one(connection: Connection, change_id: str) -> Change | None:
    row = _ONE.one_or_none(connection, {"change": change_id})
    return None if row is None else _whole(connection, [row._asdict()])[0]


def every(
    connection: Connection,
    *,
    states: Sequence[str] = (),
    theme: str = "",
    touchpoint: str = "",
    before: str = "",
    limit: int | None = None,
) -> list[Change]:
    """The newest first; what is empty does not narrow. One that names no touchpoint is of every touchpoint. *before* is
    the id of the last one already seen."""
    query = _LISTED.order_by(change.c.id.desc()).limit(limit)
    if states:
        query = query.where(change.c.state.in_(states))
    if theme:
        query = query.where(_names(change_theme, change_theme.c.theme == theme))
    if touchpoint:
        here = _names(change_touchpoint, change_touchpoint.c.touchpoint == touchpoint)
        query = query.where(sa.or_(here, ~_names(change_touchpoint)))
    if before:
        query = query.where(change.c.id < before)
    return _read(connection, query)


def asked_by(one: Change) -> sa.Select[tuple[str, str]]:
    """Who asked for it: ``person``, and ``answer``, her newest that did; one row a person. Counted answers about one of
    its themes, at one of its touchpoints if it names any, given before it was done; plus and minus what a person said.
    Tests are among them."""
    asking = answers_that_asked(one).subquery()
    return (
        sa.select(answer.c.person, sa.func.max(answer.c.id).label("answer"))
        .join(asking, asking.c.answer == answer.c.id)
        .group_by(answer.c.person)
    )


def asked_count(connection: Connection, one: Change) -> int:
    """How many people asked for it."""
    return connection.scalar(sa.select(sa.func.count()).select_from(asked_by(one).subquery())) or 0


def said_of_answer(connection: Connection, answer_id: str) -> list[tuple[Change, bool]]:
    """The changes that an answer asked for, the newest first, and whether that is a person's word."""
    mine = sa.select(change_answer.c.change).where(change_answer.c.answer == answer_id)
    about = sa.select(answer_theme.c.theme).where(answer_theme.c.answer == answer_id)
    perhaps = sa.or_(change.c.id.in_(mine), _names(change_theme, change_theme.c.theme.in_(about)))
    found = _read(connection, _LISTED.where(perhaps).order_by(change.c.id.desc()))
    by_hand = set(connection.scalars(mine))
    return [(one, one.id in by_hand) for one in found if _asked(connection, one, answer_id)]


def taken_away(one: Change) -> sa.Select[tuple[str]]:
    """The ids of the answers of which a person said that they did not ask for it, as ``answer``."""
    mine = sa.select(change_answer.c.answer).where(change_answer.c.change == one.id)
    return mine.where(~change_answer.c.has)


def _asked(connection: Connection, one: Change, answer_id: str) -> bool:
    asking = answers_that_asked(one).where(answer.c.id == answer_id)
    return connection.scalar(asking) is not None


def answers_that_asked(one: Change) -> sa.Select[tuple[str]]:
    """The ids of the answers, as ``answer``, each once."""
    added = sa.select(change_answer.c.answer).where(
        change_answer.c.change == one.id, change_answer.c.has
    )
    chosen = sa.union(_by_themes(one), added).subquery()
    return (
        sa.select(answer.c.id.label("answer"))
        .join(chosen, chosen.c.answer == answer.c.id)
        .where(counted, answer.c.id.not_in(taken_away(one)))
    )


def _by_themes(one: Change) -> sa.Select[tuple[str]]:
    query = (
        sa.select(answer_theme.c.answer)
        .join(answer, answer.c.id == answer_theme.c.answer)
        .where(answer_theme.c.theme.in_(one.themes), answer_theme.c.has)
    )
    if one.touchpoints:
        query = query.where(answer.c.touchpoint.in_(one.touchpoints))
    return query if one.asked_until is None else query.where(answer.c.answered_at < one.asked_until)


def _read(connection: Connection, query: sa.Select[Any]) -> list[Change]:
    return _whole(connection, connection.execute(query).mappings().all())


def _whole(connection: Connection, rows: Sequence[Mapping[Any, Any]]) -> list[Change]:
    ids = [row["id"] for row in rows]
    themes = _names_of(connection, _THEMES, ids)
    touchpoints = _names_of(connection, _TOUCHPOINTS, ids)
    return [_change(row, themes[row["id"]], touchpoints[row["id"]]) for row in rows]


def _change(row: Mapping[Any, Any], themes: Sequence[str], touchpoints: Sequence[str]) -> Change:
    since = row["effective_on"]
    given = {**row, "effective_on": since.date() if since else None}
    return Change(**given, themes=themes, touchpoints=touchpoints)


def _names_of(connection: Connection, named: Ready, ids: Sequence[str]) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for row in named.all(connection, {"changes": ids}):
        found[row.change].append(row.name)
    return found


def _names(table: sa.Table, *conditions: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return sa.exists().where(table.c.change == change.c.id, *conditions)
