"""Reads from a request how it came about: what it carries, and what kind of program sent it."""

from collections.abc import Mapping

from plugin.evidence import agents, saw
from plugin.evidence.rules import Act
from plugin.evidence.stamps import Stamps


def act(
    stamps: Stamps, ask: str, evidence: str, headers: Mapping[str, str], *, website: bool
) -> Act:
    """*evidence* is a stamp, and behind a semicolon what the page's script saw."""
    stamp, _, told = evidence.partition(";")
    return Act(
        rendering=stamps.open(stamp, ask),
        saw=saw.read(told),
        agent=agents.kind(headers.get("User-Agent", "")),
        by_hand=agents.by_hand(headers),
        website=website,
    )


def agent(headers: Mapping[str, str]) -> str:
    """Who fetches a page, as one word."""
    if agents.fetched_ahead(headers):
        return agents.PREFETCH
    return agents.kind(headers.get("User-Agent", ""))
