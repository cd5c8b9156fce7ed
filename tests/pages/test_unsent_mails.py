"""An ask's page says of every mail that did not leave when it will, or why not."""

from html import unescape
from typing import Any

import pytest

from plugin.deliveries.actions import Owed, ensure_lane, owe
from plugin.deliveries.store import delivery
from tests.support.admin import Admin
from tests.support.admin_data import asked, connect, touchpoint

LANE = "mail:nps@acme.example"


def page(anna: Admin, row: dict[str, Any], **ask: Any) -> str:
    """With the second reminder in the ledger as *row* says."""
    connect(anna.services)
    touchpoint(anna.services)
    now = anna.clock.now()
    ask_id = asked(anna.services, channel="email", mailed_at=now, reminders=1, **ask)
    key = f"reminder:{ask_id}:2"
    with anna.services.database.write() as connection:
        ensure_lane(connection, LANE, 1.0)
        owe(connection, [Owed(LANE, "reminder", key, key, "her", {"ask": ask_id}, now)], now)
        if row:
            connection.execute(delivery.update().where(delivery.c.key == key).values(**row))
    return unescape(anna.get(f"/admin/asks/{ask_id}").text)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("open", "Not if the customer answers before."),
        ("answered", "It will not be sent: the customer has answered."),
        ("declined", "It will not be sent: the customer has declined."),
        ("expired", "It will not be sent: the question is closed."),
    ],
)
def test_one_that_is_still_to_come(anna: Admin, state: str, words: str) -> None:
    text = page(anna, {}, state=state)
    assert "<dt>Second reminder</dt><dd>planned for <time" in text
    assert words in text


def test_one_that_was_not_sent_says_why(anna: Admin) -> None:
    text = page(anna, {"state": "void", "error": "answered", "settled_at": anna.clock.now()})
    assert "<dt>Second reminder</dt><dd>not sent <time" in text
    assert "The customer has answered." in text


def test_one_that_nobody_knows_of_sends_a_person_to_the_deliveries(anna: Admin) -> None:
    text = page(anna, {"state": "unsure", "settled_at": anna.clock.now()})
    assert "<dt>Second reminder</dt><dd>unsure <time" in text
    assert "A person must look: see Deliveries." in text


def test_one_that_left_is_said_once(anna: Admin) -> None:
    text = page(anna, {"state": "delivered", "settled_at": anna.clock.now()})
    assert "Second reminder" not in text
    assert "<dt>Reminders</dt><dd>1" in text
