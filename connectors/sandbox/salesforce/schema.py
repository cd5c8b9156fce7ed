"""Objects and fields of the org: those every org has, and how describe shows them."""

from dataclasses import dataclass, field
from typing import Any

from connectors.sandbox.salesforce.rules import Rule

LONG = 256  # from here a text area cannot be filtered


@dataclass(slots=True)
class Field:
    """One field. ``everyone`` is false for what a deploy made: it needs a permission set to be
    seen.
    """

    name: str
    type: str = "string"
    label: str = ""
    length: int = 0
    precision: int = 0
    scale: int = 0
    readonly: bool = False
    fixed: bool = False  # chosen when the record is made, and never changed
    required: bool = False
    unique: bool = False
    external_id: bool = False
    case_sensitive: bool = False
    values: tuple[str, ...] = ()
    restricted: bool = False
    reference_to: tuple[str, ...] = ()
    relationship: str | None = None
    children: str | None = None
    help: str | None = None
    everyone: bool = True

    @property
    def custom(self) -> bool:
        return self.name.endswith("__c")

    @property
    def filterable(self) -> bool:
        return self.type != "textarea" or self.length < LONG

    def described(self, *, editable: bool) -> dict[str, Any]:
        writable = editable and not self.readonly
        return {
            "name": self.name,
            "label": self.label or self.name,
            "type": self.type,
            "custom": self.custom,
            "length": self.length,
            "precision": self.precision,
            "scale": self.scale,
            "nillable": not self.required,
            "createable": writable,
            "updateable": writable and not self.fixed,
            "unique": self.unique,
            "externalId": self.external_id,
            "idLookup": self.external_id or self.name in ("Id", "Email"),
            "caseSensitive": self.case_sensitive,
            "filterable": self.filterable,
            "restrictedPicklist": self.restricted,
            "picklistValues": [
                {"value": value, "label": value, "active": True, "defaultValue": False}
                for value in self.values
            ],
            "referenceTo": list(self.reference_to),
            "relationshipName": self.relationship,
            "inlineHelpText": self.help,
            "calculated": False,
        }


@dataclass(slots=True)
class SObject:
    """One object; ``description`` is only seen through the tooling API."""

    name: str
    label: str
    prefix: str
    fields: dict[str, Field]
    description: str | None = None
    rules: dict[str, Rule] = field(default_factory=dict)
    everyone: bool = True

    @property
    def custom(self) -> bool:
        return self.name.endswith("__c")


def text(name: str, length: int = 255, **more: Any) -> Field:
    return Field(name, length=length, **more)


def reference(name: str, to: tuple[str, ...], relationship: str | None, **more: Any) -> Field:
    return Field(name, "reference", length=18, reference_to=to, relationship=relationship, **more)


def flag(name: str, **more: Any) -> Field:
    return Field(name, "boolean", **more)


def system_fields() -> list[Field]:
    return [
        Field("Id", "id", length=18, readonly=True),
        flag("IsDeleted", readonly=True),
        Field("CreatedDate", "datetime", readonly=True),
        Field("SystemModstamp", "datetime", readonly=True),
    ]


def sobject(name: str, label: str, prefix: str, *fields: Field, **more: Any) -> SObject:
    return SObject(name, label, prefix, {f.name: f for f in [*system_fields(), *fields]}, **more)


def owner(*also: str) -> Field:
    return reference("OwnerId", ("User", *also), "Owner")


def standard_objects() -> dict[str, SObject]:
    found = [
        _user(), _group(), _organization(), _account(), _contact(), _lead(), _task(), _task_status(),
        *_permissions(),
    ]  # fmt: skip
    return {one.name: one for one in found}


def _user() -> SObject:
    return sobject(
        "User", "User", "005",
        text("Name", 121, readonly=True), text("FirstName", 40), text("LastName", 80),
        Field("Email", "email", length=128), text("Username", 80), flag("IsActive"),
        Field("UserType", "picklist", values=("Standard", "AutomatedProcess"), readonly=True),
    )  # fmt: skip


def _group() -> SObject:
    return sobject("Group", "Group", "00G", text("Name", 40), text("Type", 40))


