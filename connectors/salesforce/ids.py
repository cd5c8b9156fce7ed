"""Record ids: 15 characters where case matters, or 18 with a checksum of that case. We keep 18."""

import re

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
SHAPE = re.compile(r"[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?", re.ASCII)
CONTACT = "003"


def valid(text: str, prefix: str = "") -> bool:
    """Whether *text* is an id, its checksum included where it has one, of the object with *prefix*."""
    if not SHAPE.fullmatch(text) or not text.startswith(prefix):
        return False
    return len(text) == 15 or checksum(text[:15]) == text[15:].upper()


def long(text: str) -> str:
    """The 18 characters of an id of 15 or 18; raises ``ValueError`` for anything else."""
    if not valid(text):
        raise ValueError("not a Salesforce id")
    return text[:15] + checksum(text[:15])


def checksum(text: str) -> str:
    groups = (text[start : start + 5] for start in (0, 5, 10))
    return "".join(
        ALPHABET[sum(1 << i for i, c in enumerate(g) if "A" <= c <= "Z")] for g in groups
    )
