"""Whether what is about to start may listen where it wants to: said before all of it is loaded."""

import socket

from plugin.command import WrongUse
from plugin.config import BadSetting

HOST = "127.0.0.1"


class PortTaken(BadSetting):
    """Somebody else listens where we wanted to."""


def check_ports(ports: dict[str, int], advice: str = "Choose another one.") -> None:
    """Raises ``WrongUse`` for numbers that cannot be, ``PortTaken`` for the first that is in use."""
    if len(set(ports.values())) < len(ports) or max(ports.values()) > 65_535:
        raise WrongUse(
            "Each server needs a port of its own below 65536: "
            + ", ".join(f"{name} {port}" for name, port in ports.items())
        )
    for name, port in ports.items():
        if taken(port):
            raise PortTaken(f"Port {port} ({name}) is taken by another program. {advice}")


def taken(port: int) -> bool:
    try:
        socket.create_server((HOST, port)).close()
    except OSError:
        return True
    return False
