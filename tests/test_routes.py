"""The apps of the tests share their routes: they must be those that an app makes for itself."""

from typing import Any

import pytest
from flask import Flask
from flask.sansio.app import App

from tests.support.admin import admin_at
from tests.support.routes import alone


def test_an_app_that_shares_its_routes_has_those_of_one_that_does_not(
    sqlite_template: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = f"sqlite:///{sqlite_template}"
    with admin_at(place) as first, admin_at(place) as later:
        assert later.app.url_map is first.app.url_map
        monkeypatch.setattr(App, "add_url_rule", alone)
        with admin_at(place) as lonely:
            assert lonely.app.url_map is not first.app.url_map
            assert _routes(later.app) == _routes(first.app) == _routes(lonely.app)


def _routes(app: Flask) -> tuple[set[Any], dict[str, Any]]:
    rules = app.url_map.iter_rules()
    static = app.view_functions.keys() - {"static"}  # a view of each app's own
    return (
        {(r.rule, r.endpoint, frozenset(r.methods or ()), repr(r.defaults)) for r in rules},
        {name: app.view_functions[name] for name in static},
    )
