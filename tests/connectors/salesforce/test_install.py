"""Install, upgrade and removal, against an org that takes the package apart."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from connectors.accounts import Setup
from connectors.errors import Clash, MissingRight, Refused
from connectors.manifest import manifest
from connectors.salesforce.connector import SalesforceConnector
from connectors.sandbox.salesforce import SalesforceSandbox
from connectors.sandbox.salesforce.schema import Field, sobject
from connectors.types import TOLD, Fate, Telling
from tests.connectors.salesforce.helpers import NOW, answer, connector, task, update
from tests.connectors.sandbox.salesforce.plain import Api, error

OBJECT = "Gensvar_Answer__c"
REQUEST = "Gensvar_Survey_Request__c"
SCORE = "Gensvar_Score__c"


@pytest.fixture
def bare() -> Iterator[SalesforceSandbox]:
    with SalesforceSandbox() as org:
        yield org


def install(org: SalesforceSandbox, state: str = "", **more: Any) -> Setup:
    """As the worker does: each step by a connector of its own, from the state it was given."""
    for _ in range(20):
        now = connector(org, **more).apply(state)
        if now.done:
            return now
        state = now.state
    raise AssertionError("the install does not end")


def remove(org: SalesforceSandbox, *, delete_data: bool) -> Setup:
    now = connector(org).remove(delete_data=delete_data, state="")
    while not now.done:
        now = connector(org).remove(delete_data=delete_data, state=now.state)
    return now


def deploys(org: SalesforceSandbox) -> int:
    return org.count("POST /services/data/v66.0/metadata/deployRequest")


def snapshot(org: SalesforceSandbox) -> Mapping[str, object]:
    fields = {name: set(kind.fields) for name, kind in org.org.objects.items()}
    sets = [row["Name"] for row in org.rows("PermissionSet")]
    return {"fields": fields, "sets": sets, "given": len(org.rows("PermissionSetAssignment"))}


def test_an_installed_org_takes_answers_contacts_and_tasks(bare: SalesforceSandbox) -> None:
    done = install(bare)
    assert done.capabilities == {
        "task_key": "unique",
        "task_priority": "High",
        "task_closed": "Completed",
        "task_email": "Email",
        "translations_refused": "",
        "time_zone": "Europe/Stockholm",
        "language": "en-US",
    }
    crm = connector(bare, capabilities=done.capabilities)
    contact = bare.add_contact()
    fates = [
        crm.write_answers([answer(contact)]),
        crm.update_contacts([update(contact)]),
        crm.write_tasks([task(contact)]),
    ]
    assert [outcomes[0].fate for outcomes in fates] == ["done"] * 3


def test_an_org_that_does_not_tell_its_language_is_installed_all_the_same(
    bare: SalesforceSandbox,
) -> None:
    bare.options.hidden_fields.add("Organization.LanguageLocaleKey")
    assert "language" not in install(bare).capabilities


def test_a_second_install_writes_nothing(bare: SalesforceSandbox) -> None:
    install(bare)
    before = snapshot(bare)
    bare.calls.clear()
    install(bare)
    assert snapshot(bare) == before
    assert {call.method for call in bare.calls} == {"GET"}
    assert connector(bare).plan() == []


def test_the_plan_names_everything_and_writes_nothing(bare: SalesforceSandbox) -> None:
    before = snapshot(bare)
    steps = connector(bare).plan()
    assert snapshot(bare) == before
    assert {step.action for step in steps} == {"create", "assign"}
    named = {step.what for step in steps}
    assert f"CustomObject {OBJECT}" in named
    assert "CustomField Activity.Gensvar_Key__c" in named
    assert "PermissionSet Gensvar_Viewer" in named
    want = manifest()
    fields = sum(len(part) for part in (want.contact, want.answer, want.request, want.task))
    objects, tabs, views, rules, sets, languages, panel, labels, assigned = (
        2,
        2,
        4,
        2,
        2,
        2,
        1,
        1,
        1,
    )
    made = objects + tabs + views + rules + sets + languages + panel + labels + assigned
    assert len(named) == fields + made


def test_a_plan_is_checked_by_the_org_itself(bare: SalesforceSandbox) -> None:
    bare.org.objects["Contact"].fields[SCORE] = Field(SCORE, "string", length=5)
    bare.options.hidden_fields.add(f"Contact.{SCORE}")  # we cannot see it, the org can
    with pytest.raises(Clash) as caught:
        connector(bare).plan()
    assert SCORE in caught.value.detail


def test_a_plan_does_not_wait_for_an_org_that_is_busy(
    bare: SalesforceSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.salesforce.install.PATIENCE", 0.2)
    bare.options.deploy_polls = 10_000
    assert "unchecked" in {step.action for step in connector(bare).plan()}
    assert bare.count("PATCH") == 1


@pytest.mark.parametrize("kind", ["string", "boolean", "picklist"])
def test_a_field_of_another_type_stops_the_install_before_anything_is_written(
    bare: SalesforceSandbox, kind: str
) -> None:
    bare.org.objects["Contact"].fields[SCORE] = Field(SCORE, kind, length=20)
    before = snapshot(bare)
    for act in (lambda crm: crm.plan(), lambda crm: crm.apply("")):
        with pytest.raises(Clash) as caught:
            act(connector(bare))
        assert f"Contact.{SCORE}" in caught.value.detail
    assert snapshot(bare) == before
    assert {call.method for call in bare.calls} == {"GET"}


def test_an_object_that_is_not_ours_stops_the_install(bare: SalesforceSandbox) -> None:
    bare.org.objects[OBJECT] = sobject(OBJECT, "Theirs", "a07", description="Somebody else's")
    with pytest.raises(Clash) as caught:
        connector(bare).apply("")
    assert caught.value.code == "object_foreign"
    assert deploys(bare) == 0


def test_an_object_whose_maker_cannot_be_seen_stops_the_install(bare: SalesforceSandbox) -> None:
    bare.org.objects[OBJECT] = sobject(OBJECT, "Theirs", "a07", description="Made by Gensvar.")
    bare.options.tooling = False
    with pytest.raises(MissingRight) as caught:
        connector(bare).apply("")
    assert caught.value.code == "setup_hidden"


def test_a_permission_set_that_is_not_ours_stops_the_install(bare: SalesforceSandbox) -> None:
    bare.add("PermissionSet", Name="Gensvar_Viewer", Description="Mine")
    with pytest.raises(Clash) as caught:
        connector(bare).apply("")
    assert caught.value.code == "permission_set_foreign"


def test_an_upgrade_deploys_only_the_difference(bare: SalesforceSandbox) -> None:
    install(bare)
    del bare.org.objects["Contact"].fields[SCORE]
    bare.org.objects["Contact"].fields["Gensvar_Touchpoint__c"].length = 100
    steps = {step.what: step.action for step in connector(bare).plan()}
    assert steps.pop("CustomField Contact.Gensvar_Touchpoint__c") == "change"
    rights = bare.org.rows["FieldPermissions"]
    assert steps in ({}, {f"CustomField Contact.{SCORE}": "create"})
    for key in [k for k, row in rights.items() if row["Field"] == f"Contact.{SCORE}"]:
        del rights[key]
    assert {step.what for step in connector(bare).plan()} == {
        f"CustomField Contact.{SCORE}",
        "CustomField Contact.Gensvar_Touchpoint__c",
        "PermissionSet Gensvar_Integration",
        "PermissionSet Gensvar_Viewer",
    }
    install(bare)
    assert connector(bare).plan() == []


def test_an_admins_own_label_and_added_value_are_left_alone(bare: SalesforceSandbox) -> None:
    install(bare)
    outcome = bare.org.objects["Task"].fields["Gensvar_Outcome__c"]
    outcome.label, outcome.values = "Resultat", (*outcome.values, "väntar")
    assert connector(bare).plan() == []


def test_a_restart_in_the_middle_goes_on_with_the_same_deploy(bare: SalesforceSandbox) -> None:
    bare.options.deploy_polls = 3
    state = connector(bare).apply("").state
    state = connector(bare).apply(state).state
    assert install(bare, state).done
    assert deploys(bare) == 1


def test_a_restart_between_deploy_and_assignment_finishes(bare: SalesforceSandbox) -> None:
    install(bare)
    bare.org.rows["PermissionSetAssignment"].clear()
    assert [step.action for step in connector(bare).plan()] == ["assign"]
    assert install(bare).done
    assert deploys(bare) == 1
    assert len(bare.rows("PermissionSetAssignment")) == 1


def test_a_deploy_that_salesforce_has_forgotten_is_done_anew(bare: SalesforceSandbox) -> None:
    assert install(bare, "deploy:0Afgv0000009999CAA").done
    assert install(bare, "deploy:nonsense").done


def test_an_org_without_unique_fields_on_activities_gets_a_marker() -> None:
    with SalesforceSandbox(refuses_unique_activity_field=True) as org:
        assert "fall back" in {step.action for step in connector(org).plan()}
        done = install(org)
        assert done.capabilities["task_key"] == "marker"
        assert "Gensvar_Key__c" not in org.org.objects["Task"].fields
        assert "Gensvar_Cause__c" in org.org.objects["Task"].fields
        again = connector(org, capabilities=done.capabilities)
        assert again.plan() == []
        assert [f.code for f in again.check()] == ["no_viewer"]


@pytest.mark.parametrize(
    ("options", "refused"),
    [
        ({"translation_workbench": False}, "no sv"),
        ({"languages": ("en_US", "sv")}, "no"),
        ({"translation_workbench": False, "refuses_unique_activity_field": True}, "no sv"),
    ],
)
def test_an_org_without_a_language_is_installed_all_the_same(
    options: dict[str, Any], refused: str
) -> None:
    with SalesforceSandbox(**options) as org:
        assert "fall back" in {step.action for step in connector(org).plan()}
        done = install(org)
        assert done.capabilities["translations_refused"] == refused
        assert "gensvarPanel" in org.org.custom.bundles
        assert set(org.org.custom.translations) == {"no", "sv"} - set(refused.split())
        again = connector(org, capabilities=done.capabilities)
        assert again.plan() == []
        assert {f.code for f in again.check()} == {"no_viewer", "language_off"}


def test_a_language_that_was_switched_on_since_comes_with_the_next_install() -> None:
    with SalesforceSandbox(languages=("en_US", "sv")) as org:
        done = install(org)
        org.options.languages = ("en_US", "sv", "no")
        done = install(org, capabilities=done.capabilities)
        assert done.capabilities["translations_refused"] == ""
        assert set(org.org.custom.translations) == {"no", "sv"}
        assert deploys(org) == 3  # the first, once more without Norwegian, and Norwegian


def test_a_request_needs_a_contact_and_a_touchpoint(bare: SalesforceSandbox) -> None:
    install(bare)
    rep = bare.add_user("Rita", "Rep")
    connector(bare).grant_viewers([rep])
    api = Api(bare, rep)
    sent = {"Gensvar_Contact__c": bare.add_contact(), "Gensvar_Touchpoint__c": "support-case"}
    assert api.call("POST", f"/sobjects/{REQUEST}", json=sent).status_code == 201
    for missing in sent:
        partly = {name: value for name, value in sent.items() if name != missing}
        answer = api.call("POST", f"/sobjects/{REQUEST}", json=partly)
        assert error(answer) == (400, "FIELD_CUSTOM_VALIDATION_EXCEPTION")
    decided = sent | {"Gensvar_State__c": "asked"}
    answer = api.call("POST", f"/sobjects/{REQUEST}", json=decided)
    assert error(answer) == (400, "INVALID_FIELD_FOR_INSERT_UPDATE")


def test_the_panel_offers_what_a_finished_task_is_called_in_this_org(
    bare: SalesforceSandbox,
) -> None:
    for row in bare.org.rows["TaskStatus"].values():
        if row["ApiName"] == "Completed":
            row["ApiName"] = "Klar"
    install(bare)
    meta = bare.org.custom.bundles["gensvarPanel"].files["gensvarPanel.js-meta.xml"]
    assert b'default="Klar"' in meta
    assert connector(bare).plan() == []


def test_a_new_text_of_ours_comes_and_an_administrators_own_stays(bare: SalesforceSandbox) -> None:
    install(bare)
    ours = bare.org.custom
    ours.labels["Gensvar_score"] = replace(ours.labels["Gensvar_score"], short="An older text")
    ours.labels["Gensvar_promoter"] = replace(ours.labels["Gensvar_promoter"], text="Fan")
    ours.translations["sv"]["Gensvar_promoter"] = "Fantast"
    install(bare)
    assert bare.org.custom.labels["Gensvar_score"].short == "{score} of 10"
    assert bare.org.custom.labels["Gensvar_promoter"].text == "Fan"
    assert bare.org.custom.translations["sv"]["Gensvar_promoter"] == "Fantast"
    assert connector(bare).plan() == []


def test_a_changed_panel_is_deployed_alone(
    bare: SalesforceSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(bare)
    monkeypatch.setattr("connectors.salesforce.panel.version", lambda _: "0badcafe")
    [step] = connector(bare).plan()
    assert step.what == "LightningComponentBundle gensvarPanel"
    install(bare)
    assert "0badcafe" in bare.org.custom.bundles["gensvarPanel"].description


def test_a_panel_that_still_stands_on_a_page_is_said_so_and_nothing_goes(
    bare: SalesforceSandbox,
) -> None:
    install(bare)
    bare.org.custom.on_pages.add("gensvarPanel")
    labels = dict(bare.org.custom.labels)
    with pytest.raises(Refused) as caught:
        remove(bare, delete_data=False)
    assert caught.value.code == "panel_in_use"
    assert "Edit Page" in caught.value.detail
    assert bare.org.custom.labels == labels
    bare.org.custom.on_pages.clear()
    assert remove(bare, delete_data=False).done
    assert not bare.org.custom.bundles


def test_a_deploy_that_fails_says_what_was_refused_and_leaves_nothing(
    bare: SalesforceSandbox,
) -> None:
    bare.org.objects["Contact"].fields["Gensvar_Answers"] = Field("Gensvar_Answers")
    state = connector(bare).apply("").state
    before = snapshot(bare)
    failure = {
        "componentType": "CustomField",
        "fullName": "Contact.Gensvar_Kind__c",
        "problem": "a secret of the org",
    }
    details = {"componentFailures": failure}  # one alone may come without a list
    result = {"status": "Failed", "done": "true", "success": "false", "details": details}
    bare.fail("GET .*deployRequest", "status", status=200, body={"deployResult": result})
    with pytest.raises(Refused) as caught:
        connector(bare).apply(state)
    assert caught.value.code == "not_deployed"
    assert "Contact.Gensvar_Kind__c" in caught.value.detail
    assert "secret" not in str(caught.value)
    assert snapshot(bare) == before


def test_who_may_not_change_metadata_is_told_so(bare: SalesforceSandbox) -> None:
    rep = bare.add_user("Rita", "Rep")
    from tests.connectors.salesforce.helpers import TokenBox

    with pytest.raises(MissingRight):
        connector(bare, TokenBox(bare, bare.token(rep))).apply("")


def test_an_edition_without_api_is_explained() -> None:
    with SalesforceSandbox(edition="Professional Edition") as org:
        with pytest.raises(MissingRight) as caught:
            connector(org).apply("")
        assert caught.value.code == "api_disabled"
        assert "Professional" in caught.value.detail


def test_viewers_see_the_fields_and_asking_twice_changes_nothing(bare: SalesforceSandbox) -> None:
    install(bare)
    rep, left = bare.add_user("Rita", "Rep"), bare.add_user("Lee", "Left", active=False)
    field = bare.org.objects["Contact"].fields[SCORE]
    contact = bare.org.objects["Contact"]
    assert not bare.org.sees(rep, contact, field)
    for _ in range(2):
        connector(bare).grant_viewers([rep, left, "nonsense"])
    assert bare.org.sees(rep, contact, field)
    assert not bare.org.sees(rep, contact, field, "Edit")
    assert len(bare.rows("PermissionSetAssignment")) == 3


def test_a_refused_viewer_is_told(bare: SalesforceSandbox) -> None:
    install(bare)
    error = {"statusCode": "FIELD_INTEGRITY_EXCEPTION", "message": "licence", "fields": []}
    bare.fail(
        "POST .*composite", "status", status=200, body=[{"success": False, "errors": [error]}]
    )
    with pytest.raises(MissingRight):
        connector(bare).grant_viewers([bare.add_user("Rita", "Rep")])


def test_viewers_before_the_install_are_refused_in_words(bare: SalesforceSandbox) -> None:
    with pytest.raises(MissingRight):
        connector(bare).grant_viewers([bare.admin])


def test_removal_takes_rights_and_tab_and_leaves_what_was_written(
    bare: SalesforceSandbox,
) -> None:
    caps = install(bare).capabilities
    contact = bare.add_contact()
    crm: SalesforceConnector = connector(bare, capabilities=caps)
    crm.write_answers([answer(contact)])
    crm.update_contacts([update(contact)])
    crm.grant_viewers([bare.add_user("Rita", "Rep")])
    assert remove(bare, delete_data=False).done
    assert bare.rows("PermissionSet") == bare.rows("PermissionSetAssignment") == []
    assert bare.org.custom.tabs == set()
    assert bare.org.custom.bundles == bare.org.custom.labels == {}
    assert len(bare.rows(OBJECT)) == 1
    assert bare.row(contact)[SCORE] == 3
    assert remove(bare, delete_data=False).done


def test_removal_with_data_takes_fields_and_object_too(bare: SalesforceSandbox) -> None:
    install(bare)
    assert remove(bare, delete_data=True).done
    assert {OBJECT, REQUEST}.isdisjoint(bare.org.objects)
    for name in ("Contact", "Task"):
        assert not [f for f in bare.org.objects[name].fields if f.startswith("Gensvar_")]
    assert install(bare).done


@pytest.mark.parametrize("keyless", [False, True])
def test_deleting_all_takes_our_tasks_and_nobody_elses(keyless: bool) -> None:
    with SalesforceSandbox(refuses_unique_activity_field=keyless) as org:
        contact, capabilities = org.add_contact(), install(org).capabilities
        crm = connector(org, capabilities=capabilities)
        made = crm.write_tasks([task(contact, f"a{n}") for n in range(201)])
        assert {outcome.fate for outcome in made} == {Fate.DONE}
        told = Telling(f"{TOLD}c1:p1", contact, "Faster now", "Hello", "email", NOW)
        assert crm.write_tellings([told])[0].fate is Fate.DONE
        other = org.add("Task", Subject="NPS 3: call the bank", WhoId=contact, Description="Mine")
        assert remove(org, delete_data=False).done
        assert len(org.tasks(contact)) == 203
        assert install(org).done
        assert remove(org, delete_data=True).done
        assert [row["Id"] for row in org.tasks(contact)] == [other]


def test_a_fresh_install_after_removal_takes_up_what_stayed(bare: SalesforceSandbox) -> None:
    install(bare)
    contact = bare.add_contact()
    connector(bare).update_contacts([update(contact)])
    remove(bare, delete_data=False)
    install(bare)
    assert bare.row(contact)[SCORE] == 3
    assert connector(bare).plan() == []


def test_the_package_holds_what_the_manifest_names() -> None:
    assert manifest().salesforce.answer_record.object == OBJECT
