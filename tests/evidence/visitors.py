"""Whoever follows a link: fetches its page, reads the form in it, waits, and sends it."""

from dataclasses import dataclass, field
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

from tests.support.surveys import BASE, World

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
FORM = "application/x-www-form-urlencoded"


class Form(HTMLParser):
    """The hidden fields of the survey's form, and where its decoys lead."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.decoy = ""
        self._inside = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "a" and "score=11" in (given.get("href") or ""):
            self.decoy = given["href"] or ""
        if tag == "form":
            self._inside = given.get("method") == "post"
        if tag == "input" and self._inside and given.get("type") == "hidden":
            self.fields[given.get("name") or ""] = given.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "form"


@dataclass
class Visitor:
    """One rendering of the page in somebody's hands; time passes on the world's clock."""

    world: World
    token: str
    address: str = ""
    agent: str = FIREFOX
    headers: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.page = self.get(self.address or f"/s/{self.token}")
        self.form = Form(self.page.text)

    def get(self, address: str, method: str = "GET") -> Any:
        headers = {"User-Agent": self.agent, "Accept": "text/html", **self.headers}
        return self.world.client.open(address, method=method, headers=headers)

    def wait(self, seconds: float) -> "Visitor":
        self.world.clock.ahead += timedelta(seconds=seconds)
        return self

    def send(self, score: int, saw: str = "", **fields: str) -> Any:
        """The form as a browser without script sends it, or as the page's script does with what it *saw*."""
        given = {**self.form.fields, "score": f"{score}", "website": "", **fields}
        if saw:
            given["evidence"] += f";{saw}"
        accept = "application/json" if saw else "text/html"
        headers = {"User-Agent": self.agent, "Accept": accept, "Origin": BASE, **self.headers}
        return self.world.client.post(
            "/api/v1/answers", data=urlencode(given), content_type=FORM, headers=headers
        )


def saw(
    first: int | str = 2000,
    since: int = 2500,
    inputs: int = 2,
    presses: int = 1,
    spread: int | str = 0,
    scores: int = 1,
    hidden: int = 0,
    driven: int = 0,
    kinds: str = "mouse",
) -> str:
    """What the page's script tells: by default of a hand with a mouse, after two seconds."""
    return f"v2,{first},{since},{inputs},{presses},{spread},{scores},{hidden},{driven},{kinds}"
