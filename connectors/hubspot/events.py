"""What HubSpot's webhooks tell, reduced to ids and times.

https://developers.hubspot.com/docs/api-reference/latest/webhooks/guide

Events come twice, in any order and late, and ``eventId`` is not unique. Whatever is not understood is left out: a
refusal would make HubSpot send the whole batch again.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.changes import ContactEvent, Happened

CONTACT, TASK = "0-1", "0-27"
MOST_MERGED = 250
ENDS = datetime(2200, 1, 1, tzinfo=UTC)
_CONTACT_EVENTS = {
    "merge": Happened.MERGED,
    "deletion": Happened.DELETED,
    "restore": Happened.RESTORED,
    "propertyChange": Happened.CHANGED,
    "privacyDeletion": Happened.ERASED,
}
_TASK_EVENTS = ("deletion", "restore", "propertyChange")


@dataclass(frozen=True, slots=True)
class Pushed:
    """One event. *key* is the same for the same event however often it comes; *contact* or *task* is the record it
    tells of; *payload* is what ``contact_events`` reads: ids and times, nothing personal."""

    portal: str
    app: str
    key: str
    contact: str = ""
    task: str = ""
    payload: Mapping[str, Any] = field(default_factory=dict)


def pushed(events: Iterable[Any]) -> list[Pushed]:
    """Those of *events* that mean something to us."""
    return [found for event in events if isinstance(event, dict) and (found := _pushed(event))]


def contact_events(payload: Mapping[str, Any], latest: datetime) -> list[ContactEvent]:
    """What happened to which contacts. No event is later than *latest*, the time it was received: a clock that runs
    ahead must not keep what really comes later from counting."""
    at = min(datetime.fromtimestamp(payload["at"] / 1000, UTC), latest)
    happened, into = Happened(payload["what"]), payload.get("into", "")
    return [ContactEvent(happened, contact, at, into) for contact in payload["contacts"]]


def _pushed(event: Mapping[str, Any]) -> Pushed | None:
    family, _, what = str(event.get("subscriptionType", "")).partition(".")
    portal, record = _id(event.get("portalId")), _id(event.get("objectId"))
    at = _milliseconds(event.get("occurredAt"))
    kind = _kind(family, event.get("objectTypeId"))
    if not portal or not record or at is None or not kind:
        return None
    key = ":".join(
        ("event", "hubspot", portal, kind, what, record, _word(event.get("eventId")), str(at))
    )
    known = Pushed(portal, _id(event.get("appId")), key)
    return (
        _of_task(known, what, record)
        if kind == TASK
        else _of_contact(known, event, what, record, at)
    )


def _of_task(known: Pushed, what: str, record: str) -> Pushed | None:
    if what not in _TASK_EVENTS:
        return None
    return Pushed(known.portal, known.app, known.key, task=record)


def _of_contact(
    known: Pushed, event: Mapping[str, Any], what: str, record: str, at: int
) -> Pushed | None:
    happened = _CONTACT_EVENTS.get(what)
    if happened is None or (happened is Happened.CHANGED and event.get("propertyName") != "email"):
        return None
    payload: dict[str, Any] = {"what": happened.value, "at": at, "contacts": [record]}
    if happened is Happened.MERGED:
        into = _id(event.get("newObjectId")) or _id(event.get("primaryObjectId")) or record
        contacts = [one for one in dict.fromkeys(_merged(event, record)) if one != into]
        payload |= {"into": into, "contacts": contacts}
    return Pushed(known.portal, known.app, known.key, contact=record, payload=payload)


def _merged(event: Mapping[str, Any], record: str) -> Iterator[str]:
    """Every id that leads to the survivor now: which of them ``objectId`` is, is not documented."""
    sources = event.get("mergedObjectIds")
    given = [event.get("primaryObjectId"), *(sources if isinstance(sources, list) else [])]
    yield from filter(None, map(_id, given[: MOST_MERGED + 1]))
    yield record


def _kind(family: str, given: Any) -> str:
    """Of which object the event is: new subscriptions name its type, old ones say it in their name."""
    if family == "contact":
        return CONTACT
    kind = CONTACT if given is None else str(given)
    return kind if family == "object" and kind in (CONTACT, TASK) else ""


def _id(given: Any) -> str:
    """A record's id, which comes as a number here and as text elsewhere; empty for anything else."""
    if isinstance(given, bool) or not isinstance(given, int | str):
        return ""
    text = str(given)
    return text if text.isascii() and text.isdigit() and len(text) <= 20 else ""


def _word(given: Any) -> str:
    text = str(given) if isinstance(given, int | str) else ""
    return text[:40] if text.isascii() and text.isalnum() else ""


def _milliseconds(given: Any) -> int | None:
    if isinstance(given, bool) or not isinstance(given, int):
        return None
    ends = (ENDS - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
    return given if 0 < given < ends else None
