"""Putting our properties into the account, and seeing what differs.

Installing is idempotent and goes part by part: contacts first, then notes, then tasks. Where an account
allows no property on notes or tasks this is found out here and recorded.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from connectors.accounts import Setup, Step
from connectors.errors import Clash, MissingRight, Refused
from connectors.hubspot.client import Api
from connectors.hubspot.wanted import Part, Property, clashes, definition, difference, parts
from connectors.manifest import Field, manifest

CORE = "crm.properties.core_api"
UNIQUE, MARKER = "unique", "marker"
CAPABILITY = {"notes": "note_key", "tasks": "task_key"}


def plan(api: Api) -> list[Step]:
    """What ``apply`` would do. Raises ``Clash``."""
    there = {part.object: properties(api, part.object) for part in parts()}
    _refuse_clashes(there)
    return [step for part in parts() for step in _steps(api, part, there[part.object])]


def apply(api: Api, state: str) -> Setup:
    """The next part. Raises ``Clash`` before anything is written."""
    told: dict[str, str] = json.loads(state) if state else {}
    every = parts()
    if not told:
        _refuse_clashes({part.object: properties(api, part.object) for part in every})
    at = int(told.pop("part", "0"))
    told |= _install(api, every[at])
    if at + 1 < len(every):
        words = f"{every[at].object} done"
        return Setup(False, json.dumps({**told, "part": str(at + 1)}), told, words)
    told["time_zone"] = str(details(api).get("timeZone", ""))
    return Setup(True, "", told, _words(told))


def details(api: Api) -> Mapping[str, Any]:
    """https://developers.hubspot.com/docs/api-reference/account-account-info-v3"""
    found: Mapping[str, Any] = api.plain(
        "GET", f"/account-info/{api.connection.api_version}/details"
    )
    return found


def properties(api: Api, kind: str, *, archived: bool = False) -> dict[str, Property]:
    """The properties of one kind of record, by name."""
    rows = api.call(CORE, "get_all", kind, archived=archived)["results"]
    return {row["name"]: row for row in rows}


def _install(api: Api, part: Part) -> dict[str, str]:
    there = properties(api, part.object)
    missing = [field for field in part.fields if field.hubspot not in there]
    if missing and not _group(api, part):
        return _told(part, there)
    if len(missing) > 1:
        there = _make_together(api, part, missing)
    for field in missing:
        if field.hubspot not in there:
            there = {**there, **_make(api, part, field)}
    for field, change in _changes(part, there):
        if field not in missing:
            api.call(CORE, "update", part.object, field.hubspot, change, write=True)
    return _told(part, there)


def _make_together(api: Api, part: Part, missing: Sequence[Field]) -> dict[str, Property]:
    """Create what can be created in one call. What could not is tried alone, to hear why."""
    body = {"inputs": [definition(field) for field in missing]}
    with suppress(Refused, MissingRight):
        api.call("crm.properties.batch_api", "create", part.object, body, write=True)
    return properties(api, part.object)


def _make(api: Api, part: Part, field: Field) -> dict[str, Property]:
    """Create one property. HubSpot does not document how it refuses a name that exists (somebody else
    may be installing): look again after any refusal."""
    name = str(field.hubspot)
    try:
        made = api.call(CORE, "create", part.object, definition(field), write=True)
    except (Refused, MissingRight) as refusal:
        found = properties(api, part.object).get(name)
        if found is not None:
            _refuse_clashes({part.object: {name: found}})
            return {name: found}
        if not part.must:
            return {}
        if isinstance(refusal, Refused) and name in properties(api, part.object, archived=True):
            words = (
                f"{name} was deleted in HubSpot: restore it under Settings, Properties, Archived."
            )
            raise Refused("field_archived", words) from None
        raise
    return {name: made}


def _group(api: Api, part: Part) -> bool:
    """Whether our group is there now."""
    group = manifest().hubspot
    groups = "crm.properties.groups_api"
    if _has_group(api, part):
        return True
    body = {"name": group.group_name, "label": group.group_label, "displayOrder": -1}
    try:
        api.call(groups, "create", part.object, body, write=True)
    except (Refused, MissingRight):
        if part.must and not _has_group(api, part):
            raise
        return _has_group(api, part)
    return True


def _has_group(api: Api, part: Part) -> bool:
    rows = api.call("crm.properties.groups_api", "get_all", part.object)["results"]
    return any(
        row["name"] == manifest().hubspot.group_name and not row.get("archived") for row in rows
    )


def _told(part: Part, there: Mapping[str, Property]) -> dict[str, str]:
    """What was found out about this part, for ``Connection.capabilities``."""
    if part.must:
        return {"contact_fields": "all"}
    names = [field.key for field in part.fields if field.hubspot in there and field.key != "key"]
    key = next(field for field in part.fields if field.key == "key")
    unique = bool(there.get(str(key.hubspot), {}).get("hasUniqueValue"))
    found = {CAPABILITY[part.object]: UNIQUE if unique else MARKER}
    return {**found, f"{part.object}_fields": ",".join(names)} if len(part.fields) > 1 else found


def _words(told: Mapping[str, str]) -> str:
    marked = [kind for kind, name in CAPABILITY.items() if told.get(name) == MARKER]
    if not marked:
        return "Installed."
    return (
        f"Installed. This account allows no unique property on {' and '.join(marked)}: "
        "a short mark at the end of the text takes its place."
    )


def _refuse_clashes(there: Mapping[str, Mapping[str, Property]]) -> None:
    found = [
        f"{part.object}: {words}"
        for part in parts()
        for field in part.fields
        if (held := there.get(part.object, {}).get(str(field.hubspot)))
        and (words := clashes(field, held))
    ]
    if found:
        words = "; ".join(found)
        raise Clash("field_clash", f"{words}. Rename or delete it there, then install again.")


def _changes(part: Part, there: Mapping[str, Property]) -> Iterator[tuple[Field, dict[str, Any]]]:
    for field in part.fields:
        held = there.get(str(field.hubspot))
        if held and (change := difference(field, held)):
            yield field, change


def _steps(api: Api, part: Part, there: Mapping[str, Property]) -> Iterator[Step]:
    missing = [field for field in part.fields if field.hubspot not in there]
    where = "" if part.must else ", where the account allows it"
    if missing and not _has_group(api, part):
        yield Step(
            "make", f"property group {manifest().hubspot.group_name} on {part.object}{where}"
        )
    for field in missing:
        unique = ", unique" if field.type == "key" else ""
        name = f"{part.object} property {field.hubspot} ({field.label}{unique}){where}"
        yield Step("make", name)
    for field, change in _changes(part, there):
        yield Step("change", f"{part.object} property {field.hubspot}: {', '.join(change)}")
