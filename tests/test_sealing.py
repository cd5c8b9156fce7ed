"""What is sealed opens only for what it was sealed for, with a key we hold, unchanged."""

import pytest

from plugin.sealing import SealBroken, Sealer

OLD, NEW = "o" * 40, "n" * 40


def test_a_sealed_value_opens_for_its_purpose_only() -> None:
    sealer = Sealer([NEW])
    sealed = sealer.seal("token", "hubspot:1/access_token")
    assert "token" not in sealed
    assert sealer.open(sealed, "hubspot:1/access_token") == "token"
    for other in ("hubspot:2/access_token", "hubspot:1/refresh_token", ""):
        with pytest.raises(SealBroken):
            sealer.open(sealed, other)


def test_a_rotated_key_still_opens_and_a_lost_one_does_not() -> None:
    sealed = Sealer([OLD]).seal("token", "p")
    assert Sealer([NEW, OLD]).open(sealed, "p") == "token"
    with pytest.raises(SealBroken):
        Sealer([NEW]).open(sealed, "p")
    assert Sealer([NEW]).open(Sealer([NEW, OLD]).seal("token", "p"), "p") == "token"


@pytest.mark.parametrize("sealed", ["", "x", "é", "gAAAA"])
def test_rubbish_is_broken_and_nothing_worse(sealed: str) -> None:
    with pytest.raises(SealBroken):
        Sealer([NEW]).open(sealed, "p")


def test_one_changed_character_breaks_the_seal() -> None:
    sealed = Sealer([NEW]).seal("token", "p")
    changed = sealed[:-5] + ("A" if sealed[-5] != "A" else "B") + sealed[-4:]
    with pytest.raises(SealBroken):
        Sealer([NEW]).open(changed, "p")
