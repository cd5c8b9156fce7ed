"""Plays a mail scanner, for the demo: follows every link of a mail at once, and presses what it finds there."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import requests

PATIENCE = 10.0  # seconds
LOCAL = ("127.0.0.1", "localhost", "[::1]")
# What a browser calls itself, as scanners do.
AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36"
SURVEY = "/s/"


@dataclass(frozen=True, slots=True)
class Visit:
    """How many links were fetched, by HEAD and by GET, and how many forms were sent."""

    links: int
    forms: int


def visit(html: str) -> Visit:
    """Every survey link in *html* that leads to this machine, all at once; the forms behind them are filled in, hidden
    fields and all, and sent."""
    links = [link for link in dict.fromkeys(_Page(html).links) if _ours(link)]
    with ThreadPoolExecutor(max_workers=max(1, len(links))) as together:
        sent = list(together.map(_follow, links))
    return Visit(len(links), sum(sent))


def _ours(link: str) -> bool:
    parts = urlsplit(link)
    return parts.hostname in LOCAL and SURVEY in parts.path


def _follow(link: str) -> int:
    try:
        with requests.Session() as session:
            session.headers["User-Agent"] = AGENT
            session.head(link, timeout=PATIENCE)
            page = session.get(link, timeout=PATIENCE)
            return _send(session, link, _Page(page.text))
    except requests.RequestException:
        return 0


def _send(session: requests.Session, link: str, page: "_Page") -> int:
    if page.action is None:
        return 0
    accepts = {"Accept": "text/html"}
    address = urljoin(link, page.action)
    session.post(
        address, data=page.filled, headers=accepts, timeout=PATIENCE, allow_redirects=False
    )
    return 1


class _Page(HTMLParser):
    """The links of a page or mail, and its first form as a machine fills it in: the first choice of each kind that
    is not chosen yet, a word in every empty field."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.action: str | None = None
        self.filled: dict[str, str] = {}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "a" and given.get("href"):
            self.links.append(given["href"] or "")
        elif tag == "form" and given.get("method") == "post" and self.action is None:
            self.action = given.get("action") or ""
        elif tag in ("input", "textarea") and self.action is not None:
            self._fill(given.get("name") or "", given)

    def _fill(self, name: str, given: dict[str, str | None]) -> None:
        if given.get("type") == "radio":
            if "checked" in given or name not in self.filled:
                self.filled[name] = given.get("value") or ""
        elif name:
            self.filled[name] = given.get("value") or (
                "" if given.get("type") == "hidden" else "checked"
            )
