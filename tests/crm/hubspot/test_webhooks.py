"""What HubSpot tells us by itself: kept first, once, and only of accounts the signature may speak for; worked later."""

import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from connectors.sandbox.hubspot import HubSpotSandbox
from plugin.answers.store import answer, erased_answer
from plugin.crm.connections import Connections
from plugin.crm.handlers import handlers
from plugin.crm.seals import sealed
from plugin.crm.store import installation
from plugin.db import milliseconds
from plugin.deliveries.ledger import Ledger
from plugin.deliveries.pace import Pace
from plugin.deliveries.sending import Batch
from plugin.deliveries.store import delivery, lane
from plugin.followups.store import followup
from plugin.people.store import person
from tests.crm.hubspot.calls import Calls, code
from tests.crm.places import NoStop
from tests.support.surveys import HUB

HOOKS = "/hubspot/webhooks"


def event(calls: Calls, kind: str, contact: int = 101, *, ago: float = 0, **more: Any) -> dict:
    at = milliseconds(calls.world.clock.now()) - round(ago * 1000)
    return {
        "eventId": random.getrandbits(31), "subscriptionId": 7, "portalId": int(calls.portal),
        "appId": 42, "occurredAt": at, "subscriptionType": kind, "objectTypeId": "0-1",
        "attemptNumber": 0, "objectId": contact, **more,
    }  # fmt: skip


def push(calls: Calls, *events: Any) -> int:
    sent = calls.post(HOOKS, list(events))
    assert sent.status_code == 200, sent.text
    return sent.json["kept"]


def kept(calls: Calls) -> list[dict]:
    return calls.world.rows(sa.select(delivery).where(delivery.c.kind == "event"))


def work(calls: Calls, *kinds: str) -> None:
    """Everything that waits, of those kinds."""
    shared = calls.world.shared
    every = handlers(Connections(shared))
    ledger = Ledger(
        shared.database, {kind: every[kind] for kind in kinds or ("event",)}, shared.clock
    )
    while claim := ledger.take("tests"):
        while claim and Batch(ledger, claim, Pace(shared.clock.monotonic), NoStop()).send():
            claim = ledger.claim(claim.lease)


def known(calls: Calls, contact: str = "101") -> dict:
    (row,) = calls.world.rows(sa.select(person).where(person.c.contact == contact))
    return row


def test_what_is_no_list_of_at_most_a_hundred_events(calls: Calls):
    for body in (b"", b"{", b"{}", b'"x"', b"7", b"null", b"\xff", b"[" * 100_000):
        assert code(calls.send("POST", HOOKS, body)) == "400 body_malformed"
    assert code(calls.post(HOOKS, [{}] * 101)) == "400 body_malformed"
    assert code(calls.send("POST", HOOKS, b" " * 300_000)) == "413 body_too_large"
    assert kept(calls) == []


def test_a_hundred_events_of_the_longest_kind_fit(calls: Calls):
    long = {"propertyName": "email", "propertyValue": "x" * 320, "sourceId": "y" * 400}
    events = [event(calls, "object.propertyChange", n, **long) for n in range(1, 101)]

    assert push(calls, *events) == 100


def test_unknown_accounts_kinds_and_nonsense_are_harmless(calls: Calls):
    nonsense = [None, 7, "x", {}, {"portalId": 4711}, event(calls, "contact.creation")]
    foreign = [
        event(calls, "object.deletion", portalId=4712),
        event(calls, "object.deletion", appId=43),
    ]

    assert push(calls, *nonsense, *foreign) == 0
    assert push(calls) == 0
    calls.world.write(installation.update().values(state="disconnected"))
    assert push(calls, event(calls, "object.deletion")) == 0
    assert kept(calls) == []


def test_the_same_events_again_are_kept_once(stored: Calls):
    first = [event(stored, "object.deletion", n) for n in (101, 102)]
    push(stored, *first, *first)
    push(stored, *[one | {"attemptNumber": 3, "subscriptionId": 8} for one in first])
    assert len(kept(stored)) == 2
    work(stored)
    push(stored, *first)
    work(stored)

    assert [row["state"] for row in kept(stored)] == ["delivered", "delivered"]


def test_what_is_kept_holds_nothing_personal(stored: Calls):
    push(
        stored, event(stored, "object.propertyChange", propertyName="email", propertyValue="a@b.c")
    )

    assert "a@b.c" not in str(kept(stored))


