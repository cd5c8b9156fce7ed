"""One process more than there are cores: some always wait, for a disk, a clock or another program."""

import os

import pytest

MOST = 8  # each has a browser of its own, and connections to the one PostgreSQL


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    return min(MOST, (os.cpu_count() or 1) + 1)
