"""Batches of up to a hundred rows, each settled alone.

A trace id in each input turns on multi-status answers: the good rows are written, each bad one is
named by its trace or, when a record is missing, by its id. Results come in no particular order.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeVar

from connectors.errors import Refused
from connectors.hubspot.client import Api
from connectors.hubspot.failures import Answered, codes_of, details, listed, properties_of

T = TypeVar("T")
SIZE = 100
TRACE = "objectWriteTraceId"
BUSY_WORDS = ("RATE", "TIMEOUT", "TRY_AGAIN", "INTERNAL", "LOCK", "UNAVAILABLE")


class Why(Enum):
    """Why a row was not written."""

    CONFLICT = "another record holds the key"
    MISSING = "the record is not there"
    OWNER = "the owner is not active"
    PROPERTY = "a property of ours is gone"
    BUSY = "not now"
    VALUE = "a value was refused"


@dataclass(frozen=True, slots=True)
class Made:
    id: str


@dataclass(frozen=True, slots=True)
class Failed:
    """``words`` name codes and properties, never values."""

    why: Why
    words: str


Settled = Made | Failed
Same = Callable[[Mapping[str, Any], Mapping[str, Any]], bool]
UNSETTLED = Failed(Why.BUSY, "HubSpot did not say what became of this row.")


def chunks(rows: Iterable[T], size: int = SIZE) -> Iterator[list[T]]:
    every = list(rows)
    for start in range(0, len(every), size):
        yield every[start : start + size]


def write(
    api: Api, family: str, verb: str, inputs: Sequence[dict[str, Any]], same: Same
) -> list[Settled]:
    """Write *inputs*, at most a hundred. *same* tells whether a result is that of an input, where
    HubSpot does not repeat the trace. Raises ``CrmError`` when the call failed as a whole."""
    traced = [{**row, TRACE: f"r{index}"} for index, row in enumerate(inputs)]
    try:
        answer = api.call(f"{family}.batch_api", verb, {"inputs": traced}, write=True)
    except Refused as error:
        if len(inputs) > 1 or not isinstance(error.__cause__, Answered):
            raise
        # Refused as a whole, but it is one row: it stands for itself.
        return [_failed(error.__cause__.body)]
    return _settle(traced, answer, same)


def read(
    api: Api,
    family: str,
    keys: Sequence[str],
    properties: Sequence[str],
    by: str | None = None,
    *,
    archived: bool = False,
) -> list[dict[str, Any]]:
    """The records with these ids (or values of the unique property *by*) that there are, or are in the bin when
    *archived*, in calls of a hundred."""
    options = {"archived": True} if archived else {}
    found: list[dict[str, Any]] = []
    for some in chunks(dict.fromkeys(keys)):
        body: dict[str, Any] = {
            "inputs": [{"id": key} for key in some],
            "properties": list(properties),
            "propertiesWithHistory": [],
        }
        asked = {**body, "idProperty": by} if by else body
        answer = api.call(f"{family}.batch_api", "read", asked, **options)
        found += answer["results"]
    return found


def _settle(
    inputs: Sequence[dict[str, Any]], answer: Mapping[str, Any], same: Same
) -> list[Settled]:
    settled: dict[int, Settled] = {}
    for result in answer.get("results", []):
        at = next(
            (i for i, row in enumerate(inputs) if i not in settled and _of(row, result, same)), None
        )
        if at is not None:
            settled[at] = Made(str(result["id"]))
    for error in answer.get("errors") or []:
        for at, row in enumerate(inputs):
            if at not in settled and _names(error, row):
                settled[at] = _failed(error)
    return [settled.get(at, UNSETTLED) for at in range(len(inputs))]


def _of(row: Mapping[str, Any], result: Mapping[str, Any], same: Same) -> bool:
    trace = result.get(TRACE)
    return bool(trace == row[TRACE]) if trace else same(row, result)


def _names(error: Mapping[str, Any], row: Mapping[str, Any]) -> bool:
    traces, ids = listed(error, TRACE), listed(error, "ids")
    if not traces and not ids:
        traces = [trace for detail in details(error) for trace in listed(detail, TRACE)]
    return row[TRACE] in traces or str(row.get("id", "")) in ids


def _failed(error: Mapping[str, Any]) -> Failed:
    codes, properties = codes_of(error), properties_of(error)
    words = " ".join(sorted(codes)) or "no reason given"
    if properties:
        words = f"{', '.join(properties)}: {words}"
    return Failed(_why(codes, properties), words)


def _why(codes: frozenset[str], properties: Sequence[str]) -> Why:
    if codes & {"CONFLICTING_UNIQUE_VALUE", "CONFLICT"}:
        return Why.CONFLICT
    if "OBJECT_NOT_FOUND" in codes:
        return Why.MISSING
    if "hubspot_owner_id" in properties or any("OWNER" in code for code in codes):
        return Why.OWNER
    if "PROPERTY_DOESNT_EXIST" in codes:
        return Why.PROPERTY
    if any(word in code for code in codes for word in BUSY_WORDS):
        return Why.BUSY
    return Why.VALUE
