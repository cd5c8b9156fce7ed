"""What a rendered page carries: our signed word on which rendering of which ask it is, and when it was made."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from itsdangerous import BadSignature

from plugin.db import milliseconds, moment_at
from widget.tokens import signer

LONGEST = 300


@dataclass(frozen=True, slots=True)
class Rendering:
    """The question as it was sent out once. *decoy*: to somebody who followed a way that no human sees."""

    id: str
    ask: str
    at: datetime
    decoy: bool = False


class Stamps:
    """Seals and opens renderings, with the keys that seal survey tokens."""

    def __init__(self, keys: Sequence[str | bytes]) -> None:
        self._signer = signer(keys, "rendering")

    def seal(self, made: Rendering) -> str:
        fields = (made.id, made.ask, f"{milliseconds(made.at)}", f"{made.decoy:d}")
        return self._signer.sign("~".join(fields)).decode("ascii")

    def open(self, text: str, ask: str) -> Rendering | None:
        """The rendering, if the text is a stamp of ours for this very *ask*."""
        if len(text) > LONGEST:
            return None
        try:
            fields = self._signer.unsign(text).decode("ascii").split("~")
        except (BadSignature, UnicodeError):
            return None
        rendering, whose, at, decoy = fields
        if whose != ask:
            return None
        return Rendering(rendering, whose, moment_at(int(at)), decoy == "1")
