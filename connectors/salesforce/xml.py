"""Metadata files as text. The schema wants children in its own order, which is ``fullName`` first
and then the
alphabet, so nobody has to remember an order."""

from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

NAMESPACE = "http://soap.sforce.com/2006/04/metadata"

Node = str | bool | int | Mapping[str, "Node"] | Sequence[Mapping[str, "Node"]] | Sequence[str]


def document(root: str, children: Mapping[str, Node]) -> bytes:
    """A file with *root* and *children*; a list repeats its element, and ``@name`` is an attribute."""
    body = "".join(_elements(children, 1))
    text = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{NAMESPACE}">\n{body}</{root}>\n'
    )
    return text.encode()


def _elements(children: Mapping[str, Node], depth: int) -> list[str]:
    inside = ((name, value) for name, value in children.items() if not name.startswith("@"))
    ordered = sorted(inside, key=lambda child: (child[0] != "fullName", child[0]))
    return [_element(name, value, depth) for name, value in ordered]


def _element(name: str, value: Node, depth: int) -> str:
    indent = "    " * depth
    if isinstance(value, Mapping):
        start = name + "".join(
            f" {key[1:]}={quoteattr(str(held))}" for key, held in value.items() if key[0] == "@"
        )
        inner = "".join(_elements(value, depth + 1))
        return (
            f"{indent}<{start}>\n{inner}{indent}</{name}>\n" if inner else f"{indent}<{start}/>\n"
        )
    if isinstance(value, str | bool | int):
        return f"{indent}<{name}>{_text(value)}</{name}>\n"
    return "".join(_element(name, item, depth) for item in value)


def _text(value: str | bool | int) -> str:
    return str(value).lower() if isinstance(value, bool) else escape(str(value))
