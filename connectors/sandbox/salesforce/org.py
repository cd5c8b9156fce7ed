"""The org's memory: schema, records, people, permissions and what it was told to do differently."""

import threading
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.salesforce import ids
from connectors.sandbox.salesforce import selling
from connectors.sandbox.salesforce.custom import Custom
from connectors.sandbox.salesforce.problems import Refusal, bad
from connectors.sandbox.salesforce.schema import STATUSES, Field, SObject, standard_objects

Row = dict[str, Any]


@dataclass(slots=True)
class Options:
    """What differs from org to org."""

    edition: str = "Enterprise Edition"
    language: str = "en_US"
    refuses_unique_activity_field: bool = False
    inactive_task_owners: bool = False
    rotate_refresh_tokens: bool = True
    deploy_polls: int = 1
    page_size: int = 2000
    daily_limit: int = 100_000
    oldest_version: int = 60
    newest_version: int = 68
    hidden_fields: set[str] = field(default_factory=set)
    hidden_objects: set[str] = field(default_factory=set)
    claimed_instance_url: str | None = None
    touchpoints: tuple[str, ...] = ()  # which the panel offers; none: reps type the key
    clock_ahead: float = 0.0  # seconds, of the clock of whoever calls
    tooling: bool = True
    translation_workbench: bool = True
    languages: tuple[str, ...] = ("en_US", "sv", "no")

    @property
    def api_enabled(self) -> bool:
        return not self.edition.startswith("Professional")