def _organization() -> SObject:
    return sobject(
        "Organization", "Organization", "00D",
        text("Name", 80), text("OrganizationType", 40), flag("IsSandbox"), text("InstanceName", 5),
        text("TimeZoneSidKey", 40), text("LanguageLocaleKey", 40),
    )  # fmt: skip


def _account() -> SObject:
    return sobject(
        "Account", "Account", "001",
        text("Name", required=True), owner(), reference("MasterRecordId", ("Account",), None),
        Field("AnnualRevenue", "currency", label="Annual revenue", precision=18),
        Field("Customer_Value__c", "picklist", label="Customer value", values=("A", "B", "C")),
    )  # fmt: skip


def _contact() -> SObject:
    return sobject(
        "Contact", "Contact", "003",
        text("Name", 121, readonly=True), text("FirstName", 40), text("LastName", 80, required=True),
        Field("Email", "email", length=80), text("Title", 128), text("MailingCountry", 80),
        Field("Renewal_Date__c", "date", label="Renewal date"), Field("First_Use__c", "date", label="First use"),
        Field("Customer_Since__c", "date", label="Customer since"),
        Field("Plan__c", "picklist", label="Plan", values=("Basic", "Team", "Business")),
        flag("HasOptedOutOfEmail"), owner(), reference("AccountId", ("Account",), "Account"),
        reference("MasterRecordId", ("Contact",), None, readonly=True),
    )  # fmt: skip


def _lead() -> SObject:
    return sobject(
        "Lead", "Lead", "00Q",
        text("Name", 121, readonly=True), text("FirstName", 40), text("LastName", 80, required=True),
        Field("Email", "email", length=80), text("Company", required=True), owner(),
        flag("IsConverted", readonly=True),
        reference("ConvertedContactId", ("Contact",), "ConvertedContact", readonly=True),
        reference("MasterRecordId", ("Lead",), None, readonly=True),
    )  # fmt: skip


STATUSES = {
    "Not Started": False,
    "In Progress": False,
    "Completed": True,
    "Waiting on someone else": False,
    "Deferred": False,
}


def _task_status() -> SObject:
    return sobject(
        "TaskStatus", "Task Status Value", "01J",
        text("ApiName", 255, readonly=True), text("MasterLabel", readonly=True),
        flag("IsClosed", readonly=True), flag("IsDefault", readonly=True),
        Field("SortOrder", "int", readonly=True),
    )  # fmt: skip


def _task() -> SObject:
    return sobject(
        "Task", "Task", "00T",
        text("Subject"), Field("Description", "textarea", length=32000),
        Field("Status", "picklist", values=tuple(STATUSES)), Field("ActivityDate", "date"),
        Field("Priority", "picklist", values=("High", "Normal", "Low")),
        owner("Group"), reference("WhoId", ("Contact", "Lead"), "Who"),
        reference("WhatId", ("Account",), "What"), flag("IsClosed", readonly=True),
        flag("IsReminderSet"), Field("ReminderDateTime", "datetime"),
        Field("TaskSubtype", "picklist", values=("Task", "Email", "Call"), restricted=True, fixed=True),
    )  # fmt: skip


def _permissions() -> list[SObject]:
    rights = [flag(f"Permissions{right}") for right in ("Read", "Edit", "Create", "Delete")]
    parent = reference("ParentId", ("PermissionSet",), "Parent")
    return [
        sobject(
            "PermissionSet", "Permission Set", "0PS",
            text("Name", 80), text("Label", 80), text("Description"), flag("IsOwnedByProfile"),
        ),
        sobject(
            "ListView", "List View", "00B",
            text("Name", 80), text("DeveloperName", 80), text("SobjectType", 40),
        ),
        sobject(
            "PermissionSetAssignment", "Permission Set Assignment", "0Pa",
            reference("AssigneeId", ("User",), "Assignee"),
            reference("PermissionSetId", ("PermissionSet",), "PermissionSet"),
        ),
        sobject(
            "FieldPermissions", "Field Permissions", "01k",
            parent, text("SobjectType", 40), text("Field", 80), *rights[:2],
        ),
        sobject(
            "ObjectPermissions", "Object Permissions", "110",
            parent, text("SobjectType", 40), *rights,
        ),
    ]  # fmt: skip
