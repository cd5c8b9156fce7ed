"""What stands in the org now of what the manifest wants there. Reads only."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from simple_salesforce.format import format_soql

from connectors.errors import Clash, MissingRight, Refused
from connectors.manifest import Field, Manifest, manifest
from connectors.salesforce import fields, metadata
from connectors.salesforce.client import Org, Row
from connectors.salesforce.metadata import SCORE_RULE, Member
from connectors.salesforce.oauth import account_of

SETS = "SELECT Id, Name, Description FROM PermissionSet WHERE Name IN {}"
FIELD_RIGHTS = (
    "SELECT Parent.Name, Field, PermissionsRead, PermissionsEdit FROM FieldPermissions "
    "WHERE ParentId IN {}"
)
OBJECT_RIGHTS = (
    "SELECT Parent.Name, SobjectType, PermissionsRead, PermissionsEdit, PermissionsCreate "
    "FROM ObjectPermissions WHERE ParentId IN {}"
)
HOLDERS = (
    "SELECT Id, AssigneeId, Assignee.IsActive, PermissionSet.Name FROM PermissionSetAssignment "
    "WHERE PermissionSetId IN {}"
)
RULES = "SELECT ValidationName FROM ValidationRule WHERE EntityDefinition.QualifiedApiName = {}"
MARK = "SELECT QualifiedApiName, Description FROM EntityDefinition WHERE QualifiedApiName = {}"


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who was given one of our permission sets."""

    assignment: str
    user: str
    active: bool
    set_name: str


@dataclass(frozen=True, slots=True)
class Look:
    """``described`` is describe by object, ``None`` where it is not there; ``sets`` are ids of our
    permission sets by name; ``rights`` the fields each grants, with whether they may be changed;
    ``rule`` is ``None`` where we may not see it."""

    described: Mapping[str, Row | None]
    sets: Mapping[str, str]
    rights: Mapping[str, Mapping[str, bool]]
    objects: Mapping[str, Collection[str]]
    holders: tuple[Holder, ...]
    tab: bool
    rule: bool | None
    description: str | None

    def field(self, name: str, field: Field) -> Row | None:
        """What describe shows of a field on the object that metadata calls *name*."""
        seen = self.described["Task" if name == "Activity" else name] or {"fields": []}
        wanted = (field.salesforce or "").lower()
        return next((one for one in seen["fields"] if one["name"].lower() == wanted), None)

    def holds(self, user: str, set_name: str) -> bool:
        return any(h.user == user and h.set_name == set_name for h in self.holders)


def look(org: Org) -> Look:
    """About ten calls; raises ``Clash`` where a permission set of the same name is not ours."""
    want = manifest()
    answer = want.salesforce.answer_record.object
    described = {name: describe(org, name) for name in ("Contact", "Task", answer)}
    sets = _sets(org, want)
    ids = list(sets.values())
    rights: dict[str, dict[str, bool]] = {name: {} for name in sets}
    objects: dict[str, set[str]] = {name: set() for name in sets}
    for row in org.query_in(lambda some: format_soql(FIELD_RIGHTS, some), ids):
        if row["PermissionsRead"]:
            rights[row["Parent"]["Name"]][row["Field"]] = row["PermissionsEdit"]
    for row in org.query_in(lambda some: format_soql(OBJECT_RIGHTS, some), ids):
        objects[row["Parent"]["Name"]] |= set(_object_rights(row))
    exists = described[answer] is not None
    return Look(
        described,
        sets,
        rights,
        objects,
        tuple(_holders(org, ids)),
        tab=exists and any(tab.get("sobjectName") == answer for tab in org.call("tabs") or ()),
        rule=_rule(org, answer) if exists else False,
        description=_description(org, answer) if exists else None,
    )


def describe(org: Org, name: str) -> Row | None:
    """The object as the connected user sees it, ``None`` where it does not."""
    try:
        seen: Row = org.call(f"sobjects/{name}/describe")
    except Refused as error:
        if error.code != "not_found":
            raise
        return None
    return seen


def connected_user(org: Org, *, loopback: bool) -> tuple[str, str]:
    """Org and user the token belongs to."""
    return account_of(str(org.call("")["identity"]), loopback=loopback)


def object_rights(want: Manifest, *, editable: bool) -> set[str]:
    """What a permission set of ours grants on objects, as ``Look.objects`` has it."""
    answer = want.salesforce.answer_record.object
    read = {"Account.Read", "Contact.Read", f"{answer}.Read"}
    return read | {"Contact.Edit", f"{answer}.Edit", f"{answer}.Create"} if editable else read


