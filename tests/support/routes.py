"""Every app compiles the addresses of all its routes, which takes longer than most tests, and a process of tests makes
a thousand apps with the same routes: what was compiled once is taken again."""

from typing import Any

from werkzeug.routing.matcher import State, StateMachineMatcher
from werkzeug.routing.rules import Rule

_compile = Rule.compile
_compiled: dict[Any, Rule] = {}
_FOUND = ("_parts", "_trace", "_converters", "arguments")
_BUILDERS = ("_build", "_build_unknown")


def _compile_once(rule: Rule) -> None:
    """What comes out depends on the address alone, unless some of its parts are given beforehand."""
    if rule.defaults:
        _compile(rule)
        return
    assert rule.map is not None
    kinds = frozenset(rule.map.converters.items())
    key = (rule.rule, rule.host, rule.subdomain, rule.merge_slashes, rule.map.host_matching, kinds)
    known = _compiled.get(key)
    if known is None:
        _compile(rule)
        _compiled[key] = rule
        return
    for name in _FOUND:
        setattr(rule, name, getattr(known, name))
    for name in _BUILDERS:
        setattr(rule, name, getattr(known, name).__func__.__get__(rule))


def _add(matcher: StateMachineMatcher, rule: Rule) -> None:
    """As werkzeug does it, but without a new state for each that is there."""
    state = matcher._root
    for part in rule._parts:
        if part.static:
            following = state.static.get(part.content)
            if following is None:
                following = state.static[part.content] = State()
        else:
            following = next((there for known, there in state.dynamic if known == part), None)
            if following is None:
                following = State()
                state.dynamic.append((part, following))
        state = following
    state.rules.append(rule)


Rule.compile = _compile_once  # type: ignore[method-assign]
StateMachineMatcher.add = _add  # type: ignore[method-assign]
