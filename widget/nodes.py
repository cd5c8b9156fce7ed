"""Rendered markup as nested lists: the script builds elements from them and parses nothing."""

from html.parser import HTMLParser

Element = list[object]
"""``[tag, attributes, *children]``; a child is an element or a text."""

VOID = frozenset({"input"})


def element(markup: str) -> Element:
    """The one element a piece of markup holds. Line breaks between elements are left out."""
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    (only,) = reader.top
    return only


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.top: list[Element] = []
        self._open: list[Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node: Element = [tag, {name: value or "" for name, value in attrs}]
        if self._open:
            self._open[-1].append(node)
        else:
            self.top.append(node)
        if tag not in VOID:
            self._open.append(node)

    def handle_endtag(self, tag: str) -> None:
        closed = self._open.pop()
        if closed[0] != tag:
            raise ValueError(f"</{tag}> closes <{closed[0]}>")

    def handle_data(self, data: str) -> None:
        if self._open and (text := _collapsed(data)):
            self._open[-1].append(text)


def _collapsed(data: str) -> str:
    if data.strip():
        return " ".join(data.split())
    return "" if "\n" in data else data
