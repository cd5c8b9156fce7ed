"""``python -m connectors.sandbox.salesforce [--port N] [--empty]``: the sandbox as its own process."""

from connectors.sandbox.run import run
from connectors.sandbox.salesforce.sandbox import SalesforceSandbox
from connectors.sandbox.salesforce.seed import seed

if __name__ == "__main__":
    run("A strict local Salesforce on 127.0.0.1.", SalesforceSandbox, seed)
