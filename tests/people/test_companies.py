"""When the people of a company were asked: the newest are remembered, in their order."""

from datetime import UTC, datetime, timedelta

from plugin.db import Database, milliseconds
from plugin.people import companies

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
HERS = ("hubspot:1", "7")


def test_the_newest_hundred_are_remembered_in_their_order(database_url: str) -> None:
    database = Database(database_url)
    hours = [milliseconds(NOON + timedelta(hours=hour)) for hour in range(companies.KEPT)]
    with database.write() as connection:
        assert companies.asked(connection, *HERS) == []
        late = NOON + timedelta(days=9)
        companies.note(connection, *HERS, hours, late)
        assert companies.asked(connection, *HERS) == [*hours[1:], milliseconds(late)]
        slow = NOON + timedelta(minutes=90)  # another host, whose clock is behind
        companies.note(connection, *HERS, hours[:3], slow)
        assert companies.asked(connection, *HERS) == [*hours[:2], milliseconds(slow), hours[2]]
        assert companies.asked(connection, "hubspot:1", "8") == []
    database.close()
