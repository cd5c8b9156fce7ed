"""Mails that leave one at a time: whoever is killed leaves one in doubt, not a batch."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

from plugin.deliveries.verdicts import Delivery, Lane, Verdict


class Singly(ABC):
    """A handler of deliveries, of which it takes one."""

    def limit(self, lane: str) -> int:
        return 1

    def handle(self, lane: Lane, rows: Sequence[Delivery], within: float) -> Sequence[Verdict]:
        return [self._one(row, within) for row in rows]

    @abstractmethod
    def _one(self, row: Delivery, within: float) -> Verdict:
        """What became of it, in *within* seconds. Raises ``Wait``."""
