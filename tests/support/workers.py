"""How the suite is dealt out to its processes."""

import os
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

MOST = 8  # each has a browser of its own, and connections to the one PostgreSQL
# What the tests of each of these share is dear to make: they run in one process, and begin first.
TOGETHER = (
    "tests/journeys/test_demo.py",
    "tests/evidence/test_visits.py",
    "tests/themes/test_rules.py",
    "tests/test_layout.py",
)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One process more than there are cores: some always wait, for a disk, a clock or another program."""
    return min(MOST, (os.cpu_count() or 1) + 1)


class ByWhatTheyShare(LoadScopeScheduling):
    """Every other test goes wherever there is room."""

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        return path if path in TOGETHER else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByWhatTheyShare:
    return ByWhatTheyShare(config, log)
