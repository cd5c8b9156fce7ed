"""The small storms of `bench.chaos` and `bench.mail`: real processes, real HTTP and SMTP, kill -9 in the middle."""

import random
from pathlib import Path

import pytest

from bench import mail
from bench.chaos import Plan, storm
from plugin.revisions import migrate


@pytest.mark.sqlite
def test_nothing_is_lost_or_doubled_when_everything_is_killed_at_any_moment(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'gensvar.db'}"
    migrate(url)
    verdict = storm("sqlite", url, Plan(rounds=2, answers=120, crms=("hubspot",)))
    assert not verdict.lost
    assert not verdict.doubled


@pytest.mark.sqlite
def test_nobody_gets_two_mails_or_none_when_the_worker_is_killed(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'gensvar.db'}"
    migrate(url)
    assert mail.storm("sqlite", url, 60, 1, random.Random(7)) == 0
