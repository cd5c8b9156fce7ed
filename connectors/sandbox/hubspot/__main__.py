"""``python -m connectors.sandbox.hubspot [--port N] [--empty]``: the sandbox as its own process."""

from connectors.sandbox.hubspot.sandbox import HubSpotSandbox
from connectors.sandbox.hubspot.seed import seed
from connectors.sandbox.run import run

if __name__ == "__main__":
    run("A strict local HubSpot on 127.0.0.1.", HubSpotSandbox, seed)
