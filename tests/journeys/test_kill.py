"""The small storm of `python -m bench.chaos`: real processes, real HTTP, kill -9 while customers answer."""

from pathlib import Path

import pytest

from bench.chaos import Plan, storm
from plugin.db import migrate


@pytest.mark.sqlite
def test_nothing_is_lost_or_doubled_when_everything_is_killed_at_any_moment(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'gensvar.db'}"
    migrate(url)
    verdict = storm("sqlite", url, Plan(rounds=2, answers=120, crms=("hubspot",)))
    assert not verdict.lost
    assert not verdict.doubled
