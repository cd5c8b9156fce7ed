"""Ports that are free now, in a row."""

import random
import socket

LOW, HIGH = 20_000, 30_000  # below those the system gives out by itself


def free(how_many: int) -> int:
    """The first of *how_many* free ports in a row."""
    while True:
        first = random.randrange(LOW, HIGH)
        if all(_is_free(port) for port in range(first, first + how_many)):
            return first


def _is_free(port: int) -> bool:
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True
