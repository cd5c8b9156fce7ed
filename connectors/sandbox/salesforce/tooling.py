"""The tooling API's tables, as far as an integration looks at what it has deployed."""

from collections.abc import Iterator
from typing import Any

from connectors.sandbox.salesforce import soql
from connectors.sandbox.salesforce.org import Org
from connectors.sandbox.salesforce.problems import bad

Row = dict[str, Any]


def rows(org: Org, text: str) -> list[Row]:
    """What the query in *text* finds, with all columns; raises ``Refusal``."""
    asked = soql.parse(text)
    table = _TABLES.get(asked.object)
    if table is None:
        raise bad("INVALID_TYPE", f"sObject type '{asked.object}' is not supported.")
    if not isinstance(asked.where, soql.Comparison):
        raise soql.malformed("WHERE")
    where = asked.where
    return [
        {"attributes": {"type": asked.object}} | row for row in table(org) if _holds(where, row)
    ]


def _holds(where: soql.Comparison, row: Row) -> bool:
    value: Any = row
    for name in where.path.split("."):
        if name not in value:
            raise bad("INVALID_FIELD", f"No such column '{where.path}'")
        value = value[name]
    if where.operator == "like":
        return str(value).startswith(str(where.value).removesuffix("%").replace("\\_", "_"))
    if where.operator == "in":
        return value in where.value
    if where.operator == "=":
        return bool(value == where.value)
    raise soql.malformed(where.operator)


def _entities(org: Org) -> Iterator[Row]:
    for kind in org.objects.values():
        yield {"QualifiedApiName": kind.name, "Description": kind.description}


def _rules(org: Org) -> Iterator[Row]:
    for kind in org.objects.values():
        entity = {"QualifiedApiName": kind.name}
        for rule in kind.rules:
            yield {"ValidationName": rule, "Active": True, "EntityDefinition": entity}


def _labels(org: Org) -> Iterator[Row]:
    for name, label in org.custom.labels.items():
        yield {"Id": label.id, "Name": name, "MasterLabel": label.short, "Value": label.text}


def _translations(org: Org) -> Iterator[Row]:
    for language, said in org.custom.translations.items():
        for name, text in said.items():
            label = org.custom.labels[name].id
            yield {"ExternalStringId": label, "Language": language, "Value": text}


def _bundles(org: Org) -> Iterator[Row]:
    for name, bundle in org.custom.bundles.items():
        yield {"DeveloperName": name, "Description": bundle.description}


_TABLES = {
    "EntityDefinition": _entities,
    "ValidationRule": _rules,
    "ExternalString": _labels,
    "ExternalStringLocalization": _translations,
    "LightningComponentBundle": _bundles,
}
