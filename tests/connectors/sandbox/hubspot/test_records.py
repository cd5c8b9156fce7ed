"""The sandbox refuses what HubSpot refuses: a connector that passes here is not merely lucky."""

from typing import Any

import pytest

from connectors.sandbox.hubspot import HubSpotSandbox
from tests.connectors.sandbox.hubspot.conftest import Caller

CONTACTS = "/crm/objects/2026-03/contacts"
NOTES = "/crm/objects/2026-03/notes"
GROUP = {"name": "g", "label": "G"}


def define(call: Caller, kind: str = "contacts", **more: Any) -> int:
    call("POST", f"/crm/properties/2026-03/{kind}/groups", GROUP)
    made = {"name": "p", "label": "P", "groupName": "g", "type": "string", "fieldType": "text"}
    return call("POST", f"/crm/properties/2026-03/{kind}", {**made, **more}).status_code


OPTIONS = [{"label": "A", "value": "a", "displayOrder": 0, "hidden": False}]


@pytest.mark.parametrize(
    ("kind", "value", "code"),
    [
        ({"type": "number", "fieldType": "number"}, "1,000", "INVALID_INTEGER"),
        ({"type": "number", "fieldType": "number"}, "nan", "INVALID_INTEGER"),
        ({"type": "enumeration", "fieldType": "select", "options": OPTIONS}, "b", "INVALID_OPTION"),
        ({"type": "datetime", "fieldType": "date"}, "yesterday", "INVALID_DATE"),
        ({"type": "datetime", "fieldType": "date"}, "2026-11-21T10:00:00", "INVALID_DATE"),
        ({"type": "date", "fieldType": "date"}, "2026-11-21T10:00:00Z", "INVALID_DATE"),
        ({}, "x" * 65_537, "PROPERTY_VALUE_TOO_LONG"),
        ({}, 7, "INVALID_VALUE"),
        ({}, None, "INVALID_VALUE"),
    ],
)
def test_a_wrong_value_is_refused_and_nothing_is_written(
    hub: HubSpotSandbox, call: Caller, kind: dict[str, Any], value: Any, code: str
) -> None:
    assert define(call, **kind) == 201
    contact = hub.add_contact("a@b.example")
    answer = call("PATCH", f"{CONTACTS}/{contact.id}", {"properties": {"p": value, "phone": "1"}})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["code"] == code
    assert "phone" not in hub.contact(contact.id)


@pytest.mark.parametrize(
    "properties", [{"nope": "1"}, {"hs_object_id": "1"}, {"createdate": "1"}, {"email": 1}]
)
def test_a_wrong_name_is_refused(
    hub: HubSpotSandbox, call: Caller, properties: dict[str, Any]
) -> None:
    contact = hub.add_contact("a@b.example")
    answer = call("PATCH", f"{CONTACTS}/{contact.id}", {"properties": properties})
    assert answer.status_code == 400


def test_a_property_of_a_wrong_shape_is_refused(call: Caller) -> None:
    assert define(call, type="number", fieldType="text") == 400
    assert define(call, type="enumeration", fieldType="select") == 400
    assert define(call, groupName="nowhere") == 400
    assert define(call, name="Upper") == 400
    assert define(call, name="hs_mine") == 400
    assert define(call, colour="red") == 400
    assert define(call) == 201
    assert define(call) == 409
    patch = call("PATCH", "/crm/properties/2026-03/contacts/p", {"type": "number"})
    assert patch.status_code == 400
    assert call("DELETE", "/crm/properties/2026-03/contacts/email").status_code == 403


def test_a_batch_of_a_hundred_and_one_is_refused(call: Caller) -> None:
    inputs = [{"id": str(n)} for n in range(101)]
    assert call("POST", f"{CONTACTS}/batch/read", {"inputs": inputs}).status_code == 400
    inputs = inputs[:100]
    assert call("POST", f"{CONTACTS}/batch/read", {"inputs": inputs}).status_code == 207
    assert call("POST", f"{CONTACTS}/batch/read", {"inputs": []}).status_code == 400


def test_without_trace_ids_a_batch_is_all_or_nothing(hub: HubSpotSandbox, call: Caller) -> None:
    one, two = hub.add_contact("a@b.example"), hub.add_contact("b@b.example")
    inputs: list[dict[str, Any]] = [
        {"id": one.id, "properties": {"phone": "1"}},
        {"id": two.id, "properties": {"nope": "1"}},
    ]
    assert call("POST", f"{CONTACTS}/batch/update", {"inputs": inputs}).status_code == 400
    assert "phone" not in hub.contact(one.id)
    traced = [{**row, "objectWriteTraceId": str(n)} for n, row in enumerate(inputs)]
    answer = call("POST", f"{CONTACTS}/batch/update", {"inputs": traced})
    assert answer.status_code == 207
    assert [row["id"] for row in answer.json()["results"]] == [one.id]
    assert answer.json()["errors"][0]["context"] == {"objectWriteTraceId": ["1"]}
    twice = call("POST", f"{CONTACTS}/batch/update", {"inputs": [inputs[0], inputs[0]]})
    assert twice.status_code == 400


