"""What somebody deleted or changed since the install is found, and only that."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from connectors.salesforce.connector import SalesforceConnector
from connectors.sandbox.salesforce import SalesforceSandbox
from connectors.sandbox.salesforce.org import Org
from tests.connectors.salesforce.helpers import TokenBox, connector

OBJECT = "Gensvar_Answer__c"
REQUEST = "Gensvar_Survey_Request__c"
PANEL = "gensvarPanel"


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
    org.custom.tabs.clear()


def drop_rule(org: Org) -> None:
    org.objects[OBJECT].rules.clear()


def drop_request_rule(org: Org) -> None:
    org.objects[REQUEST].rules.clear()


def drop_request_object(org: Org) -> None:
    del org.objects[REQUEST]


def drop_view(org: Org) -> None:
    org.rows["ListView"].clear()


def drop_label(org: Org) -> None:
    del org.custom.labels["Gensvar_score"]
    org.custom.translations.clear()


def older_words(org: Org) -> None:
    label = org.custom.labels["Gensvar_score"]
    org.custom.labels["Gensvar_score"] = replace(label, short="An older text of ours")


def drop_translation(org: Org) -> None:
    del org.custom.translations["sv"]["Gensvar_score"]


def drop_panel(org: Org) -> None:
    org.custom.bundles.clear()


def older_panel(org: Org) -> None:
    bundle = org.custom.bundles[PANEL]
    org.custom.bundles[PANEL] = replace(bundle, description="Made by Gensvar. Build 00000000.")


def foreign_panel(org: Org) -> None:
    org.custom.bundles[PANEL] = replace(org.custom.bundles[PANEL], description="Somebody else's")


def no_deleting(org: Org) -> None:
    for row in org.rows["ObjectPermissions"].values():
        row["PermissionsDelete"] = False


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
        (drop_request_rule, "rule_missing"),
        (drop_request_object, "object_missing"),
        (drop_view, "list_view_missing"),
        (drop_label, "label_missing"),
        (older_words, "label_missing"),
        (drop_translation, "translation_missing"),
        (drop_panel, "panel_missing"),
        (older_panel, "panel_missing"),
        (foreign_panel, "panel_foreign"),
        (no_deleting, "permission_missing"),
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


def test_what_an_administrator_worded_otherwise_is_left_alone(org: SalesforceSandbox) -> None:
    label = org.org.custom.labels["Gensvar_promoter"]
    org.org.custom.labels["Gensvar_promoter"] = replace(label, text="Fan")
    org.org.custom.translations["sv"]["Gensvar_promoter"] = "Fantast"
    assert connector(org).check() == []


def test_a_language_that_the_org_did_not_take_is_told_and_stops_nothing(
    org: SalesforceSandbox,
) -> None:
    org.org.custom.translations.clear()
    able = {"task_key": "unique", "translations_refused": "no sv"}
    findings = connector(org, capabilities=able).check()
    assert [(f.code, f.fatal) for f in findings] == [("language_off", False)] * 2
    assert "Translation Workbench" in findings[0].do


def test_a_user_without_setup_still_gets_a_check(org: SalesforceSandbox) -> None:
    org.options.tooling = False
    assert connector(org).check() == []
