"""A company that has mail, and customers who spoke of slow replies."""

from collections.abc import Iterator

import pytest

from tests.messages.room import Room, opened
from tests.support.smtp import SmtpServer


@pytest.fixture
def room(database_url: str, smtp_server: SmtpServer) -> Iterator[Room]:
    with opened(database_url, smtp_server) as made:
        yield made
