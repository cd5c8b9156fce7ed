"""The sandbox is as strict with records as the real one."""

from typing import Any

import pytest

from connectors.sandbox.salesforce import SalesforceSandbox
from tests.connectors.sandbox.salesforce.plain import Api, error

OBJECT = "Gensvar_Answer__c"
KEY = "Gensvar_Key__c"


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"Nope__c": 1}, "INVALID_FIELD"),
        ({"Gensvar_Score__c": "3"}, "JSON_PARSER_ERROR"),
        ({"Gensvar_Score__c": True}, "JSON_PARSER_ERROR"),
        ({"Gensvar_Score__c": 100}, "NUMBER_OUTSIDE_VALID_RANGE"),
        ({"Gensvar_Score__c": 11}, "FIELD_CUSTOM_VALIDATION_EXCEPTION"),
        ({"Gensvar_Score__c": -1}, "FIELD_CUSTOM_VALIDATION_EXCEPTION"),
        ({"Gensvar_Category__c": "Promoter"}, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"),
        ({"Gensvar_Touchpoint__c": "x" * 256}, "STRING_TOO_LONG"),
        ({"Gensvar_Touchpoint__c": 3}, "JSON_PARSER_ERROR"),
        ({"Gensvar_Comment__c": "😀" * 16_385}, "STRING_TOO_LONG"),
        ({"Gensvar_Answered_At__c": "yesterday"}, "JSON_PARSER_ERROR"),
        ({"Gensvar_Contact__c": "003"}, "MALFORMED_ID"),
        ({"Gensvar_Contact__c": "001gv0000000001AAA"}, "MALFORMED_ID"),
        ({"Gensvar_Contact__c": "003gv0000000099AAA"}, "INVALID_CROSS_REFERENCE_KEY"),
        ({"Id": "a00gv0000000001AAA"}, "INVALID_FIELD"),
        ({"Name": "mine"}, "INVALID_FIELD_FOR_INSERT_UPDATE"),
    ],
)
def test_a_wrong_value_is_refused(api: Api, values: dict[str, Any], code: str) -> None:
    response = api.call("POST", f"/sobjects/{OBJECT}", json={KEY: "k"} | values)
    assert error(response) == (400, code)
    assert api.org.rows(OBJECT) == []


def test_a_deployed_field_is_hidden_until_a_permission_set_grants_it(
    org: SalesforceSandbox,
) -> None:
    rep, contact = org.add_user("Rita", "Rep"), org.add_contact()
    api = Api(org, rep)
    path, values = f"/sobjects/Contact/{contact}", {"Gensvar_Score__c": 3}
    assert error(api.call("PATCH", path, json=values)) == (400, "INVALID_FIELD")
    names = {f["name"] for f in api.call("GET", "/sobjects/Contact/describe").json()["fields"]}
    assert "Gensvar_Score__c" not in names
    assert error(api.query("SELECT Gensvar_Score__c FROM Contact")) == (400, "INVALID_FIELD")
    sets = {row["Name"]: row["Id"] for row in org.rows("PermissionSet")}
    org.add("PermissionSetAssignment", AssigneeId=rep, PermissionSetId=sets["Gensvar_Viewer"])
    assert api.query("SELECT Gensvar_Score__c FROM Contact").status_code == 200
    refused = api.call("PATCH", path, json=values)
    assert error(refused) == (400, "INVALID_FIELD_FOR_INSERT_UPDATE")


def test_upsert_by_key_creates_updates_and_keeps_keys_unique(
    org: SalesforceSandbox, api: Api
) -> None:
    path = f"/sobjects/{OBJECT}/{KEY}/k1"
    first = api.call("PATCH", path, json={"Gensvar_Score__c": 3})
    second = api.call("PATCH", path, json={"Gensvar_Score__c": 4})
    assert (first.status_code, second.status_code) == (201, 200)
    assert (first.json()["created"], second.json()["created"]) == (True, False)
    assert first.json()["id"] == second.json()["id"]
    given = api.call("PATCH", path, json={KEY: "k1"})
    assert error(given) == (400, "INVALID_FIELD")
    twice = api.call("POST", f"/sobjects/{OBJECT}", json={KEY: "k1"})
    assert error(twice) == (400, "DUPLICATE_VALUE")
    assert len(org.rows(OBJECT)) == 1
    nothing = api.call("PATCH", "/sobjects/Contact/Email/a@b.example", json={})
    assert nothing.status_code == 404


def test_several_records_with_one_external_id_are_300(org: SalesforceSandbox, api: Api) -> None:
    org.org.objects[OBJECT].fields[KEY].unique = False
    for _ in range(2):
        org.add(OBJECT, Gensvar_Key__c="k1")
    response = api.call("PATCH", f"/sobjects/{OBJECT}/{KEY}/k1", json={})
    assert response.status_code == 300
    assert len(response.json()) == 2


