"""Validation rules: the few forms of formula that this org can evaluate."""

import re
from dataclasses import dataclass
from typing import Any

RANGE = re.compile(r"OR\((\w+) < (-?\d+), (\w+) > (-?\d+)\)")
FILLED = re.compile(r"AND\(ISNEW\(\), OR\(((?:ISBLANK\(\w+\)(?:, )?)+)\)\)")
BLANK = re.compile(r"ISBLANK\((\w+)\)")


@dataclass(frozen=True, slots=True)
class Rule:
    """When *formula* is true the record is refused with *message*."""

    formula: str
    message: str


def fields(formula: str) -> list[str] | None:
    """The fields a formula names, ``None`` for one that is not understood."""
    found = RANGE.fullmatch(formula)
    if found is not None:
        return [found[1], found[3]]
    needed = FILLED.fullmatch(formula)
    return BLANK.findall(needed[1]) if needed else None


def broken(rule: Rule, row: dict[str, Any], *, new: bool) -> str | None:
    """The field that breaks the rule, empty where it is no single one; ``None`` where all is well."""
    found = RANGE.fullmatch(rule.formula)
    if found is not None:
        low, high = row.get(found[1]), row.get(found[3])
        wrong = (low is not None and low < int(found[2])) or (
            high is not None and high > int(found[4])
        )
        return found[1] if wrong else None
    needed = fields(rule.formula) or ()
    return "" if new and any(row.get(field) is None for field in needed) else None