def clash(seen: Look) -> None:
    """Raises ``Clash`` when something of our name is not ours, ``MissingRight`` when that cannot
    be seen."""
    want = manifest()
    answer = want.salesforce.answer_record.object
    if seen.described[answer] and seen.description is None and not seen.sets:
        words = f"Whether {answer} is ours cannot be seen: the user needs to view setup."
        raise MissingRight("setup_hidden", words)
    foreign = seen.description is not None and want.salesforce.marker not in seen.description
    if foreign:
        raise Clash(
            "object_foreign",
            f"The org has an object {answer} that Gensvar did not make: its description lacks "
            f"'{want.salesforce.marker}'. Rename or remove it, or put these words into its "
            "description if it may be used.",
        )
    wrong = [
        name for name, field, held in _fields(seen, want) if held and fields.clashes(field, held)
    ]
    if wrong:
        raise Clash(
            "field_type",
            f"These fields exist already and are of another type: {', '.join(wrong)}. "
            "Rename or remove them; nothing was changed.",
        )


def missing(seen: Look, without: Collection[Member]) -> Iterator[Member]:
    """What describe and permissions show to be absent or not as the manifest wants it."""
    want = manifest()
    answer = want.salesforce.answer_record.object
    here = present(seen)
    for name, field, held in _fields(seen, want):
        member = Member("CustomField", name)
        lacks = member not in here or (held is not None and fields.differs(field, held))
        if lacks and member not in without:
            yield member
    if seen.described[answer] is None:
        yield Member("CustomObject", answer)
    if not seen.tab:
        yield Member("CustomTab", want.salesforce.tab)
    if seen.rule is False:
        yield Member("ValidationRule", f"{answer}.{SCORE_RULE}")
    yield from (Member("PermissionSet", name) for name in lacking_sets(seen, without))


def present(seen: Look) -> frozenset[Member]:
    """The fields that are in the org. One that a permission set grants and describe does not show
    is there too, only not assigned to the connected user yet."""
    granted = {right for rights in seen.rights.values() for right in rights}
    return frozenset(
        Member("CustomField", name)
        for name, _, held in _fields(seen, manifest())
        if held or name.replace("Activity.", "Task.") in granted
    )


def lacking_sets(seen: Look, without: Collection[Member]) -> dict[str, list[str]]:
    """Our permission sets that are absent or grant too little, with the fields they lack."""
    want = manifest()
    ours = want.salesforce
    found: dict[str, list[str]] = {}
    for one, editable in ((ours.integration, True), (ours.viewer, False)):
        rights = seen.rights.get(one.name, {})
        wanted = {f"{o}.{name}": editable or f.key in metadata.REP_WRITES
                  for o, name, f in metadata.granted(want, without=without)}  # fmt: skip
        lacks = [name for name, edit in wanted.items() if name not in rights or edit > rights[name]]
        objects = object_rights(want, editable=editable) - set(seen.objects.get(one.name, ()))
        if lacks or objects or one.name not in seen.sets:
            found[one.name] = sorted([*lacks, *objects])
    return found


def _fields(seen: Look, want: Manifest) -> Iterator[tuple[str, Field, Row | None]]:
    for name, parts in metadata.objects(want).items():
        for field in parts.values():
            yield f"{name}.{field.salesforce}", field, seen.field(name, field)


def _sets(org: Org, want: Manifest) -> dict[str, str]:
    names = [want.salesforce.integration.name, want.salesforce.viewer.name]
    rows = org.query(format_soql(SETS, names))
    for row in rows:
        if want.salesforce.marker not in (row.get("Description") or ""):
            raise Clash(
                "permission_set_foreign",
                f"The org has a permission set {row['Name']} that Gensvar did not make: rename it.",
            )
    return {row["Name"]: row["Id"] for row in rows}


def _holders(org: Org, set_ids: list[str]) -> Iterator[Holder]:
    for row in org.query_in(lambda some: format_soql(HOLDERS, some), set_ids):
        active = bool((row.get("Assignee") or {}).get("IsActive"))
        yield Holder(row["Id"], row["AssigneeId"], active, row["PermissionSet"]["Name"])


def _object_rights(row: Row) -> Iterator[str]:
    for right in ("Read", "Edit", "Create"):
        if row[f"Permissions{right}"]:
            yield f"{row['SobjectType']}.{right}"


def _rule(org: Org, answer: str) -> bool | None:
    rows = _tooling(org, format_soql(RULES, answer))
    return None if rows is None else any(row.get("ValidationName") == SCORE_RULE for row in rows)


def _description(org: Org, answer: str) -> str | None:
    rows = _tooling(org, format_soql(MARK, answer))
    return str(rows[0].get("Description") or "") if rows else None


def _tooling(org: Org, soql: str) -> list[Row] | None:
    """Setup data, which a user without the right to view setup does not get: ``None`` then."""
    try:
        rows: list[Row] = org.call("tooling/query", params={"q": soql})["records"]
    except (MissingRight, Refused):
        return None
    return rows
