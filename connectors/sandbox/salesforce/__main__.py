"""``python -m connectors.sandbox.salesforce [--port N] [--empty]``: the sandbox as its own process."""

import argparse
import signal
import sys
import threading

from connectors.sandbox.salesforce.sandbox import SalesforceSandbox
from connectors.sandbox.salesforce.seed import seed


def main() -> None:
    parser = argparse.ArgumentParser(description="A strict local Salesforce on 127.0.0.1.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--empty", action="store_true", help="without the demo's people")
    asked = parser.parse_args()
    ended = threading.Event()
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, lambda *_: ended.set())
    with SalesforceSandbox(asked.port) as org:
        if not asked.empty:
            seed(org)
        sys.stdout.write(f"{org.url}\n")
        sys.stdout.flush()
        ended.wait()


if __name__ == "__main__":
    main()
