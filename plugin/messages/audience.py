"""Whom a message is for, evaluated in the database: everybody it might be for, each with one reason or none."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import reduce
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from plugin.answers.store import answer
from plugin.asking import frequency, testing
from plugin.changes.reading import asked_by
from plugin.changes.rules import Change
from plugin.db import Timestamp
from plugin.messages.outcomes import MAIL_ONLY
from plugin.messages.rules import Plan, language_for
from plugin.messages.store import recipient
from plugin.people.store import person
from plugin.segments import evaluating, known
from plugin.services import Services


@dataclass(frozen=True, slots=True)
class Audience:
    """*people*: rows of ``person``, ``answer``, ``tag`` (her language), ``reason`` (``None``: she is told, as far as
    there is a text for her) and ``no_mail``. *languages*: of the texts; *tags*: those there are among the people, with
    the language that each gets, or none."""

    people: sa.Subquery
    tags: Mapping[str, str]
    counts: "Counts"


@dataclass(slots=True)
class Counts:
    """How many there are of each. *told* are to be told, *pages* of them only by the line on a page; *languages* counts
    those told by the language of the text, *without* those left out or given another by their own tag."""

    everybody: int = 0
    told: int = 0
    pages: int = 0
    follow_ups: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    without: Counter[str] = field(default_factory=Counter)
    accounts: Counter[str] = field(default_factory=Counter)


def audience(
    connection: Connection,
    services: Services,
    change: Change,
    plan: Plan,
    languages: Sequence[str],
    now: datetime,
) -> Audience:
    """Counted now. *languages*: in which there is a text."""
    found = people(connection, services, change, plan, now)
    tags: dict[str, str] = {}
    counts = Counts()
    for row in connection.execute(_grouped(found)):
        tags[row.tag] = language_for(row.tag, languages, plan.fallback)
        _add(counts, row, tags[row.tag], languages)
    return Audience(found, tags, counts)


def people(
    connection: Connection, services: Services, change: Change, plan: Plan, now: datetime
) -> sa.Subquery:
    """Everybody it might be for: ``person``, ``answer``, ``tag``, ``reason`` and ``no_mail``."""
    asked = asked_by(change).subquery("asked")
    known_here = sa.and_(recipient.c.change == change.id, recipient.c.person == person.c.id)
    tables = (
        person.join(asked, asked.c.person == person.c.id, isouter=bool(plan.plus))
        .join(answer, answer.c.id == asked.c.answer, isouter=True)
        .join(recipient, known_here, isouter=True)
    )
    query = sa.select(
        person.c.id.label("person"),
        asked.c.answer,
        _tag(connection, services).label("tag"),
        _reason(connection, services, plan, now).label("reason"),
        _no_mail(connection, plan).label("no_mail"),
    ).select_from(tables)
    if plan.plus:
        added = _in_any(connection, plan.plus, now)
        query = query.where(sa.or_(asked.c.person.is_not(None), added))
    return query.subquery("people")


def next_page(
    connection: Connection, found: sa.Subquery, after: str, limit: int
) -> Sequence[Row[Any]]:
    """All of them by their ids, with what ``person`` says; *after* is the id of the last one already seen."""
    said = (found.c.answer, found.c.tag, found.c.reason, found.c.no_mail)
    query = sa.select(person, *said).join(found, found.c.person == person.c.id)
    return connection.execute(
        query.where(person.c.id > after).order_by(person.c.id).limit(limit)
    ).all()


def page(
    connection: Connection,
    found: Audience,
    *,
    reason: str | None = None,
    every: bool = False,
    words: str = "",
    after: str = "",
    limit: int = 50,
) -> Sequence[Row[Any]]:
    """People by their ids with all that ``person`` says: those to be told, those with *reason*, or with *every* all.
    *words*: part of a name or address. *after* is the id of the last one already seen."""
    rows = found.people
    untold = [tag for tag, language in found.tags.items() if not language]
    why = sa.case(
        (rows.c.reason.is_not(None), rows.c.reason), (rows.c.tag.in_(untold), "no_text")
    ).label("why")
    query = (
        sa.select(person, rows.c.answer, rows.c.tag, rows.c.no_mail, why)
        .join(rows, rows.c.person == person.c.id)
        .where(person.c.id > after)
        .order_by(person.c.id)
        .limit(limit)
    )
    if not every:
        query = query.where(why.is_(None) if reason is None else why == reason)
    if words:
        texts = (person.c.name, person.c.email)
        query = query.where(sa.or_(*(one.icontains(words, autoescape=True) for one in texts)))
    return connection.execute(query).all()


def _grouped(people: sa.Subquery) -> sa.Select[Any]:
    names = (
        people.c.tag,
        people.c.reason,
        people.c.no_mail,
        person.c.installation,
        person.c.follow_up_open,
    )
    return (
        sa.select(*names, sa.func.count().label("many"))
        .join(person, person.c.id == people.c.person)
        .group_by(*names)
    )


def _add(counts: Counts, row: Row[Any], language: str, languages: Sequence[str]) -> None:
    many = row.many
    counts.everybody += many
    if row.reason is not None:
        counts.reasons[row.reason] += many
        return
    if language not in languages or language_for(row.tag, languages, "") != language:
        counts.without[row.tag] += many
    if not language:
        counts.reasons["no_text"] += many
        return
    counts.told += many
    counts.languages[language] += many
    counts.accounts[row.installation] += many
    counts.pages += many if row.no_mail else 0
    counts.follow_ups += many if row.follow_up_open else 0


def _tag(connection: Connection, services: Services) -> sa.ColumnElement[str]:
    """Her language: of the page she answered on, of her contact in the CRM, of the account; else English."""
    spoken = {
        account.id: language
        for account in services.accounts(connection)
        if (language := services.account_says(connection, account.id, "language"))
    }
    of_account = (
        sa.case(spoken, value=person.c.installation, else_="en") if spoken else sa.literal("en")
    )
    own = (sa.func.nullif(answer.c.locale, ""), sa.func.nullif(person.c.locale, ""))
    return sa.func.coalesce(*own, of_account)


def _reason(
    connection: Connection, services: Services, plan: Plan, now: datetime
) -> sa.ColumnElement[str | None]:
    limits = frequency.load(connection)
    facts: list[tuple[str, sa.ColumnElement[bool]]] = [
        ("erased", person.c.erased_at.is_not(None)),
        ("gone", person.c.gone_at.is_not(None)),
        ("merged", person.c.survivor.is_not(None)),
        ("test_person", testing.listed(limits)),
        ("unsubscribed", person.c.unsubscribed_at.is_not(None)),
    ]
    if tuple(plan.channels) == ("email",):
        facts += _against_mail(connection)
    if plan.minus:
        facts.append(("excluded", _in_any(connection, plan.minus, now)))
    if plan.only:
        facts.append(("not_included", ~_in_any(connection, plan.only, now)))
    facts.append(("already_told", already_told()))
    if plan.recent_days:
        since = now - services.clock.scaled(timedelta(days=plan.recent_days))
        recent = person.c.last_messaged_at > sa.literal(since, Timestamp)
        facts.append(("recently_messaged", sa.func.coalesce(recent, sa.false())))
    return sa.case(*((holds, sa.literal_column(f"'{reason}'", sa.Text)) for reason, holds in facts))


def already_told() -> sa.ColumnElement[bool]:
    """She has a row already, and it was her turn: whoever was only left out may have it later."""
    had = sa.or_(recipient.c.state != "void", recipient.c.owed_at.is_not(None))
    return sa.and_(recipient.c.id.is_not(None), had)


def _no_mail(connection: Connection, plan: Plan) -> sa.ColumnElement[str | None]:
    if "email" not in plan.channels:
        return sa.literal("not_by_mail")
    if tuple(plan.channels) == ("email",):
        return sa.literal(None, sa.Text)
    return sa.case(*((holds, sa.literal(reason)) for reason, holds in _against_mail(connection)))


def _against_mail(connection: Connection) -> list[tuple[str, sa.ColumnElement[bool]]]:
    unseen = sa.true() if frequency.load(connection).unseen_opts_out else sa.false()
    looks = sa.and_(person.c.email.like("_%@_%"), ~person.c.email.like("% %"))
    holds = (sa.func.coalesce(person.c.opted_out, unseen), ~looks, person.c.bounced_at.is_not(None))
    return list(zip(MAIL_ONLY, holds, strict=True))


def _in_any(connection: Connection, keys: Sequence[str], now: datetime) -> sa.ColumnElement[bool]:
    """A segment that was taken away matches nobody; what is sent is checked for that before."""
    found = [known.one(connection, key) for key in keys]
    rules = [evaluating.condition(connection, one.rule, now) for one in found if one is not None]
    return reduce(sa.or_, rules, sa.false())