def test_one_call_may_speak_of_all_accounts_of_its_app_and_of_no_others(calls: Calls):
    own = sealed(calls.world.shared.sealer, "hubspot:4713", client_secret="its own")
    calls.another("4712")
    calls.another("4713", client_id="other", **own)
    events = [event(calls, "object.deletion", portalId=portal) for portal in (4711, 4712, 4713)]

    assert push(calls, *events) == 2
    assert push(replace(calls, secret="its own"), *events) == 1
    assert {row["lane"] for row in kept(calls)} == {
        f"inbox:hubspot:{portal}" for portal in (4711, 4712, 4713)
    }


def test_a_deletion_and_its_undoing_end_right_in_any_order(stored: Calls):
    stored.world.person()
    stored.world.person("102")
    events = [
        event(stored, "object.deletion", ago=60), event(stored, "object.restore", ago=30),
        event(stored, "object.deletion", 102, ago=60), event(stored, "object.restore", 102, ago=30),
        event(stored, "object.deletion", 102, ago=10),
    ]  # fmt: skip
    for chance in range(3):
        random.Random(chance).shuffle(events)
        for one in events:
            push(stored, one)
            work(stored)

    assert known(stored)["gone_at"] is None
    assert known(stored, "102")["gone_at"] is not None


def test_a_changed_address_is_asked_for_before_the_next_decision(calls: Calls):
    calls.world.person()
    push(calls, event(calls, "object.propertyChange", propertyName="email"))
    work(calls)

    assert known(calls)["seen_at"].year == 1970


def test_a_merge_moves_what_was_said(stored: Calls):
    stored.world.answer(stored.world.ask("101"), score=3)
    stored.world.person("102")
    merge = {"primaryObjectId": 101, "mergedObjectIds": [102], "newObjectId": 103}
    push(stored, event(stored, "object.merge", 103, **merge))
    work(stored)

    assert [a["score"] for a in stored.get("/hubspot/card", contact="103").json["answers"]] == [3]
    assert stored.world.one(sa.select(answer.c.person)) == known(stored, "103")["id"]


def test_privacy_deletion_leaves_an_anonymous_count(stored: Calls):
    stored.world.answer(stored.world.ask("101"), score=3, comment="my own words")
    push(
        stored,
        event(stored, "contact.privacyDeletion", objectTypeId=None),
        event(stored, "object.deletion"),
    )
    work(stored)

    assert stored.world.rows(sa.select(answer)) == []
    assert stored.world.rows(sa.select(followup)) == []
    assert stored.world.rows(sa.select(erased_answer.c.score)) == [{"score": 3}]
    assert stored.get("/hubspot/card", contact="101").json["answers"] == []


def test_events_are_worked_while_the_account_must_be_reconnected(calls: Calls):
    calls.world.person()
    calls.world.write(installation.update().values(state="needs_reconnect"))
    calls.world.write(
        lane.update().where(lane.c.id == f"crm:{HUB}").values(parked_reason="revoked")
    )
    push(calls, event(calls, "object.deletion"))
    work(calls)

    assert known(calls)["gone_at"] is not None


def test_a_task_of_ours_is_looked_at_and_others_are_not_kept(live: Calls, hub: HubSpotSandbox):
    made = hub.add_contact("ebba@customer.example")
    wish = live.post("/hubspot/card/ask", {"contact": made.id, "touchpoint": "support"}).json
    live.world.answer(live.world.in_own_page(wish["url"].rpartition("/")[2]), score=3)
    live.world.write(delivery.update().values(due_at=live.world.clock.now() - timedelta(hours=1)))
    work(live, "task", "contact", "answer")
    (task,) = hub.tasks(made.id)
    hub.portal.update(task, {"hs_task_status": "COMPLETED"})
    changed = {"objectTypeId": "0-27", "propertyName": "hs_task_status"}

    assert push(live, event(live, "object.propertyChange", int(task.id), **changed)) == 1
    assert push(live, event(live, "object.propertyChange", 1, **changed)) == 1
    waiting = live.world.rows(sa.select(delivery.c.subject).where(delivery.c.kind == "task_look"))
    assert waiting == [{"subject": f"task:{task.id}"}]
    work(live, "task_look", "contact")
    assert live.world.one(sa.select(followup.c.state)) == "closed"
