"""A rep's page in HubSpot and us, over real HTTP in both directions."""

import re
import time
from collections.abc import Callable, Iterator
from html import unescape

import pytest
import requests
import sqlalchemy as sa

from connectors.sandbox.hubspot import HubSpotSandbox
from connectors.sandbox.server import LocalServer
from plugin.answers.store import answer
from plugin.followups.store import followup
from plugin.people.store import person
from tests.crm.hubspot.calls import Calls
from tests.crm.hubspot.test_webhooks import work


@pytest.fixture
def ours(live: Calls, hub: HubSpotSandbox) -> Iterator[LocalServer]:
    """Our server, to which HubSpot speaks."""
    server = LocalServer(live.world.app)
    object.__setattr__(live.world.shared.settings, "base_url", server.url)
    options = hub.portal.options
    options.app_url, options.task_webhooks, options.webhook_retry = server.url, True, 0.05
    server.start()
    yield server
    server.stop()


def page(hub: HubSpotSandbox, contact: str, **opened: str) -> str:
    answer = requests.get(hub.record_url(contact), params=opened, timeout=10)
    assert answer.status_code == 200
    return unescape(answer.text)


def do(hub: HubSpotSandbox, contact: str, act: str, **form: str) -> requests.Response:
    return requests.post(f"{hub.record_url(contact)}/{act}", data=form, timeout=10)


def soon(holds: Callable[[], bool]) -> None:
    ends = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < ends, "it never came"
        time.sleep(0.02)


def detractor(live: Calls, hub: HubSpotSandbox, *scores: int) -> str:
    contact = hub.add_contact("ebba@customer.example", firstname="Ebba <b>").id
    for score in scores:
        link = live.post("/hubspot/card/ask", {"contact": contact, "touchpoint": "support"}).json
        token = live.world.in_own_page(link["url"].rpartition("/")[2])
        assert (
            live.world.answer(token, score=score, comment="Nobody <i>came</i>.").status_code == 201
        )
    return contact


def test_the_card_shows_what_only_the_server_knows(
    live: Calls, hub: HubSpotSandbox, ours: LocalServer
):
    contact = detractor(live, hub, 2)
    shown = page(hub, contact)

    assert "Mark handled" in shown
    assert "Send a survey now" in shown
    assert "cannot be fetched" not in shown


def test_with_the_server_down_the_rest_still_shows(
    live: Calls, hub: HubSpotSandbox, ours: LocalServer
):
    contact = detractor(live, hub)
    record = hub.portal.records["contacts"][contact]
    record.properties |= {
        "gensvar_score": "3", "gensvar_category": "detractor", "gensvar_comment": "<script>x</script>",
        "gensvar_follow_up": "open", "gensvar_follow_up_owner": "Astrid",
        "gensvar_follow_up_due": "2026-11-20T09:00:00Z", "gensvar_ask_refusal": "follow_up_open",
        "gensvar_previous_score": "8", "gensvar_touchpoint": "Support",
    }  # fmt: skip
    ours.stop()
    raw = requests.get(hub.record_url(contact), timeout=10).text
    shown = unescape(raw)

    for text in ("Earlier answers cannot be fetched", "Detractor", "Down from 8", "Astrid", "Overdue",
                 "Not now: a follow-up is still open", "Support"):  # fmt: skip
        assert text in shown
    assert "<script>" not in raw
    failed = do(hub, contact, "ask", touchpoint="support").text
    assert "That did not work, and nothing was changed." in failed


def test_send_a_survey_now_and_mark_handled(live: Calls, hub: HubSpotSandbox, ours: LocalServer):
    contact = detractor(live, hub)
    asked = unescape(do(hub, contact, "ask", touchpoint="support").text)
    link = re.search(rf"{ours.url}/s/([^\"<]+)", asked)
    assert link is not None
    assert requests.get(link[0], timeout=10).status_code == 200
    assert live.world.answer(live.world.in_own_page(link[1]), score=3).status_code == 201

    form = page(hub, contact, open="handled")
    followup_id = re.search(r'name="follow_up" value="(\w+)"', form)
    assert followup_id is not None
    done = do(
        hub, contact, "handled", follow_up=followup_id[1], cause="price", outcome="solved"
    ).text
    assert "Saved. The follow-up is closed." in done
    assert live.world.one(sa.select(followup.c.closed_by)) == "admin@nordlys.example"
    assert "Mark handled" not in page(hub, contact)
    again = do(hub, contact, "ask", touchpoint="support").text
    assert "Not asked: the customer answered recently" in again


def test_a_workflow_with_our_action(live: Calls, hub: HubSpotSandbox, ours: LocalServer):
    contact = detractor(live, hub)
    assert f"{ours.url}/s/" in do(hub, contact, "workflow", touchpoint="support").text
    assert "FAIL_CONTINUE" in do(hub, contact, "workflow", touchpoint="nothing").text


@pytest.mark.parametrize("how", [{}, {"webhook_twice": True, "webhook_shuffle": True}])
def test_merged_deleted_restored_and_erased_in_hubspot(
    live: Calls, hub: HubSpotSandbox, ours: LocalServer, how: dict
):
    for name, value in how.items():
        setattr(hub.portal.options, name, value)
    contact, other = detractor(live, hub, 3), hub.add_contact("twin@customer.example").id
    merged = do(hub, contact, "merge", **{"with": other}).url.rpartition("/")[2]

    def seen(condition: sa.ColumnElement[bool]) -> Callable[[], bool]:
        def look() -> bool:
            work(live)
            return bool(live.world.rows(sa.select(person.c.id).where(condition)))

        return look

    survivor = person.c.contact == merged
    soon(seen(survivor))
    do(hub, merged, "delete")
    soon(seen(sa.and_(survivor, person.c.gone_at.is_not(None))))
    assert "Deleted; it can be restored" in page(hub, merged)
    do(hub, merged, "restore")
    soon(seen(sa.and_(survivor, person.c.gone_at.is_(None))))
    assert live.world.rows(sa.select(answer.c.score)) == [{"score": 3}]
    do(hub, merged, "privacy")
    soon(seen(sa.and_(survivor, person.c.erased_at.is_not(None))))
    assert live.world.rows(sa.select(answer)) == []
    assert requests.get(hub.record_url(merged), timeout=10).status_code == 404


def test_webhooks_come_again_until_they_are_taken(
    live: Calls, hub: HubSpotSandbox, ours: LocalServer
):
    contact = detractor(live, hub, 3)
    url, hub.portal.options.app_url = hub.portal.options.app_url, "http://127.0.0.1:9"
    do(hub, contact, "email", email="new@customer.example")
    soon(lambda: len(hub.webhooks.sent) > 1)
    hub.portal.options.app_url = url
    soon(lambda: hub.webhooks.sent[-1].status == 200)

    assert hub.webhooks.sent[-1].events[0]["attemptNumber"] > 0
    work(live)
    assert live.world.one(sa.select(person.c.seen_at)).year == 1970


def test_a_form_of_another_site_is_refused(hub: HubSpotSandbox):
    contact = hub.add_contact("e@customer.example").id
    address = f"{hub.record_url(contact)}/privacy"

    assert (
        requests.post(address, headers={"Origin": "http://evil.example"}, timeout=10).status_code
        == 403
    )
    assert requests.post(address, headers={"Origin": "null"}, timeout=10).status_code == 403
    assert hub.contact(contact)
    ours = {"Origin": hub.url}
    assert (
        requests.post(address, headers=ours, timeout=10, allow_redirects=False).status_code == 303
    )
