"""What somebody deleted or changed since the install is found, and only that."""

from collections.abc import Callable

import pytest

from connectors.salesforce.connector import SalesforceConnector
from connectors.sandbox.salesforce import SalesforceSandbox
from connectors.sandbox.salesforce.org import Org
from tests.connectors.salesforce.helpers import TokenBox, connector

OBJECT = "Gensvar_Answer__c"


@pytest.fixture
def org(org: SalesforceSandbox) -> SalesforceSandbox:
    connector(org).grant_viewers([org.add_user("Rita", "Rep")])
    return org


def codes(crm: SalesforceConnector) -> set[str]:
    return {finding.code for finding in crm.check()}


def test_a_sound_installation_has_no_findings(org: SalesforceSandbox) -> None:
    assert connector(org, client=org.client).check() == []


def drop_field(org: Org) -> None:
    del org.objects["Contact"].fields["Gensvar_Score__c"]
    drop_right(org)


def drop_right(org: Org) -> None:
    rows = org.rows["FieldPermissions"]
    for key in [k for k, row in rows.items() if row["Field"] == "Contact.Gensvar_Score__c"]:
        del rows[key]


def shorten_field(org: Org) -> None:
    org.objects[OBJECT].fields["Gensvar_Comment__c"].length = 1000


def loosen_key(org: Org) -> None:
    org.objects["Task"].fields["Gensvar_Key__c"].unique = False


def take_value(org: Org) -> None:
    field = org.objects["Contact"].fields["Gensvar_Category__c"]
    field.values = ("promoter", "passive")


def drop_object(org: Org) -> None:
    del org.objects[OBJECT]


def retype(org: Org) -> None:
    org.objects["Contact"].fields["Gensvar_Score__c"].type = "string"


def drop_set(org: Org) -> None:
    rows = org.rows["PermissionSet"]
    for key in [k for k, row in rows.items() if row["Name"] == "Gensvar_Viewer"]:
        org.purge("PermissionSet", key)


def take_from_us(org: Org) -> None:
    rows = org.rows["PermissionSetAssignment"]
    for key in [k for k, row in rows.items() if org.is_admin(row["AssigneeId"])]:
        del rows[key]


def viewers_leave(org: Org) -> None:
    for row in org.rows["User"].values():
        row["IsActive"] = org.is_admin(row["Id"])


def drop_tab(org: Org) -> None:
    org.tabs.clear()


def drop_rule(org: Org) -> None:
    org.objects[OBJECT].rules.clear()


def forget_marker(org: Org) -> None:
    org.objects[OBJECT].description = "Renamed by an admin"


def retire(org: Org) -> None:
    org.options.oldest_version = 67


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (drop_field, "field_missing"),
        (drop_right, "permission_missing"),
        (shorten_field, "field_changed"),
        (loosen_key, "field_changed"),
        (take_value, "field_changed"),
        (retype, "field_type"),
        (drop_object, "object_missing"),
        (drop_set, "permission_set_missing"),
        (take_from_us, "not_assigned"),
        (viewers_leave, "no_viewer"),
        (drop_tab, "tab_missing"),
        (drop_rule, "rule_missing"),
        (forget_marker, "object_foreign"),
        (retire, "api_version_retired"),
    ],
)
def test_a_change_is_found_and_said_what_to_do(
    org: SalesforceSandbox, change: Callable[[Org], None], code: str
) -> None:
    change(org.org)
    findings = connector(org).check()
    assert code in {finding.code for finding in findings}
    assert all(finding.what and finding.do for finding in findings)


def test_a_field_that_an_admin_shows_to_nobody_is_not_called_missing(
    org: SalesforceSandbox,
) -> None:
    take_from_us(org.org)
    found = codes(connector(org))
    assert "field_missing" not in found
    assert "not_assigned" in found


def test_a_scope_that_was_not_granted_is_found(org: SalesforceSandbox) -> None:
    token = org.token()
    org.oauth.scopes[token] = "api"
    [finding] = connector(org, TokenBox(org, token), client=org.client).check()
    assert finding.code == "scope_missing"
    assert "refresh_token" in finding.what


def test_an_app_that_may_not_ask_for_scopes_has_no_finding_of_it(org: SalesforceSandbox) -> None:
    org.fail("introspect", "status", status=400, body={"error": "invalid_client"})
    assert connector(org, client=org.client).check() == []


def test_a_user_without_setup_still_gets_a_check(org: SalesforceSandbox) -> None:
    org.options.tooling = False
    assert connector(org).check() == []
