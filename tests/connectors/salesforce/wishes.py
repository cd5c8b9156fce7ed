"""Survey requests as a rep's card or a flow makes them."""

from typing import Any

from connectors.manifest import Field as Wanted
from connectors.manifest import manifest
from connectors.sandbox.salesforce import SalesforceSandbox
from connectors.sandbox.salesforce.schema import Field, owner, sobject

TYPES = {
    "contact": "reference",
    "datetime": "datetime",
    "choice": "picklist",
    "long_text": "textarea",
}


def keeps_requests(org: SalesforceSandbox) -> None:
    """The org has the object for survey requests, if the package did not bring it."""
    kind = manifest().salesforce.request
    fields = [_field(one) for one in manifest().request.values()]
    with org.org.lock:
        org.org.objects.setdefault(
            kind.object, sobject(kind.object, kind.label, "a01", owner(), *fields)
        )


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


def _field(wanted: Wanted) -> Field:
    name, kind = str(wanted.salesforce), TYPES.get(wanted.type, "string")
    to = ("Contact",) if kind == "reference" else ()
    values = tuple(option.value for option in wanted.options)
    return Field(
        name,
        kind,
        wanted.label,
        wanted.length or 0,
        values=values,
        restricted=bool(values),
        reference_to=to,
    )
