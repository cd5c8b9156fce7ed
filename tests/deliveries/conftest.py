from collections.abc import Iterator

import pytest

from tests.deliveries.ledgers import Bench, bench


@pytest.fixture
def one(database_url: str) -> Iterator[Bench]:
    """A ledger with one kind, `note`, on lane `one`."""
    with bench(database_url) as made:
        yield made


@pytest.fixture
def two(database_url: str) -> Iterator[Bench]:
    """A ledger with two kinds, of which `task` is more urgent than `note`."""
    with bench(database_url, "task", "note") as made:
        yield made
