"""Note and task bodies as a CRM shows them: a few tags live, all else is dropped; and, like the
real thing, personalisation tokens in them are evaluated."""

import re
from collections.abc import Mapping
from html import escape
from html.parser import HTMLParser
from urllib.parse import urlsplit

from markupsafe import Markup

TAGS = {"p", "br", "b", "strong", "i", "em", "u", "ul", "ol", "li", "blockquote", "div", "span"}
ALONE = {"br"}
SILENT = {"script", "style"}
TOKEN = re.compile(r"\{\{\s*(?:contact\.)?(\w+)\s*\}\}")


def render(body: str, values: Mapping[str, str]) -> Markup:
    """*body* as safe markup, its tokens replaced by the contact's *values*."""
    reader = _Reader()
    reader.feed(TOKEN.sub(lambda token: escape(values.get(token[1], "")), body))
    reader.close()
    # Nothing reaches the page but the tags above and escaped text.
    return Markup("".join(reader.out))  # noqa: S704


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self._open: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in SILENT
        if tag in TAGS:
            self._open += [] if tag in ALONE else [tag]
            self.out.append(f"<{tag}>")
        elif tag == "a":
            self._open.append(tag)
            self.out.append(f'<a rel="nofollow noreferrer" href="{_address(attrs)}">')

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in SILENT and self._silent > 0
        while tag in self._open:
            closing = self._open.pop()
            self.out.append(f"</{closing}>")
            if closing == tag:
                break

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.out.append(escape(data))

    def close(self) -> None:
        super().close()
        self.out += [f"</{tag}>" for tag in reversed(self._open)]


def _address(attrs: list[tuple[str, str | None]]) -> str:
    address = dict(attrs).get("href") or ""
    return escape(address) if urlsplit(address).scheme in ("http", "https") else "#"
