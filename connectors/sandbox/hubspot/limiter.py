"""The account's rate limits: a rolling ten seconds, a day, and search by the second."""

import threading
import time
from collections import deque

from connectors.sandbox.hubspot.options import Options
from connectors.sandbox.hubspot.problems import too_many

TEN_SECONDS = 10.0


class Limiter:
    """Counts calls; refused ones count too, as they do on the real thing."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._lock = threading.Lock()
        self._calls: deque[float] = deque()
        self._searches: deque[float] = deque()
        self.today = 0

    def admit(self, *, search: bool) -> None:
        """Raises a 429 when this call is one too many."""
        at = time.monotonic()
        with self._lock:
            if search:
                self._search(at)
            else:
                self._call(at)

    def headers(self) -> dict[str, str]:
        with self._lock:
            _forget(self._calls, time.monotonic() - TEN_SECONDS)
            left = max(0, self._options.rate - len(self._calls))
        return {
            "X-HubSpot-RateLimit-Max": str(self._options.rate),
            "X-HubSpot-RateLimit-Remaining": str(left),
            "X-HubSpot-RateLimit-Interval-Milliseconds": str(int(TEN_SECONDS * 1000)),
        }

    def _call(self, at: float) -> None:
        self.today += 1
        _forget(self._calls, at - TEN_SECONDS)
        self._calls.append(at)
        if self._options.daily is not None and self.today > self._options.daily:
            raise too_many("DAILY")
        if len(self._calls) > self._options.rate:
            raise too_many("TEN_SECONDLY_ROLLING")

    def _search(self, at: float) -> None:
        _forget(self._searches, at - 1)
        self._searches.append(at)
        if len(self._searches) > self._options.search_rate:
            raise too_many("SECONDLY")


def _forget(times: deque[float], before: float) -> None:
    while times and times[0] < before:
        times.popleft()
