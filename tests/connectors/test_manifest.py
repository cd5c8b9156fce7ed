"""The manifest is checked when it is loaded."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from connectors.manifest import MANIFEST, load, manifest
from connectors.manifest_check import ManifestError

RAW = json.loads(MANIFEST.read_text(encoding="utf-8"))


def test_every_field_of_the_file_is_there_in_its_order() -> None:
    for part, fields in (
        ("contact", manifest().contact),
        ("answer", manifest().answer),
        ("task", manifest().task),
    ):
        assert list(fields) == list(RAW["fields"][part])
    score = manifest().contact["score"]
    assert (score.hubspot, score.salesforce) == ("gensvar_score", "Gensvar_Score__c")
    assert (score.min, score.max) == (0, 10)
    assert [o.value for o in manifest().contact["category"].options] == [
        "promoter", "passive", "detractor",
    ]  # fmt: skip


def test_answers_are_kept_as_notes_in_hubspot_without_fields_but_the_key() -> None:
    named = [key for key, field in manifest().answer.items() if field.hubspot]
    assert named == ["key"]


def _no_prefix(raw: Any) -> None:
    raw["fields"]["contact"]["score"]["hubspot"] = "score"


def _twice(raw: Any) -> None:
    raw["fields"]["contact"]["kind"]["hubspot"] = "gensvar_score"


def _no_options(raw: Any) -> None:
    del raw["fields"]["contact"]["kind"]["options"]


def _no_bounds(raw: Any) -> None:
    del raw["fields"]["contact"]["score"]["max"]


def _unknown_type(raw: Any) -> None:
    raw["fields"]["contact"]["score"]["type"] = "colour"


def _typing_error(raw: Any) -> None:
    raw["hubspot"]["scops"] = {}


def _other_version(raw: Any) -> None:
    raw["version"] = 2


@pytest.mark.parametrize(
    ("spoil", "place"),
    [
        (_no_prefix, "fields/contact/score/hubspot"),
        (_twice, "gensvar_score is named twice"),
        (_no_options, "fields/contact/kind"),
        (_no_bounds, "fields/contact/score"),
        (_unknown_type, "fields/contact/score/type"),
        (_typing_error, "scops"),
        (_other_version, "version"),
    ],
)
def test_a_wrong_manifest_names_the_place(
    spoil: Callable[[Any], None], place: str, tmp_path: Path
) -> None:
    raw = copy.deepcopy(RAW)
    spoil(raw)
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps(raw), encoding="utf-8")
    with pytest.raises(ManifestError, match=place):
        load(path)


def test_the_cards_words_for_causes_and_outcomes_are_the_fields_own():
    whole = manifest()

    for field, words in (("cause", whole.card.causes), ("outcome", whole.card.outcomes)):
        options = {option.value: option.label for option in whole.task[field].options}
        assert {value: said["en"] for value, said in words.items()} == options
