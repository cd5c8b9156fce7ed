"""Contacts as the org shows them now, their survivors after merges, and who owns them."""

import re
from collections.abc import Callable, Iterable, Sequence

from simple_salesforce.format import format_soql

from connectors.errors import MissingRight, Refused
from connectors.salesforce import ids
from connectors.salesforce.client import Org, Row
from connectors.types import Contact, ContactRef, Owner

FIELD = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,79}", re.ASCII)
SHOWN = "Id, IsDeleted, MasterRecordId, Name, Email, AccountId, Account.Name, OwnerId"
OPT_OUT = "HasOptedOutOfEmail"
MERGES = 10  # of merges of merges are followed
PEOPLE = "SELECT Id, Name, Email, IsActive FROM User WHERE Id IN {}"
QUEUES = "SELECT Id, Name FROM Group WHERE Id IN {}"
EVERYBODY = (
    "SELECT Id, Name, Email, IsActive FROM User WHERE UserType = 'Standard' "
    "ORDER BY IsActive DESC, Name LIMIT 2000"
)
OWNERS = (
    "SELECT Id, OwnerId, Owner.Name, Owner.Email, Owner.IsActive, AccountId, Account.OwnerId, "
    "Account.Owner.Name, Account.Owner.Email, Account.Owner.IsActive FROM Contact WHERE Id IN {}"
)


def find(org: Org, ref: ContactRef) -> list[Contact]:
    """None, one or several; raises ``Refused`` for a field that is not there or not unique."""
    if ref.id is not None:
        if not ids.valid(ref.id, ids.CONTACT):
            return []
        found = by_ids(org, [ref.id])[ref.id]
        return [found] if found else []
    if not ref.value:
        return []
    field = "Email" if (ref.field or "").lower() == "email" else _unique_field(org, ref.field or "")
    rows = _read(org, "{field:literal} = {value}", field=field, value=ref.value)
    here = [row for row in rows if not row["IsDeleted"]]
    if here:
        return [_contact(row) for row in here]
    merged = [row["Id"] for row in rows if row["MasterRecordId"]]
    survivors = {c.id: c for c in by_ids(org, merged).values() if c}
    return list(survivors.values())


def by_ids(org: Org, contact_ids: Sequence[str]) -> dict[str, Contact | None]:
    """By the id asked for: the contact or its survivor, ``None`` when it is gone."""
    known = {i: ids.long(i) for i in contact_ids if ids.valid(i, ids.CONTACT)}
    rows = _with_masters(known.values(), lambda some: _by_id(org, some))
    return {i: _survivor(rows, known.get(i)) for i in contact_ids}


def survivors(org: Org, contact_ids: Iterable[str]) -> dict[str, str | None]:
    """Who each contact is now, by id: ``None`` where it was deleted. Those who were merged are looked up with their
    survivors: one that was merged itself meanwhile is no answer."""
    known = {i: ids.long(i) for i in contact_ids if ids.valid(i, ids.CONTACT)}
    soql = "SELECT Id, IsDeleted, MasterRecordId FROM Contact WHERE Id IN {}"

    def read(some: Sequence[str]) -> list[Row]:
        return org.query_in(lambda part: format_soql(soql, part), some, deleted=True)

    by_id = _with_masters(known.values(), read)
    return {asked: _master(by_id, long) for asked, long in known.items()}


def task_owners(org: Org, contact_ids: Sequence[str], fallback: str) -> dict[str, Owner | None]:
    """Who should get a task: the contact's owner if active, else the account's, else *fallback*."""
    known = {i: ids.long(i) for i in contact_ids if ids.valid(i, ids.CONTACT)}
    rows = org.query_in(lambda some: format_soql(OWNERS, some), list(known.values()))
    first = {row["Id"]: _active(row) or _active(row.get("Account") or {}) for row in rows}
    chosen = {i: first.get(long) for i, long in known.items()}
    if fallback and any(chosen.get(i) is None for i in contact_ids):
        last = owners(org, [fallback]).get(fallback)
        spare = last if last and last.active else None
        return {i: chosen.get(i) or spare for i in contact_ids}
    return {i: chosen.get(i) for i in contact_ids}


