"""Answers and contact fields, in collections whose rows are settled alone."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from connectors.errors import Unreachable
from connectors.salesforce.connector import SalesforceConnector
from connectors.sandbox.salesforce import SalesforceSandbox
from connectors.types import Fate
from tests.connectors.salesforce.helpers import NOW, answer, connector, update

OBJECT = "Gensvar_Answer__c"


def test_an_answer_is_kept_with_all_it_said(
    org: SalesforceSandbox, crm: SalesforceConnector
) -> None:
    contact = org.add_contact()
    [outcome] = crm.write_answers([answer(contact, may_contact=False)])
    row = org.row(outcome.crm_id, OBJECT)
    assert outcome.fate is Fate.DONE
    assert row["Gensvar_Key__c"] == "a1"
    assert row["Gensvar_Contact__c"] == contact
    assert (row["Gensvar_Score__c"], row["Gensvar_Category__c"]) == (3, "detractor")
    assert row["Gensvar_Comment__c"] == "Ingen svarar i telefon."
    assert row["Gensvar_May_Contact__c"] == "no"
    assert row["Gensvar_Answered_At__c"] == NOW.replace(microsecond=0)


def test_the_same_answer_twice_is_one_record_and_a_revision_changes_it(
    org: SalesforceSandbox, crm: SalesforceConnector
) -> None:
    contact = org.add_contact()
    first = crm.write_answers([answer(contact)])[0].crm_id
    again = crm.write_answers([answer(contact, score=4, revision=2, may_contact=None)])
    assert again[0].crm_id == first
    [row] = org.rows(OBJECT)
    assert (row["Gensvar_Score__c"], row["Gensvar_Revision__c"]) == (4, 2)
    assert row["Gensvar_May_Contact__c"] is None


def test_a_reply_lost_after_the_commit_makes_no_second_record(
    org: SalesforceSandbox, crm: SalesforceConnector
) -> None:
    contact = org.add_contact()
    org.fail("PATCH", "lost")
    with pytest.raises(Unreachable):
        crm.write_answers([answer(contact)])
    assert crm.write_answers([answer(contact, attempted=True)])[0].fate is Fate.DONE
    assert len(org.rows(OBJECT)) == 1


def test_rows_are_settled_alone_and_in_their_order(
    org: SalesforceSandbox, crm: SalesforceConnector
) -> None:
    good = [org.add_contact() for _ in range(2)]
    deleted, loser, winner = org.add_contact(), org.add_contact(), org.add_contact()
    org.delete(deleted)
    org.merge(winner, loser)
    rows = [
        answer(good[0], "a0"),
        answer(deleted, "a1"),
        answer("003", "a2"),
        answer(loser, "a3"),
        answer(good[1], "a4", kind="unheard of"),
        answer(good[1], "a5"),
        answer("003gv0000000999AAA", "a6"),
        answer(good[0], "a7", score=11),
    ]
    org.calls.clear()
    outcomes = crm.write_answers(rows)
    assert [o.fate for o in outcomes] == [
        Fate.DONE,
        Fate.GONE,
        Fate.REFUSED,
        Fate.MERGED,
        Fate.REFUSED,
        Fate.DONE,
        Fate.GONE,
        Fate.REFUSED,
    ]
    assert outcomes[3].crm_id == winner
    assert outcomes[4].code == "invalid_or_null_for_restricted_picklist"
    assert "Gensvar_Kind__c" in outcomes[4].detail
    assert outcomes[7].code == "field_custom_validation_exception"
    assert {row["Gensvar_Key__c"] for row in org.rows(OBJECT)} == {"a0", "a5"}
    # the collection, one look for all lost contacts, and one for their survivors
    assert len(org.calls) == 3


def test_the_survivor_of_a_merge_takes_the_answer(
    org: SalesforceSandbox, crm: SalesforceConnector
) -> None:
    first, second, third = (org.add_contact() for _ in range(3))
    org.merge(second, first)
    org.merge(third, second)
    [moved] = crm.write_answers([answer(first)])
    assert moved.fate is Fate.MERGED
    while moved.fate is Fate.MERGED:
        [moved] = crm.write_answers([answer(moved.crm_id)])
    assert moved.fate is Fate.DONE
    assert org.rows(OBJECT)[0]["Gensvar_Contact__c"] == third


def test_contact_fields_are_set_kept_and_cleared(
    org: SalesforceSandbox, crm: SalesforceConnector
) -> None:
    contact = org.add_contact(LastName="Before")
    east = timezone(timedelta(hours=2))
    due = datetime(2026, 11, 21, 1, 30, tzinfo=east)
    crm.update_contacts([update(contact, score=3, comment="x", follow_up_due=due)])
    [outcome] = crm.update_contacts([update(contact, comment=None, follow_up="open")])
    assert (outcome.fate, outcome.crm_id) == (Fate.DONE, contact)
    row = org.row(contact)
    assert (row["Gensvar_Score__c"], row["Gensvar_Comment__c"]) == (3, None)
    assert row["Gensvar_Follow_Up__c"] == "open"
    assert row["Gensvar_Follow_Up_Due__c"] == datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    assert row["LastName"] == "Before"


def test_a_contact_that_was_merged_or_deleted_is_told_apart(
    org: SalesforceSandbox, crm: SalesforceConnector
) -> None:
    winner, loser, deleted, purged = (org.add_contact() for _ in range(4))
    org.merge(winner, loser)
    org.delete(deleted)
    org.delete(purged)
    org.purge(purged)
    outcomes = crm.update_contacts([update(i) for i in (winner, loser, deleted, purged)])
    assert [o.fate for o in outcomes] == [Fate.DONE, Fate.MERGED, Fate.GONE, Fate.GONE]
    assert outcomes[1].crm_id == winner


def test_long_text_is_cut_and_not_refused(org: SalesforceSandbox, crm: SalesforceConnector) -> None:
    contact = org.add_contact()
    [outcome] = crm.write_answers([answer(contact, comment="😀" * 20_000, touchpoint="t" * 300)])
    row = org.row(outcome.crm_id, OBJECT)
    assert row["Gensvar_Comment__c"].endswith("😀…")
    assert len(row["Gensvar_Touchpoint__c"]) == 255


def test_busy_rows_are_worth_another_try(org: SalesforceSandbox, crm: SalesforceConnector) -> None:
    contacts = [org.add_contact(), org.add_contact()]
    locked = {"statusCode": "UNABLE_TO_LOCK_ROW", "message": "unable", "fields": []}
    body = [
        {"id": contacts[0], "success": True, "errors": []},
        {"success": False, "errors": [locked]},
    ]
    org.fail("PATCH", "status", status=200, body=body)
    fates = [o.fate for o in crm.update_contacts([update(c) for c in contacts])]
    assert fates == [Fate.DONE, Fate.BUSY]


def test_a_race_that_another_call_won_is_a_success(
    org: SalesforceSandbox, crm: SalesforceConnector
) -> None:
    contact = org.add_contact()
    [written] = crm.write_answers([answer(contact)])
    double = {"statusCode": "DUPLICATE_VALUE", "message": "duplicate", "fields": []}
    org.fail("PATCH", "status", status=200, body=[{"success": False, "errors": [double]}])
    [outcome] = crm.write_answers([answer(contact)])
    assert (outcome.fate, outcome.crm_id) == (Fate.DONE, written.crm_id)


def test_a_double_of_something_else_stays_refused(
    org: SalesforceSandbox, crm: SalesforceConnector
) -> None:
    double = {"statusCode": "DUPLICATE_VALUE", "message": "duplicate", "fields": []}
    org.fail("PATCH", "status", status=200, body=[{"success": False, "errors": [double]}])
    [outcome] = crm.write_answers([answer(org.add_contact())])
    assert (outcome.fate, outcome.code) == (Fate.REFUSED, "duplicate_value")


def test_fields_that_are_hidden_from_us_are_said_to_be(org: SalesforceSandbox) -> None:
    with SalesforceSandbox() as bare:
        outcomes = connector(bare).update_contacts([update(bare.add_contact())])
    assert outcomes[0].fate is Fate.REFUSED
    assert outcomes[0].code == "field_missing"
    assert "permission set" in outcomes[0].detail


def test_more_than_two_hundred_go_in_several_calls(
    org: SalesforceSandbox, crm: SalesforceConnector
) -> None:
    contacts = org.add_contacts(401)
    outcomes = crm.update_contacts([update(c) for c in contacts])
    assert {o.fate for o in outcomes} == {Fate.DONE}
    assert [o.crm_id for o in outcomes] == contacts
    assert org.count("PATCH") == 3


def test_nothing_to_write_is_no_call(org: SalesforceSandbox, crm: SalesforceConnector) -> None:
    assert crm.write_answers([]) == []
    assert crm.update_contacts([update("nonsense")])[0].code == "malformed_id"
    assert org.calls == []
