"""The pipelines of deals and tickets, and which of their stages mean closed."""

from collections.abc import Callable, Mapping
from time import monotonic
from typing import Any

from connectors.errors import Refused
from connectors.hubspot.client import Api
from connectors.watching import Choice

FRESH = 300.0


class Pipelines:
    """Kept for five minutes: an account changes them rarely."""

    def __init__(self, api: Api, clock: Callable[[], float] = monotonic) -> None:
        self._api, self._clock = api, clock
        self._kept: dict[str, tuple[float, list[Mapping[str, Any]]]] = {}

    def choices(self, kind: str) -> list[Choice]:
        return [Choice(str(one["id"]), str(one["label"])) for one in self._of(kind)]

    def closed(self, pipeline: str = "") -> list[str]:
        """The stages of tickets in which one is closed; raises ``Refused`` where there are none."""
        stages = [
            str(stage["id"])
            for one in self._of("tickets")
            for stage in one["stages"]
            if pipeline in ("", str(one["id"]))
            and (stage.get("metadata") or {}).get("ticketState") == "CLOSED"
        ]
        if not stages:
            raise Refused("no_such_choice", "No stage of that ticket pipeline means closed.")
        return stages

    def _of(self, kind: str) -> list[Mapping[str, Any]]:
        at, found = self._kept.get(kind, (float("-inf"), []))
        if self._clock() - at > FRESH:
            path = f"/crm/pipelines/{self._api.connection.api_version}/{kind}"
            found = self._api.plain("GET", path)["results"]
            self._kept[kind] = (self._clock(), found)
        return found
