"""Every app compiles the addresses of all its routes, which takes longer than most tests, and a process of tests makes
a thousand apps with the same routes: all of ours have those of the first."""

from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary, ref

from flask.sansio.app import App
from werkzeug.routing import Map

OURS = "plugin"
alone = App.add_url_rule


@dataclass
class First:
    app: ref[App]
    map: Map
    routes: list[Any] = field(default_factory=list)


_first: list[First] = []
_followed: WeakKeyDictionary[App, int] = WeakKeyDictionary()


def _add(
    app: App, rule: str, endpoint: Any = None, view_func: Any = None, *given: Any, **more: Any
) -> None:
    """The map is the first's; which views its routes lead to is each app's own."""
    view = None if endpoint == "static" else view_func  # that one is new in each app
    if app.import_name == OURS and _stands(app, (rule, endpoint, view, given, dict(more))):
        app.view_functions[endpoint] = view_func
    else:
        alone(app, rule, endpoint, view_func, *given, **more)


def _stands(app: App, route: Any) -> bool:
    """Whether it is in a map already, which is then this app's too."""
    if not _first:
        _first.append(First(ref(app), app.url_map))
    [first] = _first
    if first.app() is app:
        first.routes.append(route)
        return False
    at = _followed.get(app, 0)
    assert first.routes[at] == route, "an app of ours with other routes than the first"
    app.url_map, _followed[app] = first.map, at + 1
    return True


App.add_url_rule = _add  # type: ignore[method-assign]
