"""What people can do on a contact's page, and what the card says of it."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from connectors.manifest import manifest
from connectors.sandbox.salesforce import SalesforceSandbox
from tests.connectors.salesforce.helpers import KEYED, answer, connector, task, update
from tests.connectors.salesforce.wishes import told, wish

NOW = datetime.now(UTC)
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def contact(org: SalesforceSandbox) -> str:
    return org.add_contact("a@b.example", FirstName="Ebba", LastName=f"Sand{HOSTILE}")


@pytest.fixture
def ours(org: SalesforceSandbox, contact: str) -> str:
    """A task of ours on the contact."""
    return connector(org, capabilities=KEYED).write_tasks([task(contact)])[0].crm_id


def show(org: SalesforceSandbox, contact: str, opened: str = "") -> str:
    return requests.get(f"{org.record_url(contact)}?open={opened}", timeout=5).text


def do(org: SalesforceSandbox, contact: str, act: str, origin: str = "", **form: str) -> Any:
    """Posts a form as the page would."""
    headers = {"Origin": origin or org.url}
    url = f"{org.record_url(contact)}/{act}"
    return requests.post(url, data=form, headers=headers, timeout=5, allow_redirects=False)


def test_a_form_of_another_site_changes_nothing(
    org: SalesforceSandbox, contact: str, ours: str
) -> None:
    for act in ("delete", "ask", "handled", "merge", "task"):
        assert do(org, contact, act, origin="http://evil.example").status_code == 403
    assert not org.row(contact)["IsDeleted"]


@pytest.mark.parametrize("act", ["delete", "ask", "handled", "merge", "undelete", "task"])
def test_an_address_that_is_no_contact_is_not_found(org: SalesforceSandbox, act: str) -> None:
    assert do(org, "003gv0000009999AAA", act).status_code == 404
    assert do(org, "nonsense", act).status_code == 404


def test_somebody_elses_task_is_not_touched(
    org: SalesforceSandbox, contact: str, ours: str
) -> None:
    stranger = org.add("Task", Subject="Call", OwnerId=org.admin, WhoId=contact)
    for named in (stranger, "", "00Tgv0000009999AAA", HOSTILE):
        assert do(org, contact, "task", task=named, do="close").status_code == 404
        assert do(org, contact, "handled", follow_up=named).status_code == 404
    assert do(org, contact, "task", task=ours, do="burn").status_code == 400
    assert not org.row(stranger, "Task")["IsClosed"]


def test_what_the_org_refuses_is_said_and_escaped(
    org: SalesforceSandbox, contact: str, ours: str
) -> None:
    refused = do(org, contact, "handled", follow_up=ours, cause=HOSTILE, outcome="solved")
    assert refused.status_code == 400
    assert "Nothing was saved" in refused.text
    assert HOSTILE not in refused.text
    assert not org.row(ours, "Task")["IsClosed"]


def test_marked_handled_is_a_completed_task_with_cause_and_outcome(
    org: SalesforceSandbox, contact: str, ours: str
) -> None:
    assert "Why was the customer unhappy?" in show(org, contact, "handled")
    saved = do(org, contact, "handled", follow_up=ours, cause="price", outcome="partly")
    assert saved.status_code == 303
    row = org.row(ours, "Task")
    assert row["IsClosed"]
    names = {key: str(manifest().task[key].salesforce) for key in ("cause", "outcome")}
    assert (row[names["cause"]], row[names["outcome"]]) == ("price", "partly")
    assert "Mark handled" not in show(org, contact)


def test_a_task_is_closed_reopened_given_away_and_deleted(
    org: SalesforceSandbox, contact: str, ours: str
) -> None:
    bo = org.add_user("Bo", "Dahl")
    before = org.row(ours, "Task")["SystemModstamp"] - timedelta(seconds=5)
    org.change(ours, "Task", SystemModstamp=before)
    do(org, contact, "task", task=ours, do="close")
    assert org.row(ours, "Task")["IsClosed"]
    assert org.row(ours, "Task")["SystemModstamp"] > before
    assert "Reopen the task" in show(org, contact, "record")
    do(org, contact, "task", task=ours, do="reopen")
    assert not org.row(ours, "Task")["IsClosed"]
    do(org, contact, "task", task=ours, do="give", owner=bo)
    assert org.row(ours, "Task")["OwnerId"] == bo
    do(org, contact, "task", task=ours, do="delete")
    assert org.row(ours, "Task")["IsDeleted"]


def test_merge_delete_and_restore(org: SalesforceSandbox, contact: str, ours: str) -> None:
    other = org.add_contact("other@b.example")
    assert do(org, contact, "merge", **{"with": contact}).status_code == 400
    assert do(org, contact, "merge", **{"with": ""}).status_code == 404
    do(org, other, "merge", **{"with": contact})
    assert org.row(contact)["MasterRecordId"] == other
    assert org.row(ours, "Task")["WhoId"] == other
    do(org, other, "delete")
    assert "recycle bin" in show(org, other)
    assert org.row(ours, "Task")["WhoId"] is None
    do(org, other, "undelete")
    assert not org.row(other)["IsDeleted"]
    assert org.row(ours, "Task")["WhoId"] == other


def test_a_survey_asked_for_waits_and_then_shows_its_link_or_why_not(
    org: SalesforceSandbox, contact: str
) -> None:
    assert '<input name="touchpoint"' in show(org, contact, "ask")
    org.options.touchpoints = ("support-case",)
    assert '<option value="support-case">' in show(org, contact, "ask")
    assert do(org, contact, "ask", touchpoint="support-case").status_code == 303
    (made,) = org.rows(manifest().salesforce.request.object)
    asked = told(org, made["Id"])
    assert (asked["contact"], asked["touchpoint"], asked["state"]) == (
        contact,
        "support-case",
        None,
    )
    assert "Gensvar decides within five minutes" in show(org, contact)
    fields = {key: str(field.salesforce) for key, field in manifest().request.items()}
    link = "https://nps.example.com/s/x?a=1&b=<"
    kind = manifest().salesforce.request.object
    org.change(made["Id"], kind, **{fields["state"]: "asked", fields["link"]: link})
    shown = show(org, contact)
    assert "https://nps.example.com/s/x?a=1&amp;b=&lt;" in shown
    wish(org, contact, state="not_asked", reason=f"they answered {HOSTILE}")
    assert "Not asked: they answered &lt;script&gt;" in show(org, contact)


def test_the_card_says_what_the_contacts_own_fields_say(
    org: SalesforceSandbox, contact: str, ours: str
) -> None:
    crm = connector(org, capabilities=KEYED)
    first = answer(contact, "a1", score=8, category="passive", answered_at=NOW - timedelta(days=9))
    crm.write_answers([first, answer(contact, "a2", comment=HOSTILE, may_contact=False)])
    values = {"score": 3, "category": "detractor", "previous_score": 8, "comment": HOSTILE}
    opened = {
        "follow_up": "open",
        "follow_up_owner": "Anna Berg",
        "follow_up_due": NOW - timedelta(days=1),
    }
    asked = {"next_ask_at": NOW + timedelta(days=90), "ask_refusal": "answered_recently"}
    crm.update_contacts([update(contact, **values, **opened, **asked)])
    shown = show(org, contact)
    card = shown[shown.index('id="nps"') : shown.index('id="tasks"')]
    for words in (
        "Down from 8",
        "Detractor",
        "Open: we owe a reply",
        "Anna Berg",
        "Overdue",
        "Not now: the customer answered recently",
        "The customer does not want to be contacted.",
        "8 of 10",
        "First answer",
    ):
        assert words in card
    assert HOSTILE not in shown
    assert len(re.findall(r"<li>", card)) == 1


def test_without_our_fields_the_card_says_so() -> None:
    with SalesforceSandbox() as org:
        assert "The NPS fields are not there yet" in show(org, org.add_contact())
