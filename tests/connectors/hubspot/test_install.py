"""Properties: only the difference, never over somebody else's, and what HubSpot may refuse."""

from dataclasses import replace

import pytest

from connectors.errors import Clash, MissingRight, Refused
from connectors.hubspot import CRM
from connectors.manifest import manifest
from connectors.protocol import Connector
from connectors.sandbox.hubspot import HubSpotSandbox
from connectors.sandbox.hubspot.definitions import Definition
from connectors.types import TOLD, Fate, Telling
from tests.contract.harness import TokenStore
from tests.contract.hubspot import HubSpotHarness
from tests.contract.rows import AT, answer, task, update

NAMES = {"gensvar_score", "gensvar_category", "gensvar_follow_up_due"}


def writes(hub: HubSpotSandbox) -> list[str]:
    return [
        f"{call.method} {call.path}"
        for call in hub.calls
        if call.method in ("PATCH", "DELETE")
        or (call.method == "POST" and not call.path.endswith("/read"))
    ]


def test_what_install_found_out_is_recorded(account: HubSpotHarness, hub: HubSpotSandbox) -> None:
    account.install()
    told = account.connection.capabilities
    assert (told["note_key"], told["task_key"]) == ("unique", "unique")
    assert told["tasks_fields"] == "cause,outcome"
    assert told["time_zone"] == "Europe/Stockholm"
    assert set(hub.portal.definitions["contacts"]) >= NAMES
    assert hub.portal.definitions["notes"]["gensvar_key"].unique


def test_a_portal_without_such_properties_is_told_and_served() -> None:
    account = HubSpotHarness(activity_properties=False)
    try:
        setup = account.connect().apply("")
        while not setup.done:
            setup = account.connect().apply(setup.state)
        assert setup.capabilities["note_key"] == setup.capabilities["task_key"] == "marker"
        assert "notes and tasks" in setup.words
        assert account.install().check() == []
    finally:
        account.stop()


def test_an_upgrade_writes_only_the_difference(
    account: HubSpotHarness, connector: Connector, hub: HubSpotSandbox
) -> None:
    held = hub.portal.definitions["contacts"]
    del held["gensvar_ask_refusal"]
    held["gensvar_category"].options = [
        {"label": "Mine", "value": "mine", "displayOrder": 0, "hidden": False},
        {"label": "Promoter", "value": "promoter", "displayOrder": 1, "hidden": False},
    ]
    held["gensvar_score"].label = "Old"
    steps = [(step.action, step.what) for step in connector.plan()]
    assert [action for action, _ in steps] == ["make", "change", "change"]
    hub.calls.clear()
    account.install()
    assert sorted(writes(hub)) == [
        "PATCH /crm/properties/2026-03/contacts/gensvar_category",
        "PATCH /crm/properties/2026-03/contacts/gensvar_score",
        "POST /crm/properties/2026-03/contacts",
    ]
    values = [option["value"] for option in held["gensvar_category"].options]
    assert values == ["mine", "promoter", "passive", "detractor"]
    hub.calls.clear()
    account.install()
    assert writes(hub) == []


@pytest.mark.parametrize("kind", ["contacts", "tasks"])
def test_the_same_name_of_another_type_stops_before_anything_is_written(
    account: HubSpotHarness, hub: HubSpotSandbox, kind: str
) -> None:
    name = "gensvar_score" if kind == "contacts" else "gensvar_cause"
    hub.portal.definitions[kind][name] = Definition(name, "Theirs", "date", "date", builtin=False)
    for verb in (account.connect().plan, account.install):
        with pytest.raises(Clash) as clash:
            verb()
        assert name in clash.value.detail
    assert writes(hub) == []


def test_a_property_made_meanwhile_is_taken(
    account: HubSpotHarness, connector: Connector, hub: HubSpotSandbox
) -> None:
    """The create is done and its reply says it exists: as when two installs run at once."""
    del hub.portal.definitions["contacts"]["gensvar_score"]
    hub.fail("POST /crm/properties/2026-03/contacts$", "lost")
    with pytest.raises(Exception, match="no_connection"):
        account.install()
    account.install()
    assert account.connect().plan() == []


