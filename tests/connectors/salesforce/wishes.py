"""Survey requests as a rep's card or a flow makes them."""

from typing import Any

from connectors.manifest import manifest
from connectors.sandbox.salesforce import SalesforceSandbox


def wish(
    org: SalesforceSandbox, contact: str, touchpoint: str = "support-case", **more: Any
) -> str:
    """The request's id; *more* by neutral key."""
    asked = {"contact": contact, "touchpoint": touchpoint, **more}
    values = {str(manifest().request[key].salesforce): value for key, value in asked.items()}
    return org.add(manifest().salesforce.request.object, **values)


def told(org: SalesforceSandbox, request: str) -> dict[str, Any]:
    """What stands on the request, by neutral key."""
    row = org.row(request, manifest().salesforce.request.object)
    return {key: row[str(field.salesforce)] for key, field in manifest().request.items()}
