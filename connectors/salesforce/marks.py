"""How far the changes of an org were read: kept by whoever asks, as text between two looks."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Self

Cursor = tuple[datetime, str]


@dataclass(frozen=True, slots=True)
class Mark:
    """Changes are read from *since* on. In the middle of a look *until* is when it began, and *after* the last row
    that was read of each stream that has not come to its end (``None``: none yet)."""

    since: datetime
    until: datetime | None = None
    after: Mapping[str, Cursor] | None = None

    @classmethod
    def read(cls, text: str) -> Self:
        """Raises ``ValueError``, ``KeyError`` or ``TypeError`` for what ``write`` never wrote."""
        held = json.loads(text)
        since = datetime.fromisoformat(held["since"])
        if "until" not in held:
            return cls(since)
        after = {name: _cursor(*at) for name, at in held["after"].items()}
        return cls(since, datetime.fromisoformat(held["until"]), after)

    def write(self) -> str:
        if self.until is None or self.after is None:
            return json.dumps({"since": self.since.isoformat()})
        after = {name: [at.isoformat(), last] for name, (at, last) in self.after.items()}
        held = {"since": self.since.isoformat(), "until": self.until.isoformat(), "after": after}
        return json.dumps(held)


def _cursor(at: str, last: str) -> Cursor:
    return datetime.fromisoformat(at), last
