"""The results of a collection, row by row, turned into fates."""

from collections.abc import Sequence
from typing import Any

from connectors.salesforce import contacts, ids
from connectors.salesforce.client import Org, Row
from connectors.salesforce.problems import LOST, Problem, problems, settled
from connectors.types import Fate, Outcome

GONE = Outcome(Fate.GONE, code="contact_gone", detail="The contact was deleted.")
NO_CONTACT = Outcome(Fate.REFUSED, code="malformed_id", detail="This is not the id of a contact.")


def settle(
    org: Org, results: Sequence[Row], contact_ids: Sequence[str], lookup: str
) -> list[Outcome]:
    """An outcome per row. Rows whose contact may be gone are looked up together, in one call.

    *lookup* is the field that names the contact, empty where the row is the contact itself.
    """
    lost = {i for i, result in enumerate(results) if _lost(result, lookup)}
    found = contacts.survivors(org, [contact_ids[i] for i in sorted(lost)])
    return [
        _after_look(result, contact_ids[i], found) if i in lost else outcome(result)
        for i, result in enumerate(results)
    ]


def outcome(result: Row) -> Outcome:
    """The fate of one row as the collection told it."""
    if result.get("success") is True and ids.valid(str(result.get("id"))):
        return Outcome(Fate.DONE, crm_id=ids.long(str(result["id"])))
    return settled(errors(result))


def errors(result: Row) -> list[Problem]:
    found: Any = result.get("errors")
    return problems(found) if isinstance(found, list) else []


def refused_for(result: Row, code: str) -> bool:
    return any(problem.code == code for problem in errors(result))


def _lost(result: Row, lookup: str) -> bool:
    return any(
        problem.code in LOST and (not problem.fields or not lookup or lookup in problem.fields)
        for problem in errors(result)
    )


def _after_look(result: Row, contact_id: str, found: dict[str, str | None]) -> Outcome:
    survivor = found.get(contact_id)
    if survivor is None:
        return GONE
    if survivor != contact_id:
        return Outcome(Fate.MERGED, crm_id=survivor, code="contact_merged")
    return settled(errors(result))
