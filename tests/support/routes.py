"""Every app compiles the addresses of all its routes, which takes longer than most tests, and a process of tests makes
a thousand apps with the same routes: all of a name have those of the first."""

from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary, ref

from flask.sansio.app import App
from flask.sansio.blueprints import BlueprintSetupState
from werkzeug.routing import Map

alone = BlueprintSetupState.add_url_rule


@dataclass
class First:
    app: ref[App]
    map: Map
    routes: list[Any] = field(default_factory=list)


_firsts: dict[str, First] = {}
_followed: WeakKeyDictionary[App, int] = WeakKeyDictionary()


def _as_the_first(
    state: BlueprintSetupState, rule: str, endpoint: Any = None, view_func: Any = None, **more: Any
) -> None:
    """The map is the first's; which views its routes lead to is each app's own."""
    app, route = state.app, (state.blueprint, state.url_prefix, rule, endpoint, view_func, more)
    first = _firsts.setdefault(app.import_name, First(ref(app), app.url_map))
    if first.app() is app:
        first.routes.append((*route[:-1], dict(more)))
        alone(state, rule, endpoint, view_func, **more)
        return
    at = _followed.get(app, 0)
    assert first.routes[at] == route, f"two apps called {app.import_name} have different routes"
    _followed[app] = at + 1
    app.url_map = first.map
    name = f"{state.name_prefix}.{state.name}.{endpoint or view_func.__name__}".lstrip(".")
    app.view_functions[name] = view_func


BlueprintSetupState.add_url_rule = _as_the_first  # type: ignore[method-assign]
