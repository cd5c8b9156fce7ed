"""Where a contact is looked at in its CRM."""

from typing import Any

from sqlalchemy.engine import Row

import connectors
from connectors.types import Account


def record_url(installation: Row[Any], contact: str) -> str:
    """The address of the contact's record page."""
    account = Account(installation.account, installation.name, installation.ui_url)
    return connectors.crm(installation.crm).record_url(account, contact)
