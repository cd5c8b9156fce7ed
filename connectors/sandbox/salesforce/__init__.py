"""A strict local Salesforce: REST, collections, SOQL, metadata deploys, OAuth, and a record page.

``with SalesforceSandbox() as org: ...`` runs it in this process, ``python -m
connectors.sandbox.salesforce`` in one of its own, which is ordered about below ``/_sandbox``.
"""

from connectors.sandbox.salesforce.sandbox import SalesforceSandbox
from connectors.sandbox.salesforce.seed import seed

__all__ = ["SalesforceSandbox", "seed"]