class Org:
    """One Salesforce org in memory. All access under ``lock``."""

    def __init__(self, number: int = 1) -> None:
        self.lock = threading.RLock()
        self.objects: dict[str, SObject] = standard_objects()
        self.objects |= {one.name: one for one in selling.objects()}
        self.rows: dict[str, dict[str, Row]] = defaultdict(dict)
        self.options = Options()
        self.custom = Custom()
        self.used_today = 0
        self._counters: dict[str, int] = defaultdict(int)
        self.id = self.new_id("00D", start=number)
        self.set_statuses(STATUSES)
        for name, values in selling.values():
            self.insert(name, **values)

    def set_statuses(self, closed: Mapping[str, bool]) -> None:
        """What a task's status may be, the first by default, and whether each means closed: orgs differ."""
        self.rows["TaskStatus"].clear()
        for order, (name, is_closed) in enumerate(closed.items(), 1):
            values = {"IsClosed": is_closed, "IsDefault": order == 1, "SortOrder": order}
            self.insert("TaskStatus", ApiName=name, MasterLabel=name, **values)
        self.objects["Task"].fields["Status"].values = tuple(closed)

    def complete(self, name: str, row: Row) -> None:
        """Fields the platform fills by itself."""
        complete(name, row)
        selling.complete(name, row)
        if name == "Task":
            statuses = list(self.rows["TaskStatus"].values())
            row["Status"] = row.get("Status") or next(s["ApiName"] for s in statuses)
            row["TaskSubtype"] = row.get("TaskSubtype") or "Task"
            row["IsClosed"] = any(s["IsClosed"] for s in statuses if s["ApiName"] == row["Status"])

    def now(self) -> datetime:
        """By the org's own clock, to the second."""
        ahead = timedelta(seconds=self.options.clock_ahead)
        return (datetime.now(UTC) + ahead).replace(microsecond=0)

    # -- records ---------------------------------------------------------------------------

    def new_id(self, prefix: str, start: int | None = None) -> str:
        self._counters[prefix] = start or self._counters[prefix] + 1
        return ids.long(f"{prefix}gv{self._counters[prefix]:010d}")

    def object(self, name: str) -> SObject:
        """The object called *name*, whatever its case; raises ``Refusal`` for one that is not
        there.
        """
        for known, found in self.objects.items():
            if known.lower() == name.lower():
                return found
        raise Refusal(404, "NOT_FOUND", "The requested resource does not exist")

    def insert(self, name: str, **values: Any) -> str:
        """A row without any check, for seeding; answers its id."""
        kind = self.objects[name]
        now = self.now()
        row: Row = {f: (False if one.type == "boolean" else None) for f, one in kind.fields.items()}
        row |= {"Id": self.new_id(kind.prefix), "CreatedDate": now, "SystemModstamp": now} | values
        self.rows[name][row["Id"]] = row
        self.complete(name, row)
        self._joined(name, row, 1)
        return str(row["Id"])

    def _joined(self, name: str, row: Row, by: int) -> None:
        if name == "CampaignMember" and row["ContactId"]:
            selling.joined(self.rows["Campaign"][row["CampaignId"]], by)

    def find(self, name: str, record_id: str) -> Row | None:
        return self.rows[name].get(ids.long(record_id)) if ids.valid(record_id) else None

    def anywhere(self, record_id: str) -> tuple[str, Row] | None:
        """Object and row of *record_id*."""
        for name, rows in self.rows.items():
            if record_id in rows:
                return name, rows[record_id]
        return None

    def touch(self, name: str, row: Row) -> None:
        row["SystemModstamp"] = self.now()
        self.complete(name, row)

    # -- what people and time do to records ------------------------------------------------

    def change(self, name: str, record_id: str, **values: Any) -> None:
        """New values without any check, and the time of it unless that is among them."""
        row = self.rows[name][ids.long(record_id)]
        row |= values
        self.touch(name, row)
        row |= values

    def delete(self, name: str, record_id: str, master: str | None = None) -> None:
        """Into the recycle bin; with *master* as the loser of a merge."""
        row = self.rows[name][ids.long(record_id)]
        row["IsDeleted"] = True
        self._joined(name, row, -1)
        if "MasterRecordId" in row:
            row["MasterRecordId"] = master
        self.touch(name, row)
        if name == "Contact" and master is None:
            row["_lost"] = self._children(row["Id"], None)

    def undelete(self, name: str, record_id: str) -> None:
        """Back out of the bin; what referred to the record and to nothing else since does so again. What a merge
        has moved stays with the survivor."""
        row = self.rows[name][ids.long(record_id)]
        row["IsDeleted"] = False
        if "MasterRecordId" in row:
            row["MasterRecordId"] = None
        self.touch(name, row)
        for child, lookup in row.pop("_lost", ()):
            if child.get(lookup) is None:
                child[lookup] = row["Id"]

    def merge(self, winner: str, loser: str) -> None:
        """*loser* goes into the bin and its children move to *winner*."""
        winner, loser = ids.long(winner), ids.long(loser)
        self.delete("Contact", loser, winner)
        self._children(loser, winner)

    def purge(self, name: str, record_id: str) -> None:
        """Out of the recycle bin for good."""
        del self.rows[name][ids.long(record_id)]

    def convert(self, lead_id: str) -> str:
        """The lead becomes a new contact, whose id this answers."""
        lead = self.rows["Lead"][ids.long(lead_id)]
        kept = ("FirstName", "LastName", "Email", "OwnerId")
        contact = self.insert("Contact", **{name: lead[name] for name in kept})
        self.change("Lead", lead_id, IsConverted=True, ConvertedContactId=contact)
        for task in self.rows["Task"].values():
            if task["WhoId"] == lead["Id"]:
                task["WhoId"] = contact
        return contact

    def _children(self, parent: str, to: str | None) -> list[tuple[Row, str]]:
        """Points what refers to *parent* to another record, or to none; what that was."""
        moved = []
        for name, rows in self.rows.items():
            lookups = [
                f.name for f in self.objects[name].fields.values() if "Contact" in f.reference_to
            ]
            for row in rows.values():
                for lookup in lookups:
                    if lookup != "MasterRecordId" and row.get(lookup) == parent:
                        row[lookup] = to
                        moved.append((row, lookup))
        return moved

    # -- who sees what ---------------------------------------------------------------------

    def permission_sets(self, user: str) -> set[str]:
        rows = self.rows["PermissionSetAssignment"].values()
        return {row["PermissionSetId"] for row in rows if row["AssigneeId"] == user}

    def sees(self, user: str, kind: SObject, one: Field, right: str = "Read") -> bool:
        """Whether *user* may read (or edit) a field: nobody may with a deployed one until granted."""
        name = f"{kind.name}.{one.name}"
        if name in self.options.hidden_fields:
            return False
        if one.everyone:
            return True
        sets = self.permission_sets(user)
        return any(
            row["Field"] == name and row["ParentId"] in sets and row[f"Permissions{right}"]
            for row in self.rows["FieldPermissions"].values()
        )

    def sees_object(self, user: str, kind: SObject, right: str = "Read") -> bool:
        if kind.name in self.options.hidden_objects:
            return False
        if kind.everyone or self.is_admin(user):
            return True
        sets = self.permission_sets(user)
        return any(
            row["SobjectType"] == kind.name
            and row["ParentId"] in sets
            and row[f"Permissions{right}"]
            for row in self.rows["ObjectPermissions"].values()
        )

    def is_admin(self, user: str) -> bool:
        return bool(self.rows["User"][user].get("_admin"))

    def visible_object(self, user: str, name: str) -> SObject:
        kind = self.object(name)
        if not self.sees_object(user, kind):
            raise Refusal(404, "NOT_FOUND", "The requested resource does not exist")
        return kind

    def column(self, user: str, kind: SObject, name: str) -> Field:
        """The field called *name* as *user* sees it; raises ``Refusal`` as if it did not exist."""
        for known, one in kind.fields.items():
            if known.lower() == name.lower() and self.sees(user, kind, one):
                return one
        raise bad("INVALID_FIELD", f"No such column '{name}' on sobject of type {kind.name}")


def complete(name: str, row: Row) -> None:
    """Fields the platform fills by itself."""
    if name in ("Contact", "Lead", "User"):
        row["Name"] = " ".join(part for part in (row.get("FirstName"), row.get("LastName")) if part)
    if name == "Task":
        row["Priority"] = row.get("Priority") or "Normal"
