"""All that was imported stays until the end: the collector need not look through it again and again."""

import gc
from collections.abc import Iterator

import pytest

ALLOCATIONS = 50_000  # before the youngest are looked through; Python's own 700 is for small heaps


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Iterator[None]:
    """Importing and collecting makes much and drops little."""
    gc.disable()
    yield
    gc.enable()
    gc.collect()
    gc.freeze()
    gc.set_threshold(ALLOCATIONS, 20, 20)