def owners(org: Org, owner_ids: Sequence[str]) -> dict[str, Owner]:
    """People and queues by the id asked for; unknown ones are left out."""
    people = {i: ids.long(i) for i in owner_ids if ids.valid(i, "005")}
    queues = {i: ids.long(i) for i in owner_ids if ids.valid(i, "00G")}
    rows = org.query_in(lambda some: format_soql(PEOPLE, some), list(people.values()))
    rows += org.query_in(lambda some: format_soql(QUEUES, some), list(queues.values()))
    found = {row["Id"]: _owner(row) for row in rows}
    return {i: found[long] for i, long in (people | queues).items() if long in found}


def users(org: Org) -> list[Owner]:
    """The org's people, active ones first."""
    return [_owner(row) for row in org.query(EVERYBODY)]


def _unique_field(org: Org, field: str) -> str:
    if FIELD.fullmatch(field):
        for seen in org.call("sobjects/Contact/describe")["fields"]:
            if seen["name"].lower() == field.lower() and _unique(seen):
                return str(seen["name"])
    words = "A contact is found by its id, its e-mail address or a unique text field."
    raise Refused("field_not_unique", words)


def _unique(seen: Row) -> bool:
    marked = seen.get("unique") or seen.get("externalId") or seen.get("idLookup")
    return bool(marked) and seen.get("type") in ("string", "email", "phone") and seen["filterable"]


def _by_id(org: Org, contact_ids: Sequence[str]) -> list[Row]:
    chunks = range(0, len(contact_ids), 400)
    parts = [list(contact_ids[start : start + 400]) for start in chunks]
    return [row for part in parts for row in _read(org, "Id IN {part}", part=part)]


def _read(org: Org, where: str, **values: object) -> list[Row]:
    """With the opt-out where the connected user may see it, else without."""
    tail = format_soql(f" FROM Contact WHERE {where}", **values)
    try:
        return org.query(f"SELECT {SHOWN}, {OPT_OUT}{tail}", deleted=True)
    except MissingRight as error:
        if error.code != "field_missing":
            raise
    return org.query(f"SELECT {SHOWN}{tail}", deleted=True)


def _with_masters(
    contact_ids: Iterable[str], read: Callable[[Sequence[str]], list[Row]]
) -> dict[str, Row]:
    """Rows by id, and those that they were merged into."""
    rows: dict[str, Row] = {}
    missing = set(contact_ids)
    for _ in range(MERGES):
        if not missing:
            break
        rows |= {row["Id"]: row for row in read(sorted(missing))}
        masters = {row["MasterRecordId"] for row in rows.values() if row["MasterRecordId"]}
        missing = masters - set(rows)
    return rows


def _survivor(rows: dict[str, Row], contact_id: str | None) -> Contact | None:
    row = rows.get(_master(rows, contact_id) or "")
    return _contact(row) if row else None


def _master(rows: dict[str, Row], contact_id: str | None) -> str | None:
    """The end of the chain of merges, as far as *rows* tell; ``None`` for a contact that is gone."""
    if contact_id not in rows:
        return None
    for _ in range(MERGES):
        row = rows.get(contact_id or "")
        if row is None or not row["IsDeleted"]:
            return contact_id
        contact_id = row["MasterRecordId"]
    return None


def _contact(row: Row) -> Contact:
    return Contact(
        id=row["Id"],
        name=row.get("Name") or "",
        email=row.get("Email") or "",
        company_id=row.get("AccountId") or "",
        company_name=(row.get("Account") or {}).get("Name") or "",
        owner_id=row.get("OwnerId") or "",
        opted_out=row.get(OPT_OUT),
    )


def _active(row: Row) -> Owner | None:
    owner = row.get("Owner") or {}
    if not owner.get("IsActive"):
        return None
    return _owner(owner | {"Id": row["OwnerId"]})


def _owner(row: Row) -> Owner:
    return Owner(
        id=row["Id"],
        name=row.get("Name") or "",
        email=row.get("Email") or "",
        active=bool(row.get("IsActive", True)),
    )
