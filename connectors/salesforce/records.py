"""Answer records and the contact's fields, in collections of 200."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Protocol, TypeVar

from simple_salesforce.format import format_soql

from connectors.manifest import Field, manifest
from connectors.salesforce import ids
from connectors.salesforce.client import BATCH, Org, Row
from connectors.salesforce.rows import NO_CONTACT, refused_for, settle
from connectors.salesforce.text import cut
from connectors.types import AnswerRecord, ContactUpdate, Fate, Outcome

Value = str | int | bool | datetime | None


class Keyed(Protocol):
    """What has a key of ours."""

    @property
    def key(self) -> str: ...


class OfContact(Protocol):
    """What is about a contact."""

    @property
    def contact_id(self) -> str: ...


class KeyedOfContact(Keyed, OfContact, Protocol):
    """Both."""


Item = TypeVar("Item", bound=OfContact)


def write_answers(org: Org, records: Sequence[AnswerRecord]) -> list[Outcome]:
    """One record per answer, made or brought up to date by its key."""
    kind, key = manifest().salesforce.answer_record.object, api_name(manifest().answer["key"])

    def write(some: Sequence[AnswerRecord]) -> list[Outcome]:
        results = org.write("PATCH", f"/{kind}/{key}", kind, [_answer(one) for one in some])
        outcomes = settle(
            org, results, [one.contact_id for one in some], api_name(manifest().answer["contact"])
        )
        return read_back(org, (kind, key), some, results, outcomes)

    return in_batches(write, records)


def update_contacts(org: Org, updates: Sequence[ContactUpdate]) -> list[Outcome]:
    """New values of our fields; a value of ``None`` clears, an absent one is kept."""

    def write(some: Sequence[ContactUpdate]) -> list[Outcome]:
        sent = [
            {"id": ids.long(one.contact_id)} | values(manifest().contact, one.values)
            for one in some
        ]
        results = org.write("PATCH", "", "Contact", sent)
        return settle(org, results, [one.contact_id for one in some], "")

    return in_batches(write, updates)


def in_batches(
    write: Callable[[Sequence[Item]], list[Outcome]], items: Sequence[Item]
) -> list[Outcome]:
    """The outcomes of all *items*, in order; what names no contact is not sent."""
    sound = [item for item in items if ids.valid(item.contact_id, ids.CONTACT)]
    starts = range(0, len(sound), BATCH)
    written = iter([o for start in starts for o in write(sound[start : start + BATCH])])
    checked = (ids.valid(item.contact_id, ids.CONTACT) for item in items)
    return [next(written) if good else NO_CONTACT for good in checked]


def values(fields: Mapping[str, Field], given: Mapping[str, Value]) -> Row:
    """*given*, by neutral key, under the names and in the forms of the org."""
    return {api_name(fields[key]): _value(fields[key], value) for key, value in given.items()}


def api_name(field: Field) -> str:
    """The field's name in Salesforce; raises ``ValueError`` for one that is not kept there."""
    if field.salesforce is None:
        raise ValueError(f"{field.key} is not kept in Salesforce")
    return field.salesforce


def moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _value(field: Field, value: Value) -> str | int | None:
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return cut(value, field.length) if field.length else value
    return value


def _answer(record: AnswerRecord) -> Row:
    return values(
        manifest().answer,
        {
            "key": record.key,
            "score": record.score,
            "category": record.category,
            "comment": record.comment,
            "touchpoint": record.touchpoint,
            "kind": record.kind,
            "answered_at": record.answered_at,
            "revision": record.revision,
            "may_contact": record.may_contact,
            "contact": ids.long(record.contact_id),
        },
    )


def read_back(
    org: Org,
    source: tuple[str, str],
    items: Sequence[Keyed],
    results: Sequence[Row],
    outcomes: list[Outcome],
) -> list[Outcome]:
    """Rows refused as double were written by a call that ran beside ours: their ids are the proof."""
    double = [one.key for one, result in zip(items, results, strict=True) if _double(result)]
    if not double:
        return outcomes
    written = by_key(org, source, double)
    return [
        Outcome(Fate.DONE, crm_id=written[one.key])
        if one.key in written and o.fate is Fate.REFUSED
        else o
        for one, o in zip(items, outcomes, strict=True)
    ]


def by_key(org: Org, source: tuple[str, str], keys: Sequence[str]) -> dict[str, str]:
    """Record ids by our key, of deleted records too; *source* is ``(object, key field)``."""
    kind, key = source

    def soql(some: list[str]) -> str:
        text = "SELECT Id, {key:literal} FROM {kind:literal} WHERE {key:literal} IN {some}"
        return format_soql(text, key=key, kind=kind, some=some)

    rows = org.query_in(soql, keys, deleted=True)
    return {row[key]: row["Id"] for row in rows}


def _double(result: Row) -> bool:
    return refused_for(result, "DUPLICATE_VALUE")
