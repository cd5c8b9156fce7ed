"""One HubSpot account: its people, records, properties and owners. All of it behind one lock."""

import copy
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from connectors.sandbox.hubspot import definitions, selling, standard
from connectors.sandbox.hubspot.definitions import Definition
from connectors.sandbox.hubspot.options import Options
from connectors.sandbox.hubspot.problems import HubProblem, invalid, invalid_value, not_found
from connectors.sandbox.hubspot.standard import COMPANIES, CONTACTS, NOTES, TASKS


@dataclass(slots=True)
class Owner:
    """A person (or queue) of the account; ``archived`` once deactivated."""

    id: str
    first: str
    last: str
    email: str
    user_id: int
    archived: bool = False
    kind: str = "PERSON"

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}".strip() or self.email


@dataclass(slots=True)
class Record:
    type: str
    id: str
    properties: dict[str, str]
    created: datetime
    updated: datetime
    archived: bool = False


# Whose changes an app may hear of, and of which properties.
WATCHED = {CONTACTS: {"email"}, TASKS: {"hs_task_status", "hubspot_owner_id"}}


def now() -> datetime:
    return datetime.now(UTC)


def iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass
class Portal:
    """State and the rules on it; the views only parse and answer."""

    id: int = 555001
    domain: str = "nordlys.example"
    ui_domain: str = "app.hubspot.com"
    time_zone: str = "Europe/Stockholm"
    options: Options = field(default_factory=Options)
    lock: Any = field(default_factory=threading.RLock)

    def __post_init__(self) -> None:
        self.definitions = standard.definitions()
        self.groups: dict[str, dict[str, str]] = {
            kind: {"information": "Information"} for kind in standard.TYPES
        }
        self.records: dict[str, dict[str, Record]] = {kind: {} for kind in standard.TYPES}
        self.links: dict[tuple[str, str], dict[str, dict[str, set[int]]]] = defaultdict(dict)
        self.owners: dict[str, Owner] = {}
        self.survivors: dict[str, str] = {}
        self.lists: dict[str, selling.Members] = {}
        self.listeners: list[Callable[[str, Record, dict[str, Any]], None]] = []
        self._next = 20_100

    def new_id(self) -> str:
        self._next += 1
        return str(self._next)

    # Definitions

    def define(self, kind: str, raw: Mapping[str, Any]) -> Definition:
        """Make a property. Refused like HubSpot does it: see ``definitions`` and ``Options``."""
        made = definitions.from_request(raw)
        known = self.definitions[kind]
        if kind in (NOTES, TASKS) and not self.options.activity_properties:
            raise invalid("Properties cannot be created for this object type", "NOT_ALLOWED")
        if made.group not in self.groups[kind]:
            raise invalid(f"the group {made.group} does not exist", "INVALID_GROUP")
        same = known.get(made.name)
        if same and (not same.archived or self.options.archived_names_blocked):
            raise HubProblem(409, "CONFLICT", f"A property named '{made.name}' already exists.")
        unique = sum(d.unique and not d.builtin and not d.archived for d in known.values())
        if made.unique and unique >= definitions.UNIQUE_LIMIT:
            raise invalid("too many unique properties", "PROPERTY_LIMIT_REACHED")
        known[made.name] = made
        return made

    def definition(self, kind: str, name: str) -> Definition:
        found = self.definitions[kind].get(name)
        if found is None or found.archived:
            raise not_found(f"property {name} does not exist")
        return found

    # Records

    def find(self, kind: str, key: str, id_property: str | None = None) -> Record | None:
        """The live record with this id, or with this value of a unique property."""
        if not id_property or id_property == "hs_object_id":
            found = self.records[kind].get(key)
            return found if found and not found.archived else None
        defined = self.definitions[kind].get(id_property)
        if defined is None or defined.archived or not defined.unique:
            raise invalid(f"{id_property} is not a unique property", "INVALID_ID_PROPERTY")
        return self._holder(kind, id_property, key)

    def create(self, kind: str, properties: Any, associations: Any = ()) -> Record:
        """Make a record with its associations, all or nothing."""
        self.validate(kind, properties)
        self._require(kind, properties)
        targets = [self._target(kind, link) for link in associations or ()]
        at = now()
        made = Record(kind, self.new_id(), {k: v for k, v in properties.items() if v}, at, at)
        selling.settle(kind, made.properties, {}, iso(at))
        self.records[kind][made.id] = made
        for to, to_id, type_ids in targets:
            self.link(kind, made.id, to, to_id, type_ids)
        return made

    def update(self, record: Record, properties: Any) -> Record:
        self.validate(record.type, properties, record)
        changed = [k for k, v in properties.items() if v != record.properties.get(k, "")]
        before = dict(record.properties)
        record.properties.update(properties)
        record.properties = {k: v for k, v in record.properties.items() if v}
        record.updated = now()
        selling.settle(record.type, record.properties, before, iso(record.updated))
        for name in changed:
            if name in WATCHED.get(record.type, ()):
                value = record.properties.get(name, "")
                self._tell("propertyChange", record, propertyName=name, propertyValue=value)
        return record

    def validate(self, kind: str, properties: Any, record: Record | None = None) -> None:
        """Raise a 400 (409 for a taken e-mail) for the first value that may not be written."""
        if not isinstance(properties, dict):
            raise invalid("properties must be an object")
        for name, value in properties.items():
            defined = self.definitions[kind].get(name)
            if defined is None or defined.archived:
                raise invalid(f'Property "{name}" does not exist', "PROPERTY_DOESNT_EXIST",
                              propertyName=[name])  # fmt: skip
            definitions.check_value(defined, value)
            if name == "hubspot_owner_id" and value:
                self._check_owner(value)
            if defined.unique and value:
                self._check_unique(kind, name, value, record)

    def archive(self, record: Record) -> None:
        record.archived = True
        record.updated = now()
        self._tell("deletion", record)

    def restore(self, kind: str, record_id: str) -> None:
        self.records[kind][record_id].archived = False
        self._tell("restore", self.records[kind][record_id])

    def purge(self, record: Record) -> None:
        """Privacy deletion: the record and its notes and tasks are gone for good."""
        for kind in (NOTES, TASKS):
            for linked in self.linked(CONTACTS, record.id, kind):
                self.records[kind].pop(linked, None)
        self.records[record.type].pop(record.id, None)
        for listener in self.listeners:
            listener("contact.privacyDeletion", record, {})
        self._tell("deletion", record)

    def merge(self, primary: Record, other: Record) -> Record:
        """A third id survives; both old ids resolve to it with a single GET only."""
        properties = {**other.properties, **primary.properties}
        gone = [
            *primary.properties.get("hs_merged_object_ids", "").split(";"), primary.id,
            *other.properties.get("hs_merged_object_ids", "").split(";"), other.id,
        ]  # fmt: skip
        old = [record_id for record_id in gone if record_id]
        properties["hs_merged_object_ids"] = ";".join(old)
        at = now()
        made = Record(primary.type, self.new_id(), properties, primary.created, at)
        self.records[made.type][made.id] = made
        for record in (primary, other):
            del self.records[record.type][record.id]
            self._move_links(record, made)
        self.survivors.update(dict.fromkeys(old, made.id))
        ids = {"primaryObjectId": int(primary.id), "mergedObjectIds": [int(other.id)]}
        self._tell("merge", made, **ids, newObjectId=int(made.id))
        return made

    def survivor(self, kind: str, record_id: str) -> Record | None:
        """As ``find`` by id, and through merges."""
        if kind == CONTACTS:
            record_id = self.survivors.get(record_id, record_id)
        return self.find(kind, record_id)

    def snapshot(self) -> Any:
        return copy.deepcopy((self.records, self.links))

    def roll_back(self, snapshot: Any) -> None:
        self.records, self.links = snapshot

    def _tell(self, what: str, record: Record, **more: Any) -> None:
        if record.type in WATCHED:
            for listener in self.listeners:
                listener(f"object.{what}", record, more)

    # Associations

    def link(self, kind: str, record_id: str, to: str, to_id: str, type_ids: Iterable[int]) -> None:
        there, back = (kind, record_id, to, to_id), (to, to_id, kind, record_id)
        for one, one_id, two, two_id in (there, back):
            row = self.links[(one, two)].setdefault(one_id, {})
            row.setdefault(two_id, set()).update(type_ids)
        if (kind, to) == (CONTACTS, COMPANIES) and 1 in type_ids:
            self.records[CONTACTS][record_id].properties["associatedcompanyid"] = to_id

    def linked(self, kind: str, record_id: str, to: str) -> dict[str, set[int]]:
        """The live records of type *to* on a record, each with its association types."""
        row = self.links[(kind, to)].get(record_id, {})
        return {to_id: ids for to_id, ids in row.items() if self.find(to, to_id)}

    def _target(self, kind: str, link: Any) -> tuple[str, str, list[int]]:
        try:
            to_id = link["to"]["id"]
            types = [(t["associationCategory"], t["associationTypeId"]) for t in link["types"]]
        except (KeyError, TypeError):
            raise invalid("an association needs to.id and types") from None
        for (one, to), allowed in standard.ASSOCIATION_IDS.items():
            if one == kind and {t for _, t in types} <= allowed and types:
                if {category for category, _ in types} != {"HUBSPOT_DEFINED"}:
                    break
                if not isinstance(to_id, str) or self.find(to, to_id) is None:
                    raise invalid(f"{to.upper()}={to_id} is not valid", "INVALID_OBJECT_IDS")
                return to, to_id, [t for _, t in types]
        raise invalid("no such association type", "INVALID_ASSOCIATION_TYPE")

    def _move_links(self, old: Record, new: Record) -> None:
        for to in standard.TYPES:
            for to_id, type_ids in list(self.links[(old.type, to)].pop(old.id, {}).items()):
                self.links[(to, old.type)].get(to_id, {}).pop(old.id, None)
                self.link(new.type, new.id, to, to_id, type_ids)

    # Rules on values

    def _require(self, kind: str, properties: Mapping[str, str]) -> None:
        if kind in (NOTES, TASKS) and not properties.get("hs_timestamp"):
            raise invalid_value("hs_timestamp", "REQUIRED_FIELD", "is required")
        if kind == CONTACTS and not any(
            properties.get(name) for name in ("email", "firstname", "lastname")
        ):
            raise invalid("a contact needs an email, a firstname or a lastname")

    def _check_owner(self, owner_id: str) -> None:
        owner = self.owners.get(owner_id)
        if owner is None or owner.archived:
            raise invalid_value("hubspot_owner_id", "INVALID_OWNER_ID", "no such active owner")

    def _check_unique(self, kind: str, name: str, value: str, record: Record | None) -> None:
        holder = self._holder(kind, name, value)
        if holder is None or holder is record:
            return
        if name == "email":
            raise HubProblem(409, "CONFLICT", f"Contact already exists. Existing ID: {holder.id}")
        raise invalid(f"Cannot set {name}. {holder.id} already has that value.",
                      "CONFLICTING_UNIQUE_VALUE", propertyName=[name])  # fmt: skip

    def _holder(self, kind: str, name: str, value: str) -> Record | None:
        wanted = value.casefold() if name == "email" else value
        for record in self.records[kind].values():
            held = record.properties.get(name, "")
            held = held.casefold() if name == "email" else held
            if held == wanted and not record.archived:
                return record
        return None