def test_a_collection_settles_each_record_alone_in_its_order(
    org: SalesforceSandbox, api: Api
) -> None:
    rows = [{KEY: "k1"}, {KEY: "k2", "Gensvar_Score__c": 11}, {KEY: "k1"}, {}, {KEY: "k3"}]
    response = api.collection("PATCH", f"/{OBJECT}/{KEY}", OBJECT, *rows)
    assert response.status_code == 200
    codes = [(r["errors"] or [{"statusCode": None}])[0]["statusCode"] for r in response.json()]
    assert codes == [
        None,
        "FIELD_CUSTOM_VALIDATION_EXCEPTION",
        "DUPLICATE_VALUE",
        "MISSING_ARGUMENT",
        None,
    ]
    assert len(org.rows(OBJECT)) == 2


def test_all_or_none_takes_everything_back(org: SalesforceSandbox, api: Api) -> None:
    sent = [{"attributes": {"type": OBJECT}, KEY: k, "Gensvar_Score__c": s} for k, s in
            (("k1", 3), ("k2", 11))]  # fmt: skip
    body = {"allOrNone": True, "records": sent}
    results = api.call("PATCH", f"/composite/sobjects/{OBJECT}/{KEY}", json=body).json()
    assert results[0]["errors"][0]["statusCode"] == "ALL_OR_NONE_OPERATION_ROLLED_BACK"
    assert org.rows(OBJECT) == []


@pytest.mark.parametrize(
    "body",
    [
        {"records": [{"attributes": {"type": "Contact"}, "id": "x"}] * 201},
        {"records": [{"id": "x"}]},
        {"records": "all"},
        {"records": [], "surprise": 1},
        [],
    ],
)
def test_a_collection_that_is_wrong_is_refused_as_a_whole(api: Api, body: Any) -> None:
    assert api.call("PATCH", "/composite/sobjects", json=body).status_code == 400


def test_deleted_merged_and_purged_are_told_apart(org: SalesforceSandbox, api: Api) -> None:
    winner, loser, purged = (org.add_contact() for _ in range(3))
    org.merge(winner, loser)
    org.delete(purged)
    org.purge(purged)
    rows = [{"id": i, "Title": "t"} for i in (winner, loser, purged, "nonsense")]
    results = api.collection("PATCH", "", "Contact", *rows).json()
    codes = [(r["errors"] or [{"statusCode": None}])[0]["statusCode"] for r in results]
    assert codes == [None, "ENTITY_IS_DELETED", "INVALID_CROSS_REFERENCE_KEY", "MALFORMED_ID"]
    soql = f"SELECT Id, MasterRecordId FROM Contact WHERE Id = '{loser}'"
    assert api.query(soql).json()["records"] == []
    everything = api.call("GET", "/queryAll", params={"q": soql}).json()["records"]
    assert everything[0]["MasterRecordId"] == winner


def test_an_inactive_owner_is_refused_unless_the_org_lets_tasks_have_one(
    org: SalesforceSandbox, api: Api
) -> None:
    left = org.add_user("Lee", "Left", active=False)
    wanted = {"Subject": "s", "OwnerId": left}
    assert error(api.call("POST", "/sobjects/Task", json=wanted)) == (400, "INACTIVE_OWNER_OR_USER")
    org.options.inactive_task_owners = True
    assert api.call("POST", "/sobjects/Task", json=wanted).status_code == 201


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/services/data/v20.0/limits", 410, "UNSUPPORTED_API_VERSION"),
        ("/services/data/v99.0/limits", 404, "NOT_FOUND"),
        ("/services/data/v66/limits", 404, "NOT_FOUND"),
        ("/services/data/v66.0/nothing", 404, "NOT_FOUND"),
        ("/services/data/v66.0/sobjects/Nope__c/describe", 404, "NOT_FOUND"),
    ],
)
def test_addresses_that_are_not_there(api: Api, path: str, status: int, code: str) -> None:
    response = api.session.get(f"{api.org.url}{path}", timeout=5)
    assert error(response) == (status, code)


def test_without_a_good_token_nothing_is_answered(org: SalesforceSandbox, api: Api) -> None:
    org.oauth.expire()
    assert error(api.query("SELECT Id FROM Contact")) == (401, "INVALID_SESSION_ID")
    del api.session.headers["Authorization"]
    assert error(api.query("SELECT Id FROM Contact")) == (401, "INVALID_SESSION_ID")
    assert api.session.get(f"{org.url}/services/data/", timeout=5).status_code == 200


def test_every_call_is_counted_against_the_day(org: SalesforceSandbox, api: Api) -> None:
    org.options.daily_limit = 2
    limits = api.call("GET", "/limits")
    assert limits.json()["DailyApiRequests"] == {"Max": 2, "Remaining": 1}
    assert limits.headers["Sforce-Limit-Info"] == "api-usage=1/2"
    api.call("GET", "/limits")
    refused = api.call("GET", "/limits")
    assert error(refused) == (403, "REQUEST_LIMIT_EXCEEDED")
    assert refused.headers["Sforce-Limit-Info"] == "api-usage=2/2"


def test_an_address_that_is_too_long_is_refused(api: Api) -> None:
    assert (
        api.query("SELECT Id FROM Contact WHERE Name = '" + "x" * 17_000 + "'").status_code == 414
    )
