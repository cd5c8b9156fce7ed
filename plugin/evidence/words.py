"""What is known of how an answer came about, in words for people."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.engine import Row

from plugin.evidence.agents import PREFETCH
from plugin.evidence.rules import AT_ONCE, CROWD, DECOY

AGENTS = {
    "browser": "a browser",
    PREFETCH: "a browser that fetches pages ahead",
    "headless": "a browser without a screen",
    "preview": "a program that makes link previews",
    "scanner": "a mail scanner",
    "crawler": "a crawler",
    "program": "a program",
    "none": "something that does not say what it is",
}
KINDS = {"mouse": "mouse", "touch": "touch", "pen": "pen", "key": "keys", "script": "script"}
REASONS = {
    "hand": "Given by hand{with_what}, {after} after the page was opened.",
    "form": "Sent as a form without script, {after} after the page was opened.",
    "host": "Given in your own page.",
    "decoy_field": "Whoever sent it filled in a field that no person sees.",
    "not_rendered": "Sent without opening the page.",
    "decoy_link": "Whoever sent it pressed something on the page that no person sees.",
    "agent": "Sent by {agent}, not by a person.",
    "no_hand": "A script pressed the buttons on the page, not a hand.",
    "too_fast": "Sent {after} after the page was opened: faster than anybody reads.",
    "pace": "One thing after another was pressed faster than a hand can.",
    "too_soon": "Sent {since_mail} after the mail was delivered: sooner than anybody opens it.",
    "crowd": "Sent from one of several links of the same mail that were opened at the same moment.",
    "scores": "Another page that was open at the same time gave another score.",
}
LINKS = 11


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that happened. *human*: whether it speaks for a hand, ``None`` for neither."""

    at: datetime
    text: str
    human: bool | None = None


def verdicts(rows: Iterable[Row[Any]]) -> list[Told]:
    return [Told(row.at, _verdict(row), row.human) for row in rows]


def _verdict(row: Row[Any]) -> str:
    if row.by:
        return f"{row.by} decided that it {'counts' if row.human else 'does not count'}."
    kinds = [KINDS[kind] for kind in row.kinds.split() if kind in KINDS and kind != "script"]
    return REASONS[row.reason].format(
        with_what=f" ({', '.join(kinds)})" if kinds else "",
        after=span(row.after or 0),
        since_mail=span(row.since_mail or 0),
        agent=AGENTS.get(row.agent, AGENTS["program"]),
    )


def openings(rows: Sequence[Row[Any]], mailed_at: datetime | None) -> list[Told]:
    """Openings close together are one visit. *rows* in order of time."""
    visits: list[list[Row[Any]]] = []
    for row in rows:
        if visits and row.at - visits[-1][-1].at < AT_ONCE:
            visits[-1].append(row)
        else:
            visits.append([row])
    return [Told(visit[0].at, _visit(visit, mailed_at)) for visit in visits]


def _visit(visit: Sequence[Row[Any]], mailed_at: datetime | None) -> str:
    when = ""
    if mailed_at is not None and visit[0].at >= mailed_at:
        when = f" {span((visit[0].at - mailed_at) / timedelta(milliseconds=1))} after delivery"
    return f"Opened{when} {_by_whom(visit)}."


def _by_whom(visit: Sequence[Row[Any]]) -> str:
    scores = {row.score for row in visit} - {None}
    links = len(scores - {DECOY})
    fetched = "all eleven links" if links == LINKS else f"{links} of the links"
    hidden = "the link that no person sees"
    if links >= CROWD:
        also = f", and {hidden}" if DECOY in scores else ""
        return f"by something that fetched {fetched} at once{also}"
    if DECOY in scores:
        return f"by something that followed {hidden}"
    agents = sorted({AGENTS.get(row.agent, AGENTS["program"]) for row in visit})
    only = " (not the page itself)" if all(row.head for row in visit) else ""
    return f"by {' and '.join(agents)}{only}"


def span(milliseconds: float) -> str:
    """So long, as one says it."""
    seconds = milliseconds / 1000
    for unit, size in (("days", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds // size:.0f} {unit}"
    return f"{seconds:.0f} s" if seconds >= 10 else f"{seconds:.1f} s"
