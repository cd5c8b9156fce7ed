"""The ledger as a page: the backlog, reasons in plain words, and putting back, once each."""

import pytest
import sqlalchemy as sa

from plugin.deliveries.actions import Owed, ensure_lane, owe, park_lane
from plugin.deliveries.store import delivery, lane
from plugin.mail import bounces
from tests.support.admin import Admin
from tests.support.admin_data import HUB, SALES, answered, connect, set_apart, touchpoint


def states(admin: Admin) -> dict[str, str]:
    with admin.services.database.read() as connection:
        rows = connection.execute(sa.select(delivery.c.key, delivery.c.state))
        return {row.key: row.state for row in rows}


def ids(page: str) -> list[str]:
    return [part.split('"')[0] for part in page.split('name="delivery" value="')[1:]]


def test_before_anything_is_owed_the_page_says_what_will_be_here(anna: Admin) -> None:
    assert "Nothing is owed yet" in anna.get("/admin/deliveries").text


def test_a_reason_stands_in_plain_words_with_what_to_do(anna: Admin) -> None:
    connect(anna.services)
    set_apart(anna.services, "parked", "contact_gone")
    set_apart(anna.services, "parked", "kept_failing", "Property <b>score</b> was refused.")
    page = anna.get("/admin/deliveries").text
    assert "The contact was deleted in the CRM." in page
    assert "Restore the contact in the CRM if that was a mistake." in page
    assert "It failed again and again while others went through." in page
    assert "Property &lt;b&gt;score&lt;/b&gt; was refused." in page


def test_a_lane_that_stands_still_comes_first_and_says_why(anna: Admin) -> None:
    connect(anna.services, name="Acme Nordic")
    connect(anna.services, SALES, "Fjord Group")
    with anna.services.database.write() as connection:
        park_lane(connection, f"crm:{SALES}", "invalid_grant")
    page = anna.get("/admin/deliveries").text
    assert page.index("Fjord Group (Salesforce)") < page.index("Acme Nordic (HubSpot)")
    assert "stands still" in page
    assert "The CRM has taken our access back" in page


def test_the_filter(anna: Admin) -> None:
    connect(anna.services)
    touchpoint(anna.services)
    answered(anna.services, 9)
    set_apart(anna.services, "unsure", "unsure")
    only = anna.get("/admin/deliveries?state=unsure").text
    assert "It may have been done already" in only
    assert "Answer record" not in only
    assert "Nothing like that" in anna.get(f"/admin/deliveries?installation={SALES}").text
    assert "Answer record" in anna.get(f"/admin/deliveries?installation={HUB}").text


def test_a_parked_delivery_is_put_back_once(anna: Admin) -> None:
    connect(anna.services)
    key = set_apart(anna.services, "parked", "contact_gone")
    parked = ids(anna.get("/admin/deliveries").text)
    back = anna.post(
        "/admin/deliveries/replay", form_on="/admin/deliveries", delivery=parked[0], state="parked"
    )
    assert back.location == "/admin/deliveries?state=parked"
    assert states(anna)[f"contact:{key}"] == "queued"
    assert f"replayed <bdi>delivery {parked[0]}" in anna.get("/admin/audit").text
    with anna.services.database.write() as connection:
        connection.execute(sa.update(delivery).values(state="parked"))
    page = anna.get("/admin/deliveries").text
    assert "can be replayed only once" in page
    assert not ids(page)
    anna.post("/admin/deliveries/replay", form_on="/admin/deliveries", delivery=parked[0])
    assert states(anna)[f"contact:{key}"] == "parked"
    assert "It was put back once already" in anna.get("/admin/deliveries").text


def test_replaying_wakes_the_worker(anna: Admin) -> None:
    connect(anna.services)
    set_apart(anna.services, "unsure", "unsure")
    chosen = ids(anna.get("/admin/deliveries").text)[0]
    anna.services.wake.clear()
    anna.post("/admin/deliveries/replay", form_on="/admin/deliveries", delivery=chosen)
    assert anna.services.wake.is_set()


def test_older_deliveries_are_a_page_further(anna: Admin) -> None:
    connect(anna.services)
    for _ in range(60):
        set_apart(anna.services, "parked", "contact_gone")
    first = anna.get("/admin/deliveries?state=parked").text
    assert len(ids(first)) == 100, "each of fifty in its own form, and all of them together"
    following = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0]
    assert len(ids(anna.get(following.replace("&amp;", "&")).text)) == 20


@pytest.mark.parametrize(
    "address",
    ["/admin/deliveries?after=%00", "/admin/answers/%00", "/admin/touchpoints/%00"],
)
def test_what_no_database_can_hold_is_no_trouble_with_the_storage(
    anna: Admin, address: str
) -> None:
    assert anna.get(address).status_code in (200, 400, 404)


def test_mail_that_waits_and_a_mailbox_that_cannot_be_read_are_said_in_words(anna: Admin) -> None:
    now = anna.clock.now()
    with anna.services.database.write() as connection:
        for name, why in (("mail:nps@acme.example", "mail_login"), (bounces.LANE, "reports_login")):
            ensure_lane(connection, name, 1)
            owe(connection, [Owed(name, "invitation", name, name, name, {}, now)], now)
            connection.execute(lane.update().where(lane.c.id == name).values(wait_reason=why))
    page = anna.get("/admin/deliveries").text
    assert "Mail from nps@acme.example" in page
    assert "The mail server does not accept our user name and password." in page
    assert "Delivery reports" in page
    assert "The mailbox for delivery reports does not accept" in page
    with anna.services.database.write() as connection:
        connection.execute(lane.update().values(wait_reason=None))
    assert "Delivery reports" not in anna.get("/admin/deliveries").text
