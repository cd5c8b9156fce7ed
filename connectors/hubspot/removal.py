"""Leaving an account: our rights go; fields, notes and tasks stay unless their deletion was asked for."""

from collections.abc import Callable, Sequence
from typing import Any

from connectors.accounts import Setup
from connectors.errors import Refused
from connectors.hubspot import batch
from connectors.hubspot.activities import Kind, marker_of
from connectors.hubspot.client import Api
from connectors.hubspot.records import notes
from connectors.hubspot.schema import CORE, properties
from connectors.hubspot.tasks import tasks
from connectors.hubspot.wanted import parts
from connectors.manifest import manifest

NOTES, TASKS, FIELDS, RIGHTS = "notes", "tasks", "fields", "rights"


def remove(api: Api, *, delete_data: bool, state: str) -> Setup:
    """One step. A step of notes or tasks bins up to a hundred of them; *state* says how far."""
    stage, _, after = (state or (NOTES if delete_data else RIGHTS)).partition(":")
    if stage in (NOTES, TASKS):
        kind = {NOTES: notes, TASKS: tasks}[stage](api)
        last = _bin_some(kind, after or "0")
        following = {NOTES: TASKS, TASKS: FIELDS}[stage]
        return Setup(False, f"{stage}:{last}" if last else following, words=f"deleting {stage}")
    if stage == FIELDS:
        _delete_fields(api)
        return Setup(False, RIGHTS, words="fields deleted")
    _leave(api)
    return Setup(True, words="The app was removed from the account.")


def _bin_some(kind: Kind, after: str) -> str:
    """Bin the next of our records and say the last id seen; empty when there are no more.

    By rising id, because search goes on showing what was just binned.
    """
    rows = _search(kind, after)
    ours = [str(row["id"]) for row in rows if _ours(kind)(row["properties"])]
    if ours:
        body = {"inputs": [{"id": record_id} for record_id in ours]}
        kind.api.call(f"{kind.family}.batch_api", "archive", body, write=True)
    return str(rows[-1]["id"]) if rows else ""


def _search(kind: Kind, after: str) -> Sequence[dict[str, Any]]:
    marked = {"propertyName": kind.body, "operator": "CONTAINS_TOKEN", "value": "gensvar"}
    keyed = {"propertyName": kind.key, "operator": "HAS_PROPERTY"}
    body = {
        "filterGroups": [
            {
                "filters": [
                    keyed if kind.key else marked,
                    {"propertyName": "hs_object_id", "operator": "GT", "value": after},
                ]
            }
        ],
        "properties": [kind.key or kind.body],
        "sorts": ["hs_object_id"],
        "limit": batch.SIZE,
        "after": "0",
    }
    rows: Sequence[dict[str, Any]] = kind.api.call(f"{kind.family}.search_api", "do_search", body)[
        "results"
    ]
    return rows


def _ours(kind: Kind) -> Callable[[dict[str, Any]], bool]:
    if kind.key:
        name = kind.key
        return lambda held: bool(held.get(name))
    return lambda held: bool(marker_of(held.get(kind.body) or ""))


def _delete_fields(api: Api) -> None:
    group = manifest().hubspot.group_name
    for part in parts():
        there = properties(api, part.object)
        for field in part.fields:
            if field.hubspot in there:
                api.call(CORE, "archive", part.object, field.hubspot, write=True)
        try:
            api.call("crm.properties.groups_api", "archive", part.object, group, write=True)
        except Refused:
            # It holds a property that somebody else put there, or was never made: it stays as it is.
            continue


def _leave(api: Api) -> None:
    """Take the app out of the account; a static app's token cannot, and an administrator deletes it.

    https://developers.hubspot.com/docs: ``DELETE /appinstalls/.../external-install``
    """
    if api.connection.client is not None:
        path = f"/appinstalls/{api.connection.api_version}/external-install"
        api.plain("DELETE", path, write=True)
