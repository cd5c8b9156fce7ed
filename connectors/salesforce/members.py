"""Components by the names that ``package.xml`` and the org have for them."""

from dataclasses import dataclass

from connectors.manifest import Field, Manifest


@dataclass(frozen=True, order=True, slots=True)
class Member:
    """One component, as ``package.xml`` names it: ``Member("CustomField",
    "Contact.Gensvar_Score__c")``.
    """

    type: str
    name: str

    def __str__(self) -> str:
        return f"{self.type} {self.name}"


def field_member(object_name: str, field: Field) -> Member:
    return Member("CustomField", f"{object_name}.{field.salesforce}")


def task_key(manifest: Manifest) -> Member:
    """The unique field on activities, which an org may refuse."""
    return field_member("Activity", manifest.task["key"])
