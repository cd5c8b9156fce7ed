"""Creating, changing and upserting single records, with everything the org checks."""

from typing import Any

from connectors.salesforce import ids
from connectors.sandbox.salesforce import rules
from connectors.sandbox.salesforce.org import Org, Row
from connectors.sandbox.salesforce.problems import Refusal, SeveralRecords, bad
from connectors.sandbox.salesforce.schema import Field, SObject
from connectors.sandbox.salesforce.values import accept


def create(org: Org, user: str, name: str, values: dict[str, Any]) -> str:
    """A new record's id; raises ``Refusal``."""
    kind = _writable(org, user, name, "Create")
    if "Id" in values:
        raise bad("INVALID_FIELD", "cannot specify Id in an insert call", "Id")
    row = _accepted(org, user, kind, values)
    missing = [f.name for f in kind.fields.values() if f.required and row.get(f.name) is None]
    if missing:
        raise bad("REQUIRED_FIELD_MISSING", f"Required fields are missing: {missing}", *missing)
    if "OwnerId" in kind.fields:
        row.setdefault("OwnerId", user)
    _check(org, kind, row, None)
    return org.insert(kind.name, **row)


def update(org: Org, user: str, name: str, record_id: Any, values: dict[str, Any]) -> str:
    """Changes the record and answers its id; raises ``Refusal``."""
    kind = _writable(org, user, name, "Edit")
    row = _existing(org, kind, record_id)
    changes = _accepted(org, user, kind, values)
    if fixed := [name for name in changes if kind.fields[name].fixed]:
        raise _no_right(*fixed)
    for required in (f.name for f in kind.fields.values() if f.required):
        if required in changes and changes[required] is None:
            raise bad(
                "REQUIRED_FIELD_MISSING", f"Required fields are missing: [{required}]", required
            )
    _check(org, kind, row | changes, row)
    row |= changes
    org.touch(kind.name, row)
    return str(row["Id"])


def upsert(
    org: Org, user: str, name: str, key: str, value: Any, values: dict[str, Any]
) -> tuple[str, bool]:
    """Id and whether it was created; raises ``Refusal`` or ``SeveralRecords``."""
    kind = _writable(org, user, name, "Edit")
    field = key_field(org, user, kind, key)
    value = accept(org, field, value)
    if value is None:
        raise bad("MISSING_ARGUMENT", f"{key} not specified", key)
    found = matches(org, kind, field.name, value)
    if len(found) > 1:
        raise SeveralRecords([f"sobjects/{kind.name}/{row['Id']}" for row in found])
    if found:
        return update(org, user, kind.name, found[0]["Id"], values), False
    return create(org, user, kind.name, values | {field.name: value}), True


def remove(org: Org, user: str, name: str, record_id: Any) -> str:
    """Deletes the record and answers its id; raises ``Refusal``."""
    kind = _writable(org, user, name, "Delete")
    row = _existing(org, kind, record_id)
    if kind.name == "PermissionSetAssignment":
        org.purge(kind.name, row["Id"])
    else:
        org.delete(kind.name, row["Id"])
    return str(row["Id"])


def matches(org: Org, kind: SObject, field: str, value: Any) -> list[Row]:
    exact = kind.fields[field].case_sensitive
    wanted = value if exact else str(value).lower()
    rows = org.rows[kind.name].values()
    have = ((row, row.get(field)) for row in rows if not row.get("IsDeleted"))
    return [row for row, v in have if v is not None and (v if exact else str(v).lower()) == wanted]


def key_field(org: Org, user: str, kind: SObject, key: str) -> Field:
    """The external id called *key*; raises ``Refusal`` (404)."""
    field = kind.fields.get(key)
    if field is None or not field.external_id or not org.sees(user, kind, field):
        message = f"Provided external ID field does not exist or is not accessible: {key}"
        raise Refusal(404, "NOT_FOUND", message)
    return field


def _writable(org: Org, user: str, name: str, right: str) -> SObject:
    kind = org.visible_object(user, name)
    if not org.sees_object(user, kind, right):
        raise Refusal(
            403, "INSUFFICIENT_ACCESS_OR_READONLY", "insufficient access rights on object"
        )
    return kind


def _existing(org: Org, kind: SObject, record_id: Any) -> Row:
    if not isinstance(record_id, str) or not ids.valid(record_id, kind.prefix):
        raise bad("MALFORMED_ID", f"{kind.label} ID: id value of incorrect type: {record_id}", "Id")
    row = org.find(kind.name, record_id)
    if row is None:
        raise bad("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id")
    if row.get("IsDeleted"):
        raise bad("ENTITY_IS_DELETED", "entity is deleted")
    return row


def _accepted(org: Org, user: str, kind: SObject, values: dict[str, Any]) -> Row:
    row: Row = {}
    for name, value in values.items():
        field = org.column(user, kind, name)
        if field.readonly or not org.sees(user, kind, field, "Edit"):
            raise _no_right(field.name)
        row[field.name] = accept(org, field, value)
    return row


def _no_right(*names: str) -> Refusal:
    message = (
        f"Unable to create/update fields: {', '.join(names)}. Please check the security settings "
        "of this field and verify that it is read/write for your profile or permission set."
    )
    return bad("INVALID_FIELD_FOR_INSERT_UPDATE", message, *names)


def _check(org: Org, kind: SObject, row: Row, before: Row | None) -> None:
    for field in (f for f in kind.fields.values() if f.unique and row.get(f.name) is not None):
        for other in matches(org, kind, field.name, row[field.name]):
            if before is None or other["Id"] != before["Id"]:
                message = (
                    f"duplicate value found: {field.name} duplicates value on record "
                    f"with id: {other['Id'][:15]}"
                )
                raise bad("DUPLICATE_VALUE", message)
    _check_owner(org, kind, row, before)
    _check_rules(kind, row, new=before is None)
    if kind.name == "PermissionSetAssignment":
        _check_assignment(org, row)


def _check_owner(org: Org, kind: SObject, row: Row, before: Row | None) -> None:
    owner = row.get("OwnerId")
    if owner is None or (before is not None and before.get("OwnerId") == owner):
        return
    user = org.find("User", owner)
    if kind.name == "Task" and org.options.inactive_task_owners:
        return
    if user is not None and not user["IsActive"]:
        message = f"operation performed with inactive user [{owner[:15]}] as owner of {kind.label}"
        raise bad("INACTIVE_OWNER_OR_USER", message, "OwnerId")


def _check_rules(kind: SObject, row: Row, *, new: bool) -> None:
    for rule in kind.rules.values():
        field = rules.broken(rule, row, new=new)
        if field is not None:
            named = [field] if field else []
            raise bad("FIELD_CUSTOM_VALIDATION_EXCEPTION", rule.message, *named)


def _check_assignment(org: Org, row: Row) -> None:
    pair = (row.get("AssigneeId"), row.get("PermissionSetId"))
    for other in org.rows["PermissionSetAssignment"].values():
        if (other["AssigneeId"], other["PermissionSetId"]) == pair:
            message = "duplicate value found: PermissionSetId duplicates value on record with id"
            raise bad("DUPLICATE_VALUE", message)