def test_a_deleted_property_is_found_and_said(
    account: HubSpotHarness, connector: Connector, hub: HubSpotSandbox
) -> None:
    hub.portal.definitions["contacts"]["gensvar_score"].archived = True
    hub.portal.definitions["contacts"]["gensvar_kind"].options.pop()
    del hub.portal.definitions["tasks"]["gensvar_key"]
    hub.portal.definitions["contacts"]["gensvar_comment"].label = "Words"
    found = {finding.code: finding for finding in connector.check()}
    assert set(found) == {"field_archived", "options_missing", "field_missing", "label_changed"}
    assert "gensvar_score" in found["field_archived"].what
    assert all(f.what.endswith(".") and f.do.endswith(".") for f in found.values())
    assert not found["label_changed"].fatal
    with pytest.raises(Refused) as refused:
        account.install()
    assert "restore" in refused.value.detail


def test_a_property_gone_while_working_stops_the_lane_not_the_row(
    account: HubSpotHarness, connector: Connector, hub: HubSpotSandbox
) -> None:
    contacts = [account.add_contact(f"{n}@b.example") for n in range(2)]
    hub.portal.definitions["contacts"]["gensvar_score"].archived = True
    with pytest.raises(MissingRight) as gone:
        connector.update_contacts([update(contact) for contact in contacts])
    assert "gensvar_score" in gone.value.detail


def test_missing_scopes_are_named(account: HubSpotHarness, hub: HubSpotSandbox) -> None:
    account.install()
    ready = account.connection
    few = {"oauth", "crm.objects.contacts.read", "crm.schemas.contacts.read"}
    token = TokenStore(hub.token(few))
    probed = CRM.connector(ready, token).check()
    optional = dict.fromkeys(manifest().hubspot.scopes.optional, False)
    assert {f.what.split()[0]: f.fatal for f in probed} == optional
    told = CRM.connector(replace(ready, client=hub.client), token).check()
    assert {f.what.split()[0]: f.fatal for f in told} == {
        "crm.objects.contacts.write": True,
        "crm.schemas.contacts.write": True,
        **optional,
    }
    with pytest.raises(MissingRight) as missing:
        CRM.connector(ready, token).update_contacts([update(account.add_contact("a@b.example"))])
    assert missing.value.detail == "crm.objects.contacts.write"


@pytest.mark.parametrize("marked", [False, True])
def test_leaving_with_data_takes_what_is_ours_only(marked: bool) -> None:
    account = HubSpotHarness(activity_properties=not marked)
    hub = account.hub
    try:
        connector = account.install()
        contact = account.add_contact("a@b.example")
        theirs = hub.portal.create(
            "notes",
            {"hs_note_body": "gensvar is nice", "hs_timestamp": "1790000000000"},
            [{"to": {"id": contact}, "types": [
                {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 202}]}],
        )  # fmt: skip
        connector.write_answers([answer(contact, f"a{n}") for n in range(130)])
        connector.write_tasks([task(contact)])
        connector.update_contacts([update(contact)])
        told = Telling(f"{TOLD}c1:p1", contact, "Faster now", "Hello", "email", AT)
        assert connector.write_tellings([told])[0].fate is Fate.DONE
        setup, steps = connector.remove(delete_data=True, state=""), 1
        while not setup.done:
            setup, steps = connector.remove(delete_data=True, state=setup.state), steps + 1
            assert steps < 12
        assert [note.id for note in hub.notes(contact)] == [theirs.id]
        assert hub.tasks(contact) == []
        live = [d.name for d in hub.portal.definitions["contacts"].values() if not d.archived]
        assert not [name for name in live if name.startswith("gensvar")]
    finally:
        account.stop()


def test_leaving_by_oauth_uninstalls_the_app(account: HubSpotHarness, hub: HubSpotSandbox) -> None:
    account.install()
    refresh = hub.refresh_token()
    grant = CRM.refresh(hub.client, refresh, api_url=hub.url, loopback=True)
    mine = replace(account.connection, client=hub.client)
    connector = CRM.connector(mine, TokenStore(grant.access_token))
    assert connector.account().name == "nordlys.example"
    assert connector.remove(delete_data=False, state="").done
    assert hub.grants.live(grant.access_token) is None
    assert set(hub.portal.definitions["contacts"]) >= NAMES


def test_a_note_somebody_deleted_is_made_anew(
    account: HubSpotHarness, connector: Connector, hub: HubSpotSandbox
) -> None:
    contact = account.add_contact("a@b.example")
    (made,) = connector.write_answers([answer(contact)])
    hub.delete(hub.portal.records["notes"][made.crm_id])
    (again,) = connector.write_answers([answer(contact, proof=made.crm_id)])
    assert again.fate is Fate.DONE
    assert again.crm_id != made.crm_id
