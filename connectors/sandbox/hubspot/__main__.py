"""``python -m connectors.sandbox.hubspot [--port N] [--empty]``: the sandbox as its own process."""

import argparse
import signal
import sys
import threading

from connectors.sandbox.hubspot.sandbox import HubSpotSandbox
from connectors.sandbox.hubspot.seed import seed


def main() -> None:
    parser = argparse.ArgumentParser(description="A strict local HubSpot on 127.0.0.1.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--empty", action="store_true", help="without the demo's people")
    asked = parser.parse_args()
    ended = threading.Event()
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, lambda *_: ended.set())
    with HubSpotSandbox(asked.port) as hub:
        if not asked.empty:
            seed(hub)
        sys.stdout.write(f"{hub.url}\n")
        sys.stdout.flush()
        ended.wait()


if __name__ == "__main__":
    main()
