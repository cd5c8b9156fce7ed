"""The first page: what needs attention, how the installations are, what came in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask import redirect, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.engine import Connection

from plugin.answers.store import answer, counted, nps
from plugin.asking.store import ask
from plugin.asking.testing import is_test
from plugin.crm import health
from plugin.crm.health import Health
from plugin.deliveries import queries
from plugin.followups.reading import counts
from plugin.messages import automatic as messages
from plugin.overview import search
from plugin.overview.routes import blueprint
from plugin.overview.search import Wanted
from plugin.people.store import person
from plugin.segments import keeping as segments
from plugin.services import Services, services
from plugin.touchpoints import reading
from plugin.touchpoints.reading import Touchpoint
from plugin.triggers import reading as triggers

STALE_WORKER = timedelta(minutes=1)
OLD_BACKLOG = timedelta(minutes=15)
RECENT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Concern:
    """Something a person should look at, and where."""

    tone: str
    text: str
    address: str
    link: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the first run."""

    title: str
    text: str
    address: str
    done: bool


@blueprint.get("/")
@blueprint.get("/admin")
def without_slash() -> ResponseReturnValue:
    return redirect("/admin/", 308)


@blueprint.get("/admin/")
def home() -> ResponseReturnValue:
    here = services()
    with here.database.read() as connection:
        installations = health.overview(connection)
        touchpoints = reading.listed(connection)
        return render_template(
            "overview/home.html",
            installations=installations,
            concerns=_concerns(connection, here, installations),
            steps=_steps(connection, installations, touchpoints),
            figures=_figures(connection, here),
            newest=search.page(connection, Wanted(), before="", limit=5),
            now=here.clock.now(),
        )


def _concerns(
    connection: Connection, here: Services, installations: Sequence[Health]
) -> list[Concern]:
    found = [
        Concern("bad", f"{h.row.name}: {h.reason}", f"/admin/installations/{h.row.id}", "Open it")
        for h in installations
        if h.reason and h.row.state != "disconnected"
    ]
    found += [
        Concern(
            "bad",
            f"The trigger “{row.name}” went off by itself.",
            f"/admin/triggers/{row.key}",
            "Why",
        )
        for row in triggers.went_off(connection)
    ]
    troubled = segments.in_trouble(connection)
    found += [
        Concern(
            "warn",
            f"{h.row.name}: fields or lists cannot be read, so segments go by old values.",
            "/admin/segments/fields",
            "Why",
        )
        for h in installations
        if h.row.id in troubled
    ]
    return [
        *found,
        *_untold(connection, here),
        *_set_apart(connection),
        *_late(connection, here),
        *_worker(connection),
    ]


def _untold(connection: Connection, here: Services) -> list[Concern]:
    """Changes whose message waits for a person."""
    words = {
        "draft": "“{}” is done, and those who asked for it were not told yet.",
        "waiting": "The message about “{}” waits for a second person's approval.",
        "approved": "The message about “{}” is approved and was not sent yet.",
    }
    return [
        Concern(
            "warn",
            words[one.state].format(one.title),
            f"/admin/changes/{one.change}/message",
            "Who is told",
        )
        for one in messages.waiting(connection, here.clock.now())
    ]


def _set_apart(connection: Connection) -> list[Concern]:
    words = {
        "parked": "{} parked until somebody has looked.",
        "unsure": "{} unsure: perhaps done, perhaps not.",
    }
    return [
        Concern("warn", text.format(_several(count)), f"/admin/deliveries?state={state}", "Look")
        for state, text in words.items()
        if (count := queries.count(connection, state))
    ]


def _late(connection: Connection, here: Services) -> list[Concern]:
    age = queries.backlog_age(connection)
    overdue = counts(connection, here.clock.now()).overdue
    found = []
    if age and age > OLD_BACKLOG:
        text = "Deliveries have been waiting for longer than 15 minutes."
        found.append(Concern("warn", text, "/admin/deliveries?state=queued", "Look"))
    if overdue:
        text = f"Promises to customers not kept in time: {overdue}."
        found.append(Concern("warn", text, "/admin/follow-ups?state=overdue", "Follow-ups"))
    return found


def _worker(connection: Connection) -> list[Concern]:
    age = queries.newest_beat_age(connection)
    if age is not None and age < STALE_WORKER:
        return []
    text = (
        "No worker is running, so nothing is delivered. Start `gensvar worker`, or `gensvar serve` "
        "without --no-worker."
    )
    return [Concern("bad", text, "/admin/deliveries", "Deliveries")]


def _steps(
    connection: Connection, installations: Sequence[Health], touchpoints: Sequence[Touchpoint]
) -> list[Step]:
    """The first run; empty once a customer has answered."""
    if search.any_answers(connection):
        return []
    first = f"/admin/touchpoints/{touchpoints[0].key}" if touchpoints else "/admin/touchpoints/new"
    return [
        Step(
            "Connect a CRM",
            "Answers and follow-up tasks go there.",
            "/admin/installations",
            any(h.row.state == "connected" for h in installations),
        ),
        Step(
            "Add a touchpoint",
            "Say what is asked where.",
            "/admin/touchpoints/new",
            bool(touchpoints),
        ),
        Step("Embed it", "Put its code into your page and try it yourself.", first, False),
    ]


def _figures(connection: Connection, here: Services) -> dict[str, Any]:
    follow_ups = counts(connection, here.clock.now())
    since = answer.c.answered_at >= here.clock.now() - RECENT
    found = connection.execute(
        sa.select(answer.c.category, sa.func.count().label("how_many"))
        .join(ask, ask.c.id == answer.c.ask)
        .join(person, person.c.id == answer.c.person)
        .where(since, counted, nps, ~is_test(connection))
        .group_by(answer.c.category)
    )
    by_category: dict[str, int] = {row.category: row.how_many for row in found}
    return {
        "answers": sum(by_category.values()),
        "detractors": by_category.get("detractor", 0),
        "open": follow_ups.open,
        "overdue": follow_ups.overdue,
        "waiting": queries.count(connection, "queued"),
    }


def _several(count: int) -> str:
    return "One delivery is" if count == 1 else f"{count} deliveries are"
