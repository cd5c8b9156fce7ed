"""What the page's own script saw, as it travels with an answer (widget/static/evidence.js)."""

import re
from dataclasses import dataclass
from datetime import timedelta

KINDS = ("mouse", "touch", "pen", "key", "script")
_NUMBER = r"(\d{0,12})"
_TOLD = re.compile(
    rf"v2,{_NUMBER},{_NUMBER},(\d{{1,6}}),(\d{{1,6}}),{_NUMBER},(\d\d?),([01]),([01])((?:,[a-z]{{1,10}})*)"
)


@dataclass(frozen=True, slots=True)
class Saw:
    """*first*: from when the page could be seen to the first input that the browser vouches for, ``None`` without
    any. *inputs* are those inputs (a press, a key, a click), *presses* those of a pointer, the first and the last of
    which lie *spread* apart; *scores* is how many different scores were pressed. *kinds* say with what, ``script``
    being an input that no hand gave. *driven*: the browser says of itself that a program drives it."""

    first: timedelta | None
    since: timedelta
    inputs: int
    presses: int
    spread: timedelta
    scores: int
    hidden: bool
    driven: bool
    kinds: tuple[str, ...]


def read(text: str) -> Saw | None:
    """``None`` for anything but what our script writes."""
    told = _TOLD.fullmatch(text)
    if told is None:
        return None
    first, since, inputs, presses, spread, scores, hidden, driven, kinds = told.groups()
    return Saw(
        first=_span(first) if first else None,
        since=_span(since or "0"),
        inputs=int(inputs),
        presses=int(presses),
        spread=_span(spread or "0"),
        scores=int(scores),
        hidden=hidden == "1",
        driven=driven == "1",
        kinds=tuple(kind for kind in kinds.split(",") if kind in KINDS),
    )


def _span(milliseconds: str) -> timedelta:
    return timedelta(milliseconds=int(milliseconds))
