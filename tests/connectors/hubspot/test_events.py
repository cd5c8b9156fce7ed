"""Webhooks, reduced to ids and times; whatever is not understood is left out."""

from datetime import UTC, datetime

import pytest

from connectors.changes import ContactEvent, Happened
from connectors.hubspot.events import contact_events, pushed

AT = 1790000000000
MOMENT = datetime.fromtimestamp(AT / 1000, UTC)
LATER = datetime(2100, 1, 1, tzinfo=UTC)


def event(kind="object.deletion", **more) -> dict:
    found = {
        "eventId": 100, "subscriptionId": 7, "portalId": 555001, "appId": 42, "occurredAt": AT,
        "subscriptionType": kind, "objectTypeId": "0-1", "attemptNumber": 0, "objectId": 201,
    }  # fmt: skip
    return {name: value for name, value in (found | more).items() if value is not None}


def told(*events: dict) -> list[ContactEvent]:
    return [one for e in pushed(events) for one in contact_events(e.payload, LATER)]


@pytest.mark.parametrize("family", ["object", "contact"])
def test_every_kind_in_both_spellings(family: str):
    email = {"propertyName": "email", "propertyValue": "new@example.com"}

    assert told(event(f"{family}.deletion")) == [ContactEvent(Happened.DELETED, "201", MOMENT)]
    assert told(event(f"{family}.restore")) == [ContactEvent(Happened.RESTORED, "201", MOMENT)]
    assert told(event(f"{family}.propertyChange", **email)) == [
        ContactEvent(Happened.CHANGED, "201", MOMENT)
    ]
    assert told(event("contact.privacyDeletion", objectTypeId=None)) == [
        ContactEvent(Happened.ERASED, "201", MOMENT)
    ]


@pytest.mark.parametrize(
    ("given", "merged", "into"),
    [
        ({"primaryObjectId": 201, "mergedObjectIds": [202], "newObjectId": 203, "objectId": 203}, "201 202", "203"),
        ({"primaryObjectId": 201, "mergedObjectIds": [202], "objectId": 201}, "202", "201"),
        ({"primaryObjectId": 1, "mergedObjectIds": [2, "4"], "newObjectId": 203, "objectId": 4}, "1 2 4", "203"),
        ({"mergedObjectIds": [202], "objectId": 203}, "202", "203"),
        ({"primaryObjectId": 201, "mergedObjectIds": "202", "newObjectId": 203}, "201", "203"),
        ({"primaryObjectId": 201, "mergedObjectIds": [None, {}, -1, True], "newObjectId": 203}, "201", "203"),
    ],
)  # fmt: skip
def test_a_merge_leads_every_old_id_to_the_survivor(given: dict, merged: str, into: str):
    assert told(event("object.merge", **given)) == [
        ContactEvent(Happened.MERGED, contact, MOMENT, into) for contact in merged.split()
    ]


def test_the_payload_holds_nothing_personal():
    given = event("object.propertyChange", propertyName="email", propertyValue="new@example.com",
                  sourceId="userId:9")  # fmt: skip

    assert "@" not in str(pushed([given]))
    assert pushed([given])[0].payload == {"what": "changed", "at": AT, "contacts": ["201"]}


def test_the_same_event_has_the_same_key_however_often_it_is_tried():
    keys = {pushed([event(attemptNumber=n, subscriptionId=n)])[0].key for n in range(3)}
    others = [event(eventId=101), event(occurredAt=AT + 1), event(objectId=202), event(portalId=1),
              event("object.restore"), event(objectTypeId="0-27")]  # fmt: skip

    assert len(keys) == 1
    assert len(keys | {one.key for one in pushed(others)}) == 7


def test_an_event_from_the_future_counts_as_of_now():
    (found,) = pushed([event(occurredAt=AT)])

    assert contact_events(found.payload, datetime(2020, 1, 1, tzinfo=UTC))[0].at.year == 2020


@pytest.mark.parametrize(
    "given",
    [
        None, 7, "x", [], {}, event("contact.creation"), event("object.propertyChange"),
        event("object.propertyChange", propertyName="gensvar_score"), event("company.deletion"),
        event(objectTypeId="0-2"), event(objectTypeId=7), event(objectId=None), event(objectId="x"),
        event(objectId=True), event(objectId=-1), event(objectId=10**21), event(portalId=None),
        event(occurredAt=None), event(occurredAt="soon"), event(occurredAt=-1),
        event(occurredAt=10**18), event(""), event(7), event("object.merge", objectTypeId="0-27"),
    ],
)  # fmt: skip
def test_what_means_nothing_to_us(given):
    assert pushed([given]) == []


def test_tasks_are_named_only():
    found = pushed(
        [event("object.propertyChange", objectTypeId="0-27", propertyName="hs_task_status")]
    )

    assert [(one.task, one.contact, one.payload) for one in found] == [("201", "", {})]
