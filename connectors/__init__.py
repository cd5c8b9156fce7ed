"""The CRMs, each behind the same door. Knows nothing of surveys, of the database or of the web.

A third CRM is a folder beside ``hubspot`` and ``salesforce``, one line in ``CRMS`` and its names in ``manifest.json``.
"""

from importlib import import_module

from connectors.protocol import Crm

CRMS = {"hubspot": "connectors.hubspot", "salesforce": "connectors.salesforce"}


def crm(name: str) -> Crm:
    """The CRM called *name*; raises ``KeyError`` for one we do not know."""
    module = import_module(CRMS[name])
    found: Crm = module.CRM
    return found
