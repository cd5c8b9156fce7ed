"""Record ids."""

import pytest

from connectors.salesforce import CRM, ids

# Pairs from Salesforce's own documentation and Trailhead.
PAIRS = [
    ("001D000000IqhSL", "001D000000IqhSLIAZ"),
    ("003D000000QYVZj", "003D000000QYVZjIAP"),
]


@pytest.mark.parametrize(("short", "full"), PAIRS)
def test_fifteen_characters_become_eighteen(short: str, full: str) -> None:
    assert ids.long(short) == full
    assert ids.long(full) == full
    assert ids.valid(full)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "003",
        "003gv00000000010",
        "003gv0000000001AAB",
        "003gv0000000001AAA/../../Account",
        "003gv000000000é",
        "003gv0000000001AAA\n",
        "003gv00000000011111",
        "701gv0000000001AAA' OR Id != null",
    ],
)
def test_anything_else_is_refused_before_it_reaches_a_path(text: str) -> None:
    assert not ids.valid(text)
    assert not CRM.valid_record_id(text)
    with pytest.raises(ValueError, match="not a Salesforce id"):
        ids.long(text)


def test_only_contacts_are_contacts() -> None:
    assert CRM.valid_record_id(ids.long("003gv0000000001"))
    assert not CRM.valid_record_id(ids.long("001gv0000000001"))
