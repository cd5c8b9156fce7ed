"""Who owns what: the account's owners, and who should get a contact's task."""

from collections.abc import Callable, Mapping, Sequence
from time import monotonic
from typing import Any

from connectors.errors import MissingRight
from connectors.hubspot import people
from connectors.hubspot.batch import read
from connectors.hubspot.client import Api
from connectors.types import Owner

FRESH = 60.0
PAGE = 500
PAGES = 20


class Owners:
    """The account's owners, kept for a minute."""

    def __init__(self, api: Api, clock: Callable[[], float] = monotonic) -> None:
        self._api = api
        self._clock = clock
        self._kept: dict[bool, tuple[float, dict[str, Owner]]] = {}

    def active(self) -> dict[str, Owner]:
        """By id. Raises ``MissingRight`` without the scope."""
        return self._listed(archived=False)

    def gone(self) -> dict[str, Owner]:
        return self._listed(archived=True)

    def _listed(self, *, archived: bool) -> dict[str, Owner]:
        at, found = self._kept.get(archived, (float("-inf"), {}))
        if self._clock() - at > FRESH:
            found = self._fetched(archived=archived)
            self._kept[archived] = (self._clock(), found)
        return found

    def _fetched(self, *, archived: bool) -> dict[str, Owner]:
        found: dict[str, Owner] = {}
        after: dict[str, Any] = {}
        for _ in range(PAGES):
            answer = self._api.call(
                "crm.owners.owners_api", "get_page", limit=PAGE, archived=archived, **after
            )
            found |= {str(row["id"]): _owner(row, active=not archived) for row in answer["results"]}
            following = (answer.get("paging") or {}).get("next")
            if not following:
                break
            after = {"after": following["after"]}
        return found


def users(owners: Owners) -> list[Owner]:
    return [*owners.active().values(), *owners.gone().values()]


def named(owners: Owners, ids: Sequence[str]) -> dict[str, Owner]:
    """Those of *ids* that are known, deactivated ones too."""
    active = owners.active()
    away = {} if all(key in active for key in ids) else owners.gone()
    both = {**away, **active}
    return {key: both[key] for key in ids if key in both}


def task_owners(
    api: Api, owners: Owners, contact_ids: Sequence[str], fallback: str
) -> dict[str, Owner | None]:
    """For each contact its owner if active, else its company's, else *fallback*, else nobody.

    At most one call per hundred contacts, one for the owners, one per hundred companies. Where we may
    not see owners their ids are believed: a task that HubSpot refuses is written without.
    """
    valid = [key for key in contact_ids if people.valid_id(key)]
    held = _properties(api, people.FAMILY, valid, ("hubspot_owner_id", "associatedcompanyid"))
    known = _known(owners)
    chosen = {key: _of(held.get(key, {}), known) for key in contact_ids}
    companies = {
        key: held[key].get("associatedcompanyid") or ""
        for key in valid
        if chosen[key] is None and key in held
    }
    by_company = _company_owners(api, set(companies.values()) - {""}, known)
    last = known(fallback) if fallback else None
    return {
        key: owner or by_company.get(companies.get(key, "")) or last
        for key, owner in chosen.items()
    }


def _company_owners(
    api: Api, ids: set[str], known: Callable[[str], Owner | None]
) -> dict[str, Owner | None]:
    if not ids:
        return {}
    try:
        held = _properties(api, "crm.companies", sorted(ids), ("hubspot_owner_id",))
    except MissingRight:
        return {}
    return {key: _of(values, known) for key, values in held.items()}


def _known(owners: Owners) -> Callable[[str], Owner | None]:
    try:
        return owners.active().get
    except MissingRight:
        return lambda owner_id: Owner(owner_id, "") if people.valid_id(owner_id) else None


def _of(values: Mapping[str, Any], known: Callable[[str], Owner | None]) -> Owner | None:
    owner_id = values.get("hubspot_owner_id")
    return known(owner_id) if owner_id else None


def _properties(
    api: Api, family: str, ids: Sequence[str], names: Sequence[str]
) -> dict[str, dict[str, Any]]:
    return {str(row["id"]): row["properties"] for row in read(api, family, ids, names)}


def _owner(row: Mapping[str, Any], *, active: bool) -> Owner:
    name = f"{row.get('firstName') or ''} {row.get('lastName') or ''}".strip()
    email = row.get("email") or ""
    return Owner(str(row["id"]), name or email, email, active)
