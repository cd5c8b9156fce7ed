"""Notes and tasks with a key of ours, written once each.

Where the portal has a unique key property a second create is refused, and keys are read in batch.
Elsewhere a marker stands at the end of the text and is looked for among the contact's own notes or
tasks: search lags, associations do not.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from connectors.hubspot import batch, people
from connectors.hubspot.batch import Settled
from connectors.hubspot.client import Api
from connectors.hubspot.text import BREAK, shown
from connectors.manifest import Associated

MARKER = re.compile(r"\[gensvar:([A-Za-z0-9_.:-]{1,64})\]")
KEY = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
PAGES = 20


@dataclass(frozen=True, slots=True)
class Activity:
    """A note or task to be there; ``properties`` are HubSpot's, without key and marker."""

    key: str
    contact_id: str
    properties: Mapping[str, str]


class Keyed(Protocol):
    """What bears our key and stands on a contact."""

    @property
    def key(self) -> str: ...

    @property
    def contact_id(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Kind:
    """Notes or tasks of one account. ``key`` is the unique property, ``None`` where markers are used;
    with ``renewed`` one that is there already gets the newest text."""

    api: Api
    object: Associated
    body: str
    key: str | None
    renewed: bool = False

    @property
    def family(self) -> str:
        return f"crm.objects.{self.object.object}"

    @property
    def room(self) -> int:
        """How much of a body's limit the marker may need."""
        return 0 if self.key else 90

    def create(self, wanted: Sequence[Activity]) -> list[Settled]:
        inputs = [
            {"properties": self._properties(one), "associations": [self._association(one)]}
            for one in wanted
        ]
        return batch.write(self.api, self.family, "create", inputs, self._same)

    def update(self, ids: Sequence[str], wanted: Sequence[Activity]) -> list[Settled]:
        inputs = [
            {"id": record_id, "properties": self._properties(one, key=False)}
            for record_id, one in zip(ids, wanted, strict=True)
        ]
        return batch.write(self.api, self.family, "update", inputs, same_id)

    def find(self, wanted: Sequence[Activity]) -> dict[str, str]:
        """The ids of those that are there already, by key."""
        if not wanted:
            return {}
        if self.key:
            return self._keyed([one.key for one in wanted])
        return self._marked(wanted)

    def every(self, wanted: Sequence[Keyed]) -> dict[str, set[str]]:
        """The ids of all that bear each key: more than one where somebody copied a marked one."""
        found: dict[str, set[str]] = {one.key: set() for one in wanted}
        if self.key:
            for key, one in self._keyed(list(found)).items():
                found[key].add(one)
        else:
            for key, one in self._marks({one.contact_id for one in wanted}):
                if key in found:
                    found[key].add(one)
        return found

    def _keyed(self, keys: Sequence[str]) -> dict[str, str]:
        key = str(self.key)
        rows = batch.read(self.api, self.family, keys, [key], by=key) if keys else []
        return {row["properties"][key]: str(row["id"]) for row in rows}

    def _marked(self, wanted: Sequence[Activity]) -> dict[str, str]:
        keys, found = {one.key for one in wanted}, dict[str, str]()
        for key, record_id in self._marks({one.contact_id for one in wanted}):
            if key in keys:
                found.setdefault(key, record_id)
            if len(found) == len(keys):
                break
        return found

    def _marks(self, contact_ids: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Key and id of all of ours on these contacts, newest first."""
        ids = self._linked(contact_ids)
        for some in batch.chunks(sorted(ids, key=int, reverse=True)):
            for row in batch.read(self.api, self.family, some, [self.body]):
                key = marker_of(row["properties"].get(self.body) or "")
                if key:
                    yield key, str(row["id"])

    def _linked(self, contact_ids: Iterable[str]) -> set[str]:
        """The ids of all notes (or tasks) of these contacts."""
        found: set[str] = set()
        for some in batch.chunks(sorted(filter(people.valid_id, contact_ids))):
            inputs = [{"id": contact_id} for contact_id in some]
            for _ in range(PAGES):
                answer = self.api.call(
                    "crm.associations.v4.batch_api", "get_page",
                    "contacts", self.object.object, {"inputs": inputs},
                )  # fmt: skip
                rows = answer["results"]
                found |= {str(to["toObjectId"]) for row in rows for to in row["to"]}
                inputs = [next_page for row in rows if (next_page := _next(row))]
                if not inputs:
                    break
        return found

    def _properties(self, one: Activity, *, key: bool = True) -> dict[str, str]:
        if self.key:
            return {**one.properties, **({self.key: one.key} if key else {})}
        body = f"{one.properties[self.body]}{BREAK}[gensvar:{one.key}]"
        return {**one.properties, self.body: body}

    def _association(self, one: Activity) -> dict[str, Any]:
        kind = {
            "associationCategory": "HUBSPOT_DEFINED",
            "associationTypeId": self.object.association_type_id,
        }
        return {"to": {"id": one.contact_id}, "types": [kind]}

    def _same(self, row: Mapping[str, Any], result: Mapping[str, Any]) -> bool:
        sent, got = row["properties"], result["properties"]
        if self.key:
            return bool(sent[self.key] == got.get(self.key))
        return marker_of(sent[self.body]) == marker_of(got.get(self.body) or "")


def same_id(row: Mapping[str, Any], result: Mapping[str, Any]) -> bool:
    return str(row["id"]) == str(result["id"])


def marker_of(body: str) -> str:
    """The key at the end of *body*. The last one counts: a customer may write what looks like one."""
    found = MARKER.findall(shown(body))
    return str(found[-1]) if found else ""


def valid(one: Activity) -> bool:
    return people.valid_id(one.contact_id) and KEY.fullmatch(one.key) is not None


def _next(row: Mapping[str, Any]) -> dict[str, str] | None:
    after = ((row.get("paging") or {}).get("next") or {}).get("after")
    return {"id": str(row["from"]["id"]), "after": str(after)} if after else None
