"""Answers a parsed query from the org's rows, as one user sees them."""

import re
from datetime import date, datetime
from typing import Any

from connectors.salesforce import ids
from connectors.sandbox.salesforce.org import Org, Row
from connectors.sandbox.salesforce.problems import Refusal, bad
from connectors.sandbox.salesforce.schema import Field, SObject
from connectors.sandbox.salesforce.soql import Combination, Comparison, Condition, Query
from connectors.sandbox.salesforce.values import shown


class Answering:
    """One query for one user."""

    def __init__(self, org: Org, user: str, query: Query, version: str) -> None:
        self.org, self.user, self.query, self.version = org, user, query, version
        self.columns: dict[str, Field] = {}
        try:
            self.kind = org.visible_object(user, query.object)
        except Refusal:
            message = f"sObject type '{query.object}' is not supported."
            raise bad("INVALID_TYPE", message) from None

    def records(self, *, deleted: bool) -> list[dict[str, Any]]:
        """What matches, deleted rows too when *deleted*; raises ``Refusal`` for what is wrong."""
        for path in self.query.fields:
            self.column(path)
        where = self.prepared(self.query.where)
        rows = [
            row
            for row in self.org.rows[self.kind.name].values()
            if (deleted or not row.get("IsDeleted")) and self.holds(where, row)
        ]
        for path, downwards in reversed(self.query.order):
            if not self.column(path).filterable:
                raise bad("INVALID_FIELD", f"field '{path}' can not be sorted in a query call")
            rows = self.sorted(rows, path, downwards=downwards)
        return [self.shown(row) for row in rows[: self.query.limit]]

    def sorted(self, rows: list[Row], path: str, *, downwards: bool) -> list[Row]:
        def key(row: Row) -> tuple[bool, Any]:
            value = self.value(row, path)
            return (value is not None, 0 if value is None else value)

        return sorted(rows, key=key, reverse=downwards)

    def column(self, path: str) -> Field:
        if path not in self.columns:
            *links, name = path.split(".")
            kind = self.kind
            for link in links:
                kind = self.org.objects[self.link(kind, link).reference_to[0]]
            self.columns[path] = self.org.column(self.user, kind, name)
        return self.columns[path]

    def link(self, kind: SObject, relationship: str) -> Field:
        for one in kind.fields.values():
            visible = self.org.sees(self.user, kind, one)
            if (one.relationship or "").lower() == relationship.lower() and visible:
                return one
        message = f"Didn't understand relationship '{relationship}' in field path."
        raise bad("INVALID_FIELD", message)

    def value(self, row: Row, path: str) -> Any:
        *links, name = path.split(".")
        kind: SObject = self.kind
        for link in links:
            one = self.link(kind, link)
            kind, found = self.follow(row.get(one.name))
            if found is None:
                return None
            row = found
        column = next((known for known in kind.fields if known.lower() == name.lower()), name)
        return row.get(column)

    def follow(self, record_id: str | None) -> tuple[SObject, Row | None]:
        found = self.org.anywhere(record_id or "")
        return (self.org.objects[found[0]], found[1]) if found else (self.kind, None)

    def shown(self, row: Row) -> dict[str, Any]:
        record: dict[str, Any] = {"attributes": self.attributes(self.kind, row)}
        for path in self.query.fields:
            *links, name = path.split(".")
            place, here, kind = record, row, self.kind
            for link in links:
                one = self.link(kind, link)
                kind, found = self.follow(here.get(one.name))
                if found is None:
                    place[one.relationship or link] = None
                    break
                here = found
                attributes = {"attributes": self.attributes(kind, found)}
                place = place.setdefault(one.relationship or link, attributes)
            else:
                column = next((c for c in kind.fields if c.lower() == name.lower()), name)
                place[column] = shown(here.get(column))
        return record

    def attributes(self, kind: SObject, row: Row) -> dict[str, str]:
        url = f"/services/data/v{self.version}/sobjects/{kind.name}/{row['Id']}"
        return {"type": kind.name, "url": url}

    def prepared(self, condition: Condition | None) -> Condition | None:
        """The condition with its values in one form; refused here if wrong, rows or no rows."""
        if condition is None:
            return None
        if isinstance(condition, Combination):
            parts = [self.prepared(part) for part in condition.parts]
            return Combination(condition.word, tuple(part for part in parts if part is not None))
        one = self.column(condition.path)
        if not one.filterable:
            message = f"field '{condition.path}' can not be filtered in a query call"
            raise bad("INVALID_FIELD", message)
        if isinstance(condition.value, tuple):
            values: Any = frozenset(_normal(one, _fitting(one, v)) for v in condition.value)
            return Comparison(condition.path, condition.operator, values)
        value = _fitting(one, condition.value)
        if condition.operator != "like":
            value = _normal(one, value)
        return Comparison(condition.path, condition.operator, value)

    def holds(self, condition: Condition | None, row: Row) -> bool:
        if condition is None:
            return True
        if isinstance(condition, Comparison):
            return self.compares(condition, row)
        results = (self.holds(part, row) for part in condition.parts)
        if condition.word == "or":
            return any(results)
        return not all(results) if condition.word == "not" else all(results)

    def compares(self, condition: Comparison, row: Row) -> bool:
        raw, wanted = self.value(row, condition.path), condition.value
        if condition.operator == "like":
            return raw is not None and _like(str(raw), str(wanted))
        have = _normal(self.column(condition.path), raw)
        if condition.operator in ("in", "not in"):
            return (have in wanted) is (condition.operator == "in")
        if condition.operator in ("=", "!="):
            return (have == wanted) is (condition.operator == "=")
        return _ordered(have, condition.operator, wanted)


_FITTING: dict[str, tuple[type, ...]] = {
    "boolean": (bool,),
    "double": (float,),
    "currency": (float,),
    "int": (float,),
    "datetime": (datetime,),
    "date": (date,),
}


def _fitting(one: Field, value: Any) -> Any:
    if value is None:
        return None
    if one.type in ("id", "reference"):
        if not isinstance(value, str) or not ids.valid(value):
            raise bad("INVALID_QUERY_FILTER_OPERATOR", f"invalid ID field: {value}")
    elif type(value) not in _FITTING.get(one.type, (str,)):
        message = f"value of filter criterion for field '{one.name}' must be of type {one.type}"
        raise bad("INVALID_FIELD", message)
    return value


def _normal(one: Field, value: Any) -> Any:
    """Ids in full and, unless the field is case sensitive, text in lower case."""
    if not isinstance(value, str):
        return value
    if one.type in ("id", "reference"):
        return ids.long(value)
    return value if one.case_sensitive else value.lower()


def _like(have: str, pattern: str) -> bool:
    parts = re.split(r"(\\[%_]|[%_])", pattern)
    turned = {"%": ".*", "_": "."}
    expression = "".join(turned.get(p) or re.escape(p.removeprefix("\\")) for p in parts)
    return re.fullmatch(expression, have, re.IGNORECASE | re.DOTALL) is not None


def _ordered(have: Any, operator: str, wanted: Any) -> bool:
    if have is None or wanted is None:
        return False
    if operator.startswith("<"):
        return bool(have < wanted or (operator == "<=" and have == wanted))
    return bool(have > wanted or (operator == ">=" and have == wanted))
