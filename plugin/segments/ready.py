"""The segments that come with the product, and what the administrator says they go by."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin.segments.store import segment_settings
from plugin.touchpoints.rules import NPS


@dataclass(frozen=True, slots=True)
class Settings:
    """*since_field* and *renewal_field* are date fields of the CRM that are kept in step; empty: none is named.
    *fall* is in points between two answers of one kind."""

    since_field: str = ""
    new_days: int = 90
    long_days: int = 730
    renewal_field: str = ""
    renewal_days: int = 60
    fall: int = 3


Rules = Mapping[str, tuple[str, Mapping[str, Any]]]


def settings(connection: Connection) -> Settings:
    row = connection.execute(sa.select(segment_settings)).mappings().one()
    return Settings(**{name: row[name] for name in asdict(Settings())})


def ready(chosen: Settings) -> Rules:
    """By key: the name, and the rule as data."""
    return {
        "new-customers": ("New customers", _new(chosen)),
        "long-time-customers": ("Long-time customers", _long(chosen)),
        "at-risk": ("At risk", {"any": _risks(chosen)}),
        **{f"promoters-{kind}": (f"Promoters, {kind}", _newest("promoter", kind)) for kind in NPS},
        **{
            f"detractors-{kind}": (
                f"Detractors not yet recovered, {kind}",
                _newest("detractor", kind),
            )
            for kind in NPS
        },
    }


def _new(chosen: Settings) -> Mapping[str, Any]:
    if chosen.since_field:
        return {"attribute": {"field": chosen.since_field, "in_last": chosen.new_days}}
    return {"known_for": {"at_most": chosen.new_days}}


def _long(chosen: Settings) -> Mapping[str, Any]:
    if chosen.since_field:
        return {"attribute": {"field": chosen.since_field, "longer_ago": chosen.long_days}}
    return {"known_for": {"at_least": chosen.long_days}}


def _risks(chosen: Settings) -> list[Mapping[str, Any]]:
    """A detractor, somebody whose answers fell, somebody near renewal who is no promoter."""
    risks: list[Mapping[str, Any]] = [_newest("detractor", kind) for kind in NPS]
    risks += [{"fell": chosen.fall, "kind": kind} for kind in NPS]
    if chosen.renewal_field:
        near = {"attribute": {"field": chosen.renewal_field, "in_next": chosen.renewal_days}}
        risks.append({"all": [near, {"not": _newest("promoter", "relational")}]})
    return risks


def _newest(category: str, kind: str) -> Mapping[str, Any]:
    return {"category": category, "kind": kind}
