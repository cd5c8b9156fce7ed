"""Ports that are free now, in a row."""

import os
import random
import socket

LOW, HIGH = 20_000, 30_000  # below those the system gives out by itself
# Each test process has some of its own: a program that is still starting has not taken its ports yet.
OWN = 1_000
PROCESS = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))


def free(how_many: int) -> int:
    """The first of *how_many* free ports in a row."""
    low = LOW + PROCESS * OWN % (HIGH - LOW)
    while True:
        first = random.randrange(low, low + OWN - how_many)
        if all(is_free(port) for port in range(first, first + how_many)):
            return first


def is_free(port: int) -> bool:
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True
