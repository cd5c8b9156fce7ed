"""Rules drawn at random, people made at random, and what a rule means for them, said once more in plain Python."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

KINDS = ("relational", "transactional")
CATEGORIES = ("promoter", "passive", "detractor")
FIELDS = {"plan": "text", "mrr": "number", "renewal": "date"}
PLANS = ("gold", "iron", "%", "Gold")
TOUCHPOINTS = {"support": "transactional", "yearly": "relational"}
THEMES = ("slow_reply", "price")
LISTS = ("12", "13")
ACCOUNTS = ("hubspot:1", "salesforce:2")
LOCALES = ("sv", "sv-FI", "SV_se", "en", "", "svx")
DAYS = st.sampled_from([0, 1, 29, 30, 31, 400])


def _leaves() -> st.SearchStrategy[dict[str, Any]]:
    within = st.fixed_dictionaries({}, optional={"within": DAYS})
    days = st.integers(-40, 40).map(lambda n: (date(2026, 11, 20) + timedelta(days=n)).isoformat())
    compared = {
        "plan": st.one_of(
            st.fixed_dictionaries({"is": st.sampled_from(PLANS)}),
            st.fixed_dictionaries({"is_not": st.sampled_from(PLANS)}),
            st.fixed_dictionaries({"one_of": st.lists(st.sampled_from(PLANS), min_size=1)}),
        ),
        "mrr": st.one_of(
            st.fixed_dictionaries({"at_least": st.sampled_from([-1, 0, 5, 5.5])}),
            st.fixed_dictionaries({"at_most": st.sampled_from([-1, 0, 5, 5.5])}),
        ),
        "renewal": st.one_of(
            *(st.fixed_dictionaries({how: days}) for how in ("before", "after")),
            *(st.fixed_dictionaries({how: DAYS}) for how in ("in_last", "in_next", "longer_ago")),
        ),
    }
    empty = st.fixed_dictionaries({"empty": st.booleans()})
    attributes = [
        st.one_of(how, empty).map(lambda said, name=name: {"attribute": {"field": name, **said}})
        for name, how in (*compared.items(), ("nothing", empty))
    ]
    kind, key = st.sampled_from(KINDS), st.sampled_from((*TOUCHPOINTS, "other"))
    return st.one_of(
        *attributes,
        st.fixed_dictionaries({"category": st.sampled_from(CATEGORIES), "kind": kind}),
        st.fixed_dictionaries({"fell": st.integers(1, 10), "kind": kind}),
        st.fixed_dictionaries({"kind": st.sampled_from((*KINDS, "csat"))}),
        st.builds(lambda how, n: {"known_for": {how: n}}, st.sampled_from(["at_least", "at_most"]), DAYS),
        st.fixed_dictionaries(
            {"list": st.sampled_from((*LISTS, "14"))},
            optional={"installation": st.sampled_from(ACCOUNTS)},
        ),
        st.builds(
            lambda key, what, more: {"touchpoint": key, "what": what, **more},
            key, st.sampled_from(["answered", "asked"]), within,
        ),
        st.builds(lambda key, more: {"theme": key, **more}, st.sampled_from(THEMES), within),
        st.fixed_dictionaries({"language": st.sampled_from(["sv", "sv-FI", "en", "de"])}),
    )  # fmt: skip


def rules(depth: int = 3) -> st.SearchStrategy[dict[str, Any]]:
    """As they are kept: groups at most three deep, "not" never twice."""
    one: st.SearchStrategy[dict[str, Any]] = _leaves()
    for _ in range(depth):
        below = st.one_of(_leaves(), one)
        some = st.lists(below, min_size=1, max_size=3)
        groups = st.builds(lambda how, them: {how: them}, st.sampled_from(["all", "any"]), some)
        one = st.one_of(groups, groups.map(lambda group: {"not": group}), _leaves())
        one = st.one_of(one, _leaves().map(lambda leaf: {"not": leaf}))
    return one


@dataclass
class Said:
    """A counted answer."""

    touchpoint: str
    kind: str
    score: int
    at: datetime
    themes: tuple[str, ...] = ()

    @property
    def category(self) -> str:
        return "promoter" if self.score >= 9 else "passive" if self.score >= 7 else "detractor"


@dataclass
class Somebody:
    """A person as a plain object; a date in *fields* is a date."""

    installation: str
    locale: str
    known_at: datetime
    fields: Mapping[str, str | float | date] = field(default_factory=dict)
    lists: tuple[str, ...] = ()
    said: list[Said] = field(default_factory=list)
    asked: list[tuple[str, datetime]] = field(default_factory=list)
    here: bool = True
    id: str = ""


def holds(rule: Mapping[str, Any], one: Somebody, now: datetime) -> bool:
    match rule:
        case {"all": parts}:
            return all(holds(part, one, now) for part in parts)
        case {"any": parts}:
            return any(holds(part, one, now) for part in parts)
        case {"not": part}:
            return not holds(part, one, now)
        case {"category": category, "kind": kind}:
            newest = _of(one, kind)[-1:]
            return bool(newest) and newest[0].category == category
        case {"fell": points, "kind": kind}:
            two = _of(one, kind)[-2:]
            return len(two) == 2 and two[0].score - two[1].score >= points
        case {"attribute": {"field": name, **compared}}:
            ((how, value),) = compared.items()
            return _compared(one.fields.get(name), how, value, now.date())
        case {"known_for": {"at_least": days}}:
            return one.known_at < now - timedelta(days=days)
        case {"known_for": {"at_most": days}}:
            return one.known_at >= now - timedelta(days=days)
        case {"list": name}:
            return (
                name in one.lists and rule.get("installation", one.installation) == one.installation
            )
        case {"touchpoint": key, "what": "asked"}:
            return any(where == key and _lately(at, rule, now) for where, at in one.asked)
        case {"touchpoint": key}:
            return any(a.touchpoint == key and _lately(a.at, rule, now) for a in one.said)
        case {"theme": theme}:
            return any(theme in a.themes and _lately(a.at, rule, now) for a in one.said)
        case {"language": tag}:
            known = one.locale.replace("_", "-").lower()
            return known == tag.lower() or known.startswith(f"{tag.lower()}-")
        case {"kind": kind}:
            return bool(_of(one, kind))
    raise AssertionError(rule)


def _of(one: Somebody, kind: str) -> list[Said]:
    return sorted((a for a in one.said if a.kind == kind), key=lambda a: a.at)


def _lately(at: datetime, rule: Mapping[str, Any], now: datetime) -> bool:
    return "within" not in rule or at >= now - timedelta(days=rule["within"])


def _compared(found: Any, how: str, value: Any, today: date) -> bool:
    if how == "empty":
        return (found is None) is value
    if how == "is_not":
        return bool(found != value)
    if found is None:
        return False
    days = timedelta(days=value) if how in ("in_last", "in_next", "longer_ago") else timedelta()
    return {
        "is": lambda: found == value,
        "one_of": lambda: found in value,
        "at_least": lambda: found >= value,
        "at_most": lambda: found <= value,
        "before": lambda: found < date.fromisoformat(value),
        "after": lambda: found > date.fromisoformat(value),
        "in_last": lambda: today - days <= found <= today,
        "in_next": lambda: today <= found <= today + days,
        "longer_ago": lambda: found < today - days,
    }[how]()
