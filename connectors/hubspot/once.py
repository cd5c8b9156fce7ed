"""One effect per row, whatever went wrong before: look first, create what is missing, look again."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from connectors.errors import CrmError, MissingRight, Refused
from connectors.hubspot import people
from connectors.hubspot.activities import Activity, Kind, valid
from connectors.hubspot.batch import SIZE, Failed, Made, Settled, Why, chunks
from connectors.types import Fate, Outcome

INVALID = Outcome(
    Fate.REFUSED, code="id_invalid", detail="This is not the id of a HubSpot contact."
)
BUSY = Outcome(Fate.BUSY, code="busy", detail="HubSpot could not take this row now.")
TAKEN = Failed(Why.VALUE, "A deleted record in HubSpot holds this row's key.")

Spoiled = Callable[[Activity, Failed], Activity | None]


def outcomes(
    api_kind: Kind, wanted: Sequence[Activity], attempted: Sequence[str], repair: Spoiled
) -> dict[str, Outcome]:
    """What became of each activity, by key: those whose create an earlier try may have done
    (*attempted*) are looked for first. *repair* may offer another form of a refused one, tried once."""
    done: dict[str, Outcome] = {one.key: INVALID for one in wanted if not valid(one)}
    good = [one for one in wanted if valid(one)]
    known = api_kind.find([one for one in good if one.key in set(attempted)])
    done |= {key: Outcome(Fate.DONE, crm_id=record_id) for key, record_id in known.items()}
    for some in chunks([one for one in good if one.key not in known], SIZE):
        done |= _created(api_kind, some, repair)
    return done


def _created(kind: Kind, wanted: Sequence[Activity], repair: Spoiled) -> dict[str, Outcome]:
    settled = _create(kind, wanted)
    # From here on something may be written: a failing look-up leaves single rows for later.
    with suppress(CrmError):
        settled |= _repaired(kind, wanted, settled, repair)
    with suppress(CrmError):
        settled |= _conflicts(kind, wanted, settled)
    return judged(kind, {one.key: one.contact_id for one in wanted}, settled)


def _create(kind: Kind, wanted: Sequence[Activity]) -> dict[str, Settled]:
    try:
        return _keyed(wanted, kind.create(wanted))
    except Refused as error:
        # Some accounts refuse the whole batch for one taken key: send the missing ones only.
        if "CONFLICT" not in getattr(error.__cause__, "codes", ()):
            raise
    found = kind.find(wanted)
    missing = [one for one in wanted if one.key not in found]
    made: dict[str, Settled] = {key: Made(record_id) for key, record_id in found.items()}
    return made | (_keyed(missing, kind.create(missing)) if missing else {})


def _repaired(
    kind: Kind, wanted: Sequence[Activity], settled: Mapping[str, Settled], repair: Spoiled
) -> dict[str, Settled]:
    again = [
        other
        for one in wanted
        if isinstance(failed := settled[one.key], Failed) and (other := repair(one, failed))
    ]
    return _keyed(again, kind.create(again)) if again else {}


def _conflicts(
    kind: Kind, wanted: Sequence[Activity], settled: Mapping[str, Settled]
) -> dict[str, Settled]:
    taken = [
        one
        for one in wanted
        if isinstance(failed := settled[one.key], Failed) and failed.why is Why.CONFLICT
    ]
    found = kind.find(taken)
    done: dict[str, Settled] = {one.key: TAKEN for one in taken if one.key not in found}
    there = [one for one in taken if one.key in found]
    if kind.renewed and there:
        return done | _keyed(there, kind.update([found[one.key] for one in there], there))
    return done | {one.key: Made(found[one.key]) for one in there}


def judged(
    kind: Kind, contacts: Mapping[str, str], settled: Mapping[str, Settled]
) -> dict[str, Outcome]:
    """*settled* in our words; *contacts* names each row's contact, who may be gone or merged."""
    _stop_if_property_is_gone(settled)
    suspects = {
        contacts[key]
        for key, one in settled.items()
        if isinstance(one, Failed) and one.why in (Why.VALUE, Why.MISSING)
    }
    try:
        fates = people.fates(kind.api, suspects, missing=False) if suspects else {}
    except CrmError:
        fates = dict.fromkeys(suspects, BUSY)
    return {key: outcome(one, fates.get(contacts[key])) for key, one in settled.items()}


def outcome(one: Settled, fate: Outcome | None) -> Outcome:
    if isinstance(one, Made):
        return Outcome(Fate.DONE, crm_id=one.id)
    if one.why in (Why.BUSY, Why.CONFLICT):
        return replace(BUSY, detail=one.words)
    if fate is not None and one.why in (Why.VALUE, Why.MISSING):
        return fate
    code = "property_missing" if one.why is Why.PROPERTY else "row_refused"
    return Outcome(Fate.REFUSED, code=code, detail=f"HubSpot refused it: {one.words}")


def _stop_if_property_is_gone(settled: Mapping[str, Settled]) -> None:
    failed = [one for one in settled.values() if isinstance(one, Failed)]
    if failed and len(failed) == len(settled) and all(one.why is Why.PROPERTY for one in failed):
        raise MissingRight("property_missing", f"{failed[0].words}: run the install again.")


def _keyed(wanted: Sequence[Activity], settled: Sequence[Settled]) -> dict[str, Settled]:
    return {one.key: result for one, result in zip(wanted, settled, strict=True)}