def test_a_merge_makes_a_third_record(hub: HubSpotSandbox, call: Caller) -> None:
    one, two = hub.add_contact("a@b.example"), hub.add_contact("b@b.example")
    body = {"primaryObjectId": one.id, "objectIdToMerge": two.id}
    made = call("POST", f"{CONTACTS}/merge", body).json()["id"]
    assert made not in (one.id, two.id)
    for old in (one.id, two.id):
        assert call("GET", f"{CONTACTS}/{old}").json()["id"] == made
    inputs = [{"id": one.id}, {"id": made}]
    read = call("POST", f"{CONTACTS}/batch/read", {"inputs": inputs})
    assert read.status_code == 207
    assert [row["id"] for row in read.json()["results"]] == [made]


def test_deleting_restoring_and_privacy_deletion(hub: HubSpotSandbox, call: Caller) -> None:
    contact = hub.add_contact("a@b.example")
    path = f"{CONTACTS}/{contact.id}"
    assert call("DELETE", path).status_code == 204
    assert call("GET", path).status_code == 404
    assert call("GET", f"{path}?archived=true").status_code == 200
    hub.restore(contact)
    assert call("GET", path).status_code == 200
    body = {"objectId": "a@b.example", "idProperty": "email"}
    assert call("POST", f"{CONTACTS}/gdpr-delete", body).status_code == 204
    assert call("GET", f"{path}?archived=true").status_code == 404


def test_a_unique_value_is_held_by_one(hub: HubSpotSandbox, call: Caller) -> None:
    assert define(call, "notes", hasUniqueValue=True) == 201
    note = {"properties": {"hs_timestamp": "1", "p": "k"}}
    assert call("POST", NOTES, note).status_code == 201
    again = call("POST", NOTES, note)
    assert again.json()["errors"][0]["code"] == "CONFLICTING_UNIQUE_VALUE"
    body = {"inputs": [{"id": "k"}], "idProperty": "p", "properties": ["p"]}
    assert call("POST", f"{NOTES}/batch/read", body).status_code == 200
    assert (
        call("POST", f"{NOTES}/batch/read", {**body, "idProperty": "hs_note_body"}).status_code
        == 400
    )
    hub.add_contact("a@b.example")
    taken = call("POST", CONTACTS, {"properties": {"email": "A@b.example"}})
    assert taken.status_code == 409


@pytest.mark.parametrize(
    "association",
    [
        {"to": {"id": "999"}, "types": [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 202}]},
        {"to": {"id": "{id}"}, "types": [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 204}]},
        {"to": {"id": "{id}"}, "types": [{"associationCategory": "USER_DEFINED", "associationTypeId": 202}]},
        {"to": {"id": "{id}"}, "types": []},
        {"types": []},
    ],
)  # fmt: skip
def test_a_note_needs_a_contact_that_is_there(
    hub: HubSpotSandbox, call: Caller, association: dict[str, Any]
) -> None:
    contact = hub.add_contact("a@b.example")
    if association.get("to", {}).get("id") == "{id}":
        association = {**association, "to": {"id": contact.id}}
    body = {"properties": {"hs_timestamp": "1"}, "associations": [association]}
    assert call("POST", NOTES, body).status_code == 400
    assert hub.notes(contact.id) == []
    assert call("POST", NOTES, {"properties": {"hs_note_body": "x"}}).status_code == 400


def test_an_owner_who_left_is_refused(hub: HubSpotSandbox, call: Caller) -> None:
    left = hub.add_owner("Petter", active=False)
    body = {"properties": {"hs_timestamp": "1", "hubspot_owner_id": left.id}}
    answer = call("POST", "/crm/objects/2026-03/tasks", body)
    assert answer.json()["errors"][0]["code"] == "INVALID_OWNER_ID"


@pytest.mark.parametrize(
    "body",
    [
        {"limit": 201},
        {"after": "9900", "limit": 200},
        {"filterGroups": [{"filters": []}] * 6},
        {"filterGroups": [{"filters": [{"propertyName": "a", "operator": "HAS_PROPERTY"}] * 7}]},
        {"filterGroups": [{"filters": [{"propertyName": "a", "operator": "LIKE"}]}]},
        {"filterGroups": [{"filters": [{"propertyName": "a", "operator": "EQ", "value": 1}]}]},
        {"colour": "red"},
    ],
)
def test_a_search_has_limits(call: Caller, body: dict[str, Any]) -> None:
    assert call("POST", f"{CONTACTS}/search", body).status_code == 400


def test_search_is_late_to_see_what_is_new(hub: HubSpotSandbox, call: Caller) -> None:
    hub.portal.options.search_lag = 60
    hub.add_contact("a@b.example")
    assert call("POST", f"{CONTACTS}/search", {}).json()["total"] == 0
    hub.portal.options.search_lag = 0
    assert call("POST", f"{CONTACTS}/search", {}).json()["total"] == 1


def test_six_searches_in_a_second_are_one_too_many(call: Caller) -> None:
    statuses = [call("POST", f"{CONTACTS}/search", {}).status_code for _ in range(6)]
    assert statuses == [200] * 5 + [429]
