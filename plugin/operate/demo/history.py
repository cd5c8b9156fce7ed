"""A year of answers as they would have come, so that trends and effects have something to show.

They are written as rows, at their own times: asked by mail and by the rules of frequency, and half of them answered.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.engine import Connection

from connectors.sandbox.hubspot.seed import customer
from plugin.answers.rules import category_of
from plugin.answers.store import answer, revision
from plugin.asking.store import ask
from plugin.db import lowest_id, new_id
from plugin.deliveries.actions import owe
from plugin.operate.demo import remarks
from plugin.operate.demo.regulars import FIRMS, Regular, regulars
from plugin.operate.sandbox import Sandboxes
from plugin.people.owing import fields
from plugin.people.store import person
from plugin.segments import newest
from plugin.services import Services

YEAR, MONTH = timedelta(days=365), timedelta(days=30)
AFTER_ANSWER, AFTER_SILENCE = timedelta(days=90), timedelta(days=30)
ANSWERED, REMARKED = 0.55, 0.4  # of those asked, and of those who answered
UNTIL = timedelta(days=14)  # ago: what is newer, answers to these asks too, belongs to the story
LIVES = timedelta(days=60)
TAGS = {"no": "nb"}  # CRMs know Norwegian, we the one that is written


@dataclass(frozen=True, slots=True)
class Flow:
    """How many a month are asked at a touchpoint, and what share of them are promoters and passives: at first, and
    since deliveries are announced."""

    touchpoint: str
    kind: str
    a_month: int
    first: tuple[float, float]
    since: tuple[float, float]


FLOWS = (
    Flow("relationship", "relational", 15, (0.44, 0.36), (0.46, 0.34)),
    Flow("support-case", "transactional", 24, (0.36, 0.34), (0.34, 0.34)),
    Flow("delivery", "transactional", 28, (0.24, 0.34), (0.60, 0.28)),
)


@dataclass(slots=True)
class Known:
    """One of the regulars, as far as the year has come."""

    who: Regular
    row: dict[str, Any]
    free_from: datetime


@dataclass(slots=True)
class Year:
    asks: list[dict[str, Any]] = field(default_factory=list)
    answers: list[dict[str, Any]] = field(default_factory=list)


def seed(
    shared: Services, running: Sandboxes, installations: Mapping[str, str], announced_at: datetime
) -> None:
    """Puts the regulars into both CRMs and writes down what they answered; deliveries are announced since
    *announced_at*."""
    now = shared.clock.now()
    people = _people(running, installations, now)
    year = _year(people, now, announced_at)
    with shared.database.write() as connection:
        _write(connection, people, year, now)


def _people(running: Sandboxes, installations: Mapping[str, str], now: datetime) -> list[Known]:
    """Half of them in either CRM."""
    adding = (("hubspot", _into_hubspot(running)), ("salesforce", _into_salesforce(running)))
    found = []
    for number, who in enumerate(regulars()):
        crm, add = adding[number % len(adding)]
        since = _known_since(number, now)
        row = {
            "id": _id(since),
            "installation": installations[crm],
            "contact": add(who),
            "name": f"{who.first} {who.last}",
            "email": who.email,
            "company_name": who.firm,
            "locale": who.language,
            "seen_at": now,
            "last_asked_at": None,
            "last_answered_at": None,
            "relational_answered_at": None,
        }
        found.append(Known(who, row, _free_from(number, since, now)))
    return found


def _known_since(number: int, now: datetime) -> datetime:
    """A few are new, most of them are not."""
    days = 30 + number % 60 if number % 9 == 0 else 370 + number * 37 % 1100
    return now - timedelta(days=days)


def _free_from(number: int, since: datetime, now: datetime) -> datetime:
    """The year does not begin with everybody at once."""
    return max(since, now - YEAR + AFTER_ANSWER * (number * 7 % 10) / 10)


def _into_hubspot(running: Sandboxes) -> Callable[[Regular], str]:
    firms = {name: running.hubspot.add_company(name) for name in FIRMS}

    def add(who: Regular) -> str:
        named = {"firstname": who.first, "lastname": who.last, "hs_language": who.language}
        shown = named | customer(who.like)
        return str(running.hubspot.add_contact(who.email, company=firms[who.firm], **shown).id)

    return add


def _into_salesforce(running: Sandboxes) -> Callable[[Regular], str]:
    firms = {name: running.salesforce.add_account(name) for name in FIRMS}

    def add(who: Regular) -> str:
        shown = {
            "FirstName": who.first,
            "LastName": who.last,
            "Customer_Since__c": who.like.since,
            "Plan__c": who.like.plan,
            "Renewal_Date__c": who.like.renewal,
        }
        return str(running.salesforce.add_contact(who.email, account=firms[who.firm], **shown))

    return add


def _year(people: Sequence[Known], now: datetime, announced_at: datetime) -> Year:
    """The same one each time, but for the days."""
    dice, year = random.Random(125), Year()  # noqa: S311 - a story, no secret
    for at, flow in _occasions(dice, now):
        free = [one for one in people if one.free_from <= at]
        if free:
            _ask(dice, year, dice.choice(free), flow, at, announced=at >= announced_at)
    return year


def _occasions(dice: random.Random, now: datetime) -> list[tuple[datetime, Flow]]:
    """When somebody is to be asked at which touchpoint: steadily, as cases are closed and deliveries come."""
    found = []
    for flow in FLOWS:
        every = MONTH / flow.a_month
        at = now - YEAR
        while at < now - UNTIL:
            found.append((at + every * dice.random(), flow))
            at += every
    return sorted(found, key=lambda one: one[0])


def _ask(
    dice: random.Random, year: Year, one: Known, flow: Flow, at: datetime, *, announced: bool
) -> None:
    answered = dice.random() < ANSWERED
    heard_at = at + timedelta(minutes=dice.randrange(5, 3000)) if answered else None
    one.free_from = heard_at + AFTER_ANSWER if heard_at else at + AFTER_SILENCE
    one.row["last_asked_at"] = at
    common = {
        "installation": one.row["installation"],
        "locale": TAGS.get(one.who.language, one.who.language),
        "person": one.row["id"],
        "touchpoint": flow.touchpoint,
        "channel": "email",
    }
    asked = common | {
        "id": _id(at),
        "state": "answered" if answered else "expired",
        "created_at": at,
        "mailed_at": at,
        "answered_at": heard_at,
        "expires_at": at + LIVES,
    }
    year.asks.append(asked)
    if heard_at is not None:
        year.answers.append(
            common | _said(dice, one, flow, heard_at, announced=announced) | {"ask": asked["id"]}
        )


def _said(
    dice: random.Random, one: Known, flow: Flow, at: datetime, *, announced: bool
) -> dict[str, Any]:
    one.row["last_answered_at"] = at
    if flow.kind == "relational":
        one.row["relational_answered_at"] = at
    score = _score(dice, flow.since if announced else flow.first)
    category = category_of(flow.kind, score)
    comment = ""
    if dice.random() < REMARKED and category != "passive":
        said = remarks.of(flow.touchpoint, category, announced=announced)
        comment = dice.choice(said[one.who.language])
    return {
        "id": _id(at),
        "kind": flow.kind,
        "score": score,
        "category": category,
        "comment": comment,
        "revision": 1,
        "answered_at": at,
        "revised_at": at,
    }


def _score(dice: random.Random, shares: tuple[float, float]) -> int:
    promoters, passives = shares
    drawn = dice.random()
    if drawn < promoters:
        return dice.choice((9, 9, 10))
    return dice.choice((7, 8)) if drawn < promoters + passives else dice.choice((3, 4, 5, 6, 6))


def _id(at: datetime) -> str:
    """As it would have been made at that moment: ids are in the order of time."""
    return lowest_id(at)[:10] + new_id()[10:]


def _write(connection: Connection, people: Sequence[Known], year: Year, now: datetime) -> None:
    connection.execute(person.insert(), [one.row for one in people])
    connection.execute(ask.insert(), year.asks)
    connection.execute(answer.insert(), year.answers)
    connection.execute(revision.insert(), [_first_revision(one) for one in year.answers])
    newest.keep(connection, [one["id"] for one in year.answers])
    rows = [one.row for one in people]
    owe(connection, [fields(row["installation"], row["id"], "history", now) for row in rows], now)


def _first_revision(said: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: said[name] for name in ("revision", "score", "comment")}
    return {"answer": said["id"], "at": said["answered_at"], **kept}
