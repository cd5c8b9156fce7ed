"""Where a contact is looked at in its CRM."""

from typing import Any

from sqlalchemy.engine import Row

import connectors
from connectors.accounts import Account
from connectors.errors import Refused


def record_url(installation: Row[Any], contact: str) -> str:
    """The address of the contact's record page; empty where the id cannot be one of that CRM."""
    account = Account(installation.account, installation.name, installation.ui_url)
    try:
        return connectors.crm(installation.crm).record_url(account, contact)
    except Refused:
        return ""
