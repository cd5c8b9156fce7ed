"""Webhooks as HubSpot sends them: signed batches of what happened, in no particular order, some twice, again until they
are taken."""

import heapq
import json
import random
import threading
import time
from dataclasses import dataclass
from itertools import count
from typing import Any

import requests

from connectors.sandbox.hubspot import signing
from connectors.sandbox.hubspot.grants import Grants
from connectors.sandbox.hubspot.portal import Portal, Record, now
from connectors.sandbox.hubspot.standard import CONTACTS, TYPE_IDS

GATHERS = 0.05  # seconds in which what happens goes into one batch
MOST = 100
PATIENCE = 5.0
TRIES = 11
OBJECT_TYPES = {kind: type_id for type_id, kind in TYPE_IDS.items() if type_id.startswith("0-")}


@dataclass(frozen=True, slots=True)
class Sent:
    """One call that was made; *status* is 0 where there was no answer."""

    status: int
    events: list[dict[str, Any]]


class Webhooks:
    """Sends what ``portal`` tells to the app's address; nothing while it has none. How: see ``Options``."""

    def __init__(self, portal: Portal, grants: Grants) -> None:
        self.sent: list[Sent] = []
        self._portal, self._grants = portal, grants
        self._ids = count(100)
        self._waiting: list[tuple[float, int, dict[str, Any]]] = []
        self._changed = threading.Condition()
        self._ended = False
        self._thread = threading.Thread(target=self._run, name="hubspot-webhooks", daemon=True)
        portal.listeners.append(self._hear)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        with self._changed:
            self._ended = True
            self._changed.notify()
        if self._thread.is_alive():
            self._thread.join(PATIENCE + 1)

    def _hear(self, kind: str, record: Record, more: dict[str, Any]) -> None:
        options = self._portal.options
        if not options.app_url or not (record.type == CONTACTS or options.task_webhooks):
            return
        event = self._event(kind, record, more)
        self._wait([event] * (2 if options.webhook_twice else 1), GATHERS)

    def _event(self, kind: str, record: Record, more: dict[str, Any]) -> dict[str, Any]:
        generic = {"objectTypeId": OBJECT_TYPES[record.type]} if kind.startswith("object.") else {}
        return {
            "eventId": next(self._ids),
            "subscriptionId": 7,
            "portalId": self._portal.id,
            "appId": self._grants.app_id,
            "occurredAt": int(now().timestamp() * 1000),
            "subscriptionType": kind,
            "attemptNumber": 0,
            "objectId": int(record.id),
            **generic,
            **more,
        }

    def _wait(self, events: list[dict[str, Any]], seconds: float) -> None:
        with self._changed:
            for event in events:
                due = time.monotonic() + seconds
                heapq.heappush(self._waiting, (due, next(self._ids), event))
            self._changed.notify()

    def _run(self) -> None:
        while batch := self._next():
            status = self._send(batch)
            self.sent.append(Sent(status, batch))
            if not 200 <= status < 300:
                again = [{**e, "attemptNumber": e["attemptNumber"] + 1} for e in batch]
                pause = self._portal.options.webhook_retry * random.uniform(0.5, 1.5)  # noqa: S311
                self._wait([event for event in again if event["attemptNumber"] < TRIES], pause)

    def _next(self) -> list[dict[str, Any]]:
        """The next batch, once it is due; an empty one at the end."""
        with self._changed:
            while not self._ended:
                pause = self._waiting[0][0] - time.monotonic() if self._waiting else None
                if pause is not None and pause <= 0:
                    return self._due()
                self._changed.wait(pause)
        return []

    def _due(self) -> list[dict[str, Any]]:
        batch: list[dict[str, Any]] = []
        while self._waiting and self._waiting[0][0] <= time.monotonic() and len(batch) < MOST:
            batch.append(heapq.heappop(self._waiting)[2])
        if self._portal.options.webhook_shuffle:
            random.shuffle(batch)
        return batch

    def _send(self, batch: list[dict[str, Any]]) -> int:
        url = f"{self._portal.options.app_url}/hubspot/webhooks"
        body = json.dumps(batch)
        headers = signing.v3(self._grants.client_secret, "POST", url, body)
        headers["Content-Type"] = "application/json"
        try:
            return requests.post(url, body.encode(), headers=headers, timeout=PATIENCE).status_code
        except requests.RequestException:
            return 0
