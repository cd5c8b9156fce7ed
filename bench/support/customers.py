"""Customers who answer over HTTP, change their minds, and try again with the same words when the line breaks."""

import random
import threading
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import requests

PATIENCE = 120.0  # seconds until a customer gives up
STORIES = {"once": 100, "comment": 40, "up": 20, "down": 20}  # and how many of 180 behave so


@dataclass
class Customer:
    """What one customer says in turn, and what he was told."""

    token: str
    contact: str
    crm: str
    says: list[tuple[int, str]]
    answer: str = ""
    revision: int = 0
    heard: int = 0  # how many of *says* were acknowledged
    tries: int = 0
    refused: list[str] = field(default_factory=list)

    @property
    def last(self) -> tuple[int, str]:
        return self.says[self.heard - 1]

    @property
    def scores(self) -> list[int]:
        return [score for score, _ in self.says[: self.heard]]

    def behave(self, url: str, pause: float) -> None:
        for score, comment in self.says:
            if self.heard:
                time.sleep(pause)
            if not self._say(url, score, comment):
                return

    def _say(self, url: str, score: int, comment: str) -> bool:
        over = time.monotonic() + PATIENCE
        body = {"token": self.token, "score": f"{score}", "comment": comment}
        while time.monotonic() < over:
            self.tries += 1
            try:
                answer = requests.post(f"{url}/api/v1/answers", data=body, timeout=10)
            except requests.RequestException:
                time.sleep(0.3)
                continue
            if answer.status_code not in (200, 201):
                self.refused.append(f"{answer.status_code} {answer.text[:200]}")
                time.sleep(0.5)
                continue
            self._heard(answer.json())
            return True
        return False

    def _heard(self, document: dict[str, object]) -> None:
        if self.answer and self.answer != document["answer_id"]:
            self.refused.append(f"another answer: {document['answer_id']}")
        self.answer = str(document["answer_id"])
        self.revision = int(str(document["revision"]))
        self.heard += 1


def customers(
    crm: str, tokens: Sequence[str], contacts: Sequence[str], dice: random.Random
) -> list[Customer]:
    """Most answer once; some add a comment later, some come to a better or a worse score."""
    return [
        Customer(token, contact, crm, _says(f"{crm} {number}", dice))
        for number, (token, contact) in enumerate(zip(tokens, contacts, strict=True))
    ]


def _says(who: str, dice: random.Random) -> list[tuple[int, str]]:
    (story,) = dice.choices(list(STORIES), list(STORIES.values()))
    first = {"up": 2, "down": 10}.get(story, dice.randrange(11))
    once = first, f"{who} says once."
    if story == "once":
        return [once]
    return [once, ({"up": 9, "down": 3}.get(story, first), f"{who} says twice.")]


class Crowd:
    """Customers answering at the same time, in threads of their own."""

    def __init__(self, size: int, url: str, dice: random.Random) -> None:
        self._pool = ThreadPoolExecutor(size)
        self._url, self._dice = url, dice

    def answer(self, some: Iterable[Customer]) -> threading.Event:
        """Lets them answer; the event is set when all have."""
        done = threading.Event()
        runs = [self._pool.submit(c.behave, self._url, self._dice.uniform(0, 3)) for c in some]

        def watch() -> None:
            for run in runs:
                run.result()
            done.set()

        threading.Thread(target=watch, daemon=True).start()
        return done

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)
