"""What the card's own tests believe that we answer is what we answer: the same fields of the same types.

The samples are read by both sides, here and in ``tests/connectors/hubspot/project/samples.test.tsx``.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.crm.hubspot.calls import Calls
from tests.crm.hubspot.test_card import DONE, answered, card

SAMPLES = Path(__file__).parents[2] / "connectors/hubspot/project/samples"


def sample(name: str) -> Any:
    return json.loads((SAMPLES / f"{name}.json").read_text("utf-8"))


def differences(ours: Any, theirs: Any, at: str = "") -> list[str]:
    """Places where the two differ in fields or types; nothing is known of what stands as null or as an empty list."""
    if ours is None or theirs is None:
        return []
    if type(ours) is not type(theirs):
        return [f"{at}: {type(ours).__name__}, not {type(theirs).__name__}"]
    if isinstance(ours, dict):
        missing = [f"{at}/{name}" for name in ours.keys() ^ theirs.keys()]
        both = ours.keys() & theirs.keys()
        return missing + [d for n in both for d in differences(ours[n], theirs[n], f"{at}/{n}")]
    if isinstance(ours, list):
        pairs = zip(ours[:1], theirs[:1], strict=False)
        return [found for a, b in pairs for found in differences(a, b, f"{at}[]")]
    return []


@pytest.fixture
def detractor(calls: Calls) -> Calls:
    answered(calls, 9, 3, comment="Nobody called.")
    return calls


def test_the_card(detractor: Calls):
    found = card(detractor)

    assert found["answers"]
    assert found["follow_ups"]
    assert differences(found, sample("card")) == []


def test_handled(detractor: Calls):
    follow_up = card(detractor)["follow_ups"][0]["id"]
    order = {"contact": "101", "follow_up": follow_up} | DONE
    done = detractor.post("/hubspot/card/handled", order)

    assert done.status_code == 200
    assert differences(done.json, sample("handled")) == []


def test_asked_and_refused(calls: Calls):
    calls.world.person()
    calls.world.person("102", unsubscribed_at=calls.world.clock.now())
    asked, refused = (
        calls.post("/hubspot/card/ask", {"contact": contact, "touchpoint": "support"}).json
        for contact in ("101", "102")
    )

    assert (asked["asked"], refused["asked"]) == (True, False)
    assert differences(asked, sample("asked")) == []
    assert differences(refused, sample("refused")) == []


def test_settings(calls: Calls):
    assert differences(calls.get("/hubspot/settings").json, sample("settings")) == []


def test_a_difference_is_found():
    other = sample("card")
    del other["answers"][0]["before"]
    other["more"] = "no"

    assert sorted(differences(other, sample("card"))) == [
        "/answers[]/before",
        "/more: str, not bool",
    ]
