"""Something to look at on the administrator's pages: believable rows, and hostile ones."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.engine import Connection

from plugin.access.rules import CLI
from plugin.answers.store import answer, revision
from plugin.asking.store import ask, frequency, refused_ask
from plugin.crm.store import installation
from plugin.db import new_id
from plugin.deliveries.actions import Owed, ensure_lane, owe
from plugin.deliveries.store import delivery, worker
from plugin.followups.store import followup
from plugin.people.store import person
from plugin.segments import newest
from plugin.services import Services
from plugin.touchpoints import actions as touchpoints
from plugin.touchpoints.rules import Draft
from plugin.triggers.store import trigger, trigger_event
from widget.locales import category

HUB = "hubspot:4711"
SALES = "salesforce:00D5e000000XyZaEAK"
HOSTILE = "<script>alert('x')</script><img src=x onerror=alert(1)>\"'&{{7*7}}"


def connect(services: Services, account: str = HUB, name: str = "Acme Nordic", **more: Any) -> str:
    """An installation that works."""
    now, crm = services.clock.now(), account.partition(":")[0]
    row = {
        "id": account,
        "crm": crm,
        "account": account.partition(":")[2],
        "name": name,
        "ui_url": "https://app.hubspot.com"
        if crm == "hubspot"
        else "https://acme.my.salesforce.com",
        "api_url": "https://api.hubapi.com",
        "way": "oauth",
        "state": "connected",
        "connected_at": now,
        "setup_done_at": now,
    }
    with services.database.write() as connection:
        connection.execute(installation.insert().values(**(row | more)))
        ensure_lane(connection, f"crm:{account}", 9)
    return account


def touchpoint(services: Services, key: str = "support-case", **more: Any) -> str:
    given = {"name": "Support case closed", "kind": "transactional", "stage": "contact"}
    given |= {"company": "Acme", "texts": {"en.subject": "your support case"}}
    touchpoints.add(services, CLI, Draft(key, **(given | more)))
    return key


def answered(
    services: Services,
    score: int,
    comment: str = "",
    *,
    name: str = "Maja Lindqvist",
    company: str = "Fjord & Co",
    key: str = "support-case",
    account: str = HUB,
    days_ago: float = 0,
    **more: Any,
) -> str:
    """One answer as it stands in the tables; a detractor's has a follow-up."""
    at = services.clock.now() - timedelta(days=days_ago)
    with services.database.write() as connection:
        who = _person(connection, account, name, company, at)
        asked, answer_id = new_id(), new_id()
        common = {"installation": account, "person": who, "touchpoint": key, "channel": "widget"}
        connection.execute(
            ask.insert().values(
                id=asked, state="answered", created_at=at, answered_at=at, expires_at=at, **common
            )
        )
        said = {"score": score, "comment": comment, "may_contact": more.pop("may_contact", None)}
        row = {"id": answer_id, "ask": asked, "kind": "transactional", "locale": "en", **common}
        row |= {"category": category(score), "revision": 1, "answered_at": at, "revised_at": at}
        connection.execute(answer.insert().values(**(row | said | more)))
        connection.execute(revision.insert().values(answer=answer_id, revision=1, at=at, **said))
        newest.keep(connection, [answer_id])
        if category(score) == "detractor":
            _follow_up(connection, answer_id, who, account, at)
        _owe(connection, answer_id, who, account, at)
    return answer_id


def asked(
    services: Services,
    *,
    name: str = "Maja Lindqvist",
    key: str = "support-case",
    account: str = HUB,
    days_ago: float = 0,
    of: str = "",
    she: dict[str, Any] | None = None,
    **more: Any,
) -> str:
    """One ask as it stands in the table, by default a link nobody opened yet; *of* a person who is there already,
    or of one who is as *she* says."""
    at, ask_id = services.clock.now() - timedelta(days=days_ago), new_id()
    row = {
        "id": ask_id,
        "installation": account,
        "touchpoint": key,
        "channel": "link",
        "locale": "en",
    }
    row |= {"created_at": at, "expires_at": at + timedelta(days=60)}
    with services.database.write() as connection:
        who = of or _person(connection, account, name, "Fjord & Co", at)
        if she:
            connection.execute(person.update().where(person.c.id == who).values(**she))
        connection.execute(ask.insert().values(**(row | {"person": who} | more)))
    return ask_id


