"""What a contact was told, as a note on the timeline: written once, and left alone from then on.

A note and no logged e-mail: an app may read notes back to find what it wrote with the rights it has anyway.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC

from connectors.hubspot.activities import Activity, Kind
from connectors.hubspot.client import Api
from connectors.hubspot.once import outcomes
from connectors.hubspot.records import BODY, iso, notes
from connectors.hubspot.text import BODY_LIMIT, rich
from connectors.manifest import manifest
from connectors.types import Fate, Outcome, Telling


def write_tellings(api: Api, tellings: Sequence[Telling]) -> list[Outcome]:
    kind = replace(notes(api), renewed=False)
    done = {one.key: Outcome(Fate.DONE, crm_id=one.proof) for one in tellings if one.proof}
    fresh = {one.key: _note(kind, one) for one in tellings if one.key not in done}
    attempted = [one.key for one in tellings if one.attempted and one.key in fresh]
    done |= outcomes(kind, list(fresh.values()), attempted, lambda _one, _failed: None)
    return [done[one.key] for one in tellings]


def _note(kind: Kind, one: Telling) -> Activity:
    texts = manifest().telling
    subject = texts.subject.format(subject=" ".join(one.subject.split()))
    body = texts.body.format(
        channel=texts.channels[one.channel],
        told_at=f"{one.told_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC",
        text=one.text,
    )
    shown = rich(f"{subject}\n{body}", BODY_LIMIT - kind.room)
    return Activity(one.key, one.contact_id, {BODY: shown, "hs_timestamp": iso(one.told_at)})
