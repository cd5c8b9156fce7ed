"""The metadata schema that simple-salesforce carries, as something files can be checked against.

The order of elements is not checked: tools write other orders than the schema and Salesforce takes
them.
"""

from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from lxml import etree

XSD = "{http://www.w3.org/2001/XMLSchema}"
NAMESPACE = "http://soap.sforce.com/2006/04/metadata"
PARSER = {"resolve_entities": False, "no_network": True}


@lru_cache(maxsize=100)
def problems(content: bytes, kind: str) -> tuple[tuple[int, str], ...]:
    """Line and text of all that is wrong with *content* as a *kind*, for example ``CustomObject``."""
    try:
        root = etree.fromstring(content, etree.XMLParser(**PARSER))
    except etree.XMLSyntaxError as error:
        return ((error.lineno or 1, f"Error parsing file: {error.msg}"),)
    if root.tag != f"{{{NAMESPACE}}}{kind}":
        return ((1, f"unexpected root element {root.tag}"),)
    _sort(root, kind)
    schema = _schema()
    if schema.validate(root):
        return ()
    return tuple((entry.line, entry.message) for entry in schema.error_log)


@cache
def _document() -> Any:
    content = (files("simple_salesforce") / "metadata.wsdl").read_bytes()
    found = etree.fromstring(content, etree.XMLParser(**PARSER)).find(f".//{XSD}schema")
    for kind in _named(found, "complexType"):
        etree.SubElement(found, f"{XSD}element", name=kind, type=f"tns:{kind}")
    return found


@cache
def _schema() -> Any:
    return etree.XMLSchema(etree.fromstring(etree.tostring(_document())))


def _named(schema: Any, tag: str) -> dict[str, Any]:
    return {node.get("name"): node for node in schema.findall(f"{XSD}{tag}")}


@cache
def _elements(kind: str) -> tuple[tuple[str, str], ...]:
    """Name and type of each child of *kind*, inherited ones first."""
    node = _types().get(kind)
    if node is None:
        return ()
    base = node.find(f"{XSD}complexContent/{XSD}extension")
    inherited = _elements(base.get("base").split(":")[-1]) if base is not None else ()
    own = (base if base is not None else node).findall(f"{XSD}sequence/{XSD}element")
    return inherited + tuple((e.get("name"), (e.get("type") or "").split(":")[-1]) for e in own)


@cache
def _types() -> dict[str, Any]:
    return _named(_document(), "complexType")


def _sort(node: Any, kind: str) -> None:
    order = {name: (place, type_) for place, (name, type_) in enumerate(_elements(kind))}
    children = [child for child in node if isinstance(child.tag, str)]
    last = (len(order), "")
    children.sort(key=lambda child: order.get(etree.QName(child).localname, last)[0])
    for child in children:
        _sort(child, order.get(etree.QName(child).localname, last)[1])
    node[:] = children