def refused(
    services: Services, reason: str, *, name: str = "Tom Berg", days_ago: float = 0, **more: Any
) -> str:
    """The last refusal of a person made for it; the person's id."""
    at = services.clock.now() - timedelta(days=days_ago)
    row = {"installation": HUB, "touchpoint": "support-case", "channel": "widget", "reason": reason}
    with services.database.write() as connection:
        who = _person(connection, HUB, name, "Fjord & Co", at)
        values = row | {"person": who, "refused_at": at} | more
        connection.execute(refused_ask.insert().values(**values))
    return who


def staff(services: Services, *domains: str, contacts: Sequence[str] = ()) -> None:
    """Colleagues and test contacts, as the frequency page names them."""
    named = {"staff_domains": list(domains), "test_contacts": list(contacts)}
    with services.database.write() as connection:
        connection.execute(frequency.update().values(**named))


def triggers(services: Services, name: str) -> None:
    """One that went off by itself, with an event of each outcome, and a steady flow that was tried out."""
    now = services.clock.now()
    told = {"events": 49, "asked": 37, "reasons": [["answered_recently", 12]], "whole": False}
    flow = {"events": 9, "asked": 9, "each_day": 6.7, "base": 4711, "rate": 0.2}
    common = {
        "installation": HUB,
        "touchpoint": "support-case",
        "created_at": now,
        "dry_run_at": now,
    }
    with services.database.write() as connection:
        for key, kind, kept, more in (
            (
                "case-closed",
                "case_closed",
                told,
                {"off_reason": "scope_missing", "off_detail": "tickets"},
            ),
            (
                "flow",
                "steady_flow",
                flow,
                {"parameters": {"monthly": 40}, "is_on": True, "since": now},
            ),
        ):
            row = {"key": key, "name": name, "kind": kind, "dry_run": kept}
            connection.execute(trigger.insert().values(**(row | common | more)))
        about = {"trigger": "case-closed", "installation": HUB, "touchpoint": "support-case"}
        for number, state in enumerate(("waiting", "asked", "refused", "failed")):
            event = {
                "id": f"e{number}",
                "record": f"ticket:{'9' * 30}",
                "contact": f"{number}" * 40,
            }
            times = {"occurred_at": now, "found_at": now, "due_at": now}
            connection.execute(
                trigger_event.insert().values(**event, **about, **times, state=state)
            )


def set_apart(services: Services, state: str, error: str, detail: str = "") -> str:
    """A delivery that a person has to look at."""
    now, key = services.clock.now(), new_id()
    with services.database.write() as connection:
        owe(connection, [_owed("contact", key, key, HUB, now, {"person": key})], now)
        connection.execute(
            delivery.update()
            .where(delivery.c.key == f"contact:{key}")
            .values(state=state, error=error, error_detail=detail, settled_at=now, attempts=1)
        )
    return key


def at_work(services: Services) -> None:
    """A worker gave a sign of life just now, by the database's clock."""
    from plugin.db import now_ms

    with services.database.write() as connection:
        connection.execute(
            worker.insert().values(id=new_id(), started_at=now_ms(), beat_at=now_ms())
        )


def _person(connection: Connection, account: str, name: str, company: str, at: datetime) -> str:
    who = new_id()
    connection.execute(
        person.insert().values(
            id=who,
            installation=account,
            contact=who[-9:],
            name=name,
            email="someone@example.com",
            company_name=company,
            seen_at=at,
        )
    )
    return who


def _follow_up(
    connection: Connection, answer_id: str, who: str, account: str, at: datetime
) -> None:
    connection.execute(
        followup.insert().values(
            id=new_id(),
            answer=answer_id,
            installation=account,
            person=who,
            owner_name="Jonas Ek",
            due_at=at + timedelta(hours=24),
            opened_at=at,
        )
    )


def _owe(connection: Connection, answer_id: str, who: str, account: str, at: datetime) -> None:
    payload = {"answer": answer_id, "revision": 1}
    owe(connection, [_owed("answer", answer_id, who, account, at, payload)], at)


def _owed(
    kind: str, key: str, who: str, account: str, at: datetime, payload: dict[str, Any]
) -> Owed:
    return Owed(
        lane=f"crm:{account}",
        kind=kind,
        key=f"{kind}:{key}",
        topic=f"{kind}:{key}",
        subject=who,
        payload=payload,
        due_at=at,
    )
