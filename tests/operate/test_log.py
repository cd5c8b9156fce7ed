"""The log, and those who are served meanwhile."""

import os
import sys
from contextlib import suppress

import structlog

from plugin import logs


def test_a_line_that_nobody_takes_does_not_cost_the_request_it_tells_of(gensvar, monkeypatch):
    theirs, ours = os.pipe()
    os.close(theirs)
    broken = os.fdopen(ours, "w", buffering=1)
    monkeypatch.setattr(sys, "stderr", broken)
    logs.configure("info")

    structlog.get_logger().info("request", status=201)

    monkeypatch.undo()
    with suppress(BrokenPipeError):
        broken.close()
