"""A register with customers who said something about a theme."""

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
import sqlalchemy as sa

from plugin.access.store import audit_entry
from plugin.changes import reading
from plugin.changes.rules import Change
from plugin.themes.store import answer_theme
from tests.support.admin import Admin, admin, anna, csrf_of, quick_passwords
from tests.support.admin_data import answered, connect, touchpoint

__all__ = ["admin", "anna", "quick_passwords"]

LIST, NEW = "/admin/changes", "/admin/changes/new"
Said = Callable[..., str]
# What is decided outside the database is tried on one of them.
on_one = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def said(anna: Admin) -> Said:
    """Stores an answer about slow replies, or another theme, or none; its id."""
    connect(anna.services)
    touchpoint(anna.services)
    touchpoint(anna.services, "onboarding", name="Onboarding", texts={})

    def store(comment: str = "Waited four days", theme: str = "slow_reply", **more: Any) -> str:
        answer_id = answered(anna.services, more.pop("score", 3), comment, **more)
        if theme:
            about(anna, answer_id, theme)
        return answer_id

    return store


def about(here: Admin, answer_id: str, theme: str) -> None:
    row = {"answer": answer_id, "theme": theme, "by": "rule", "at": here.clock.now()}
    with here.services.database.write() as connection:
        connection.execute(answer_theme.insert().values(**row))


def post(here: Admin, address: str, on: str = "", **fields: Any) -> Any:
    """Fills the form of the page *on* in, with several values of one name where a list is given."""
    token = csrf_of(here.get(on or address).text)
    return here.browser.post(
        address, data=fields | {"csrf_token": token}, headers={"Accept": "text/html"}
    )


def registered(here: Admin, **fields: Any) -> str:
    """A change as the form makes it; its id."""
    given = {"title": "Replies within four hours", "theme": ["slow_reply"]} | fields
    response = post(here, NEW, **given)
    assert response.status_code == 303, response.text
    return str(response.location).rsplit("/", 1)[1]


def moved(here: Admin, change_id: str, to: str) -> str:
    """What the page says after the click."""
    address = f"{LIST}/{change_id}"
    post(here, f"{address}/move", on=address, to=to)
    return shown(here, address)


def shown(here: Admin, address: str) -> str:
    response = here.get(address)
    assert response.status_code == 200, response.text
    return " ".join(unescape(response.text.split("<main")[1]).split())


def stands(here: Admin, change_id: str) -> Change:
    with here.services.database.read() as connection:
        found = reading.one(connection, change_id)
    assert found is not None
    return found


def asked(here: Admin, change_id: str) -> set[str]:
    """The answers that asked for it, one a person."""
    with here.services.database.read() as connection:
        one = reading.one(connection, change_id)
        assert one is not None
        return {row.answer for row in connection.execute(reading.asked_by(one))}


def verbs(here: Admin) -> list[str]:
    with here.services.database.read() as connection:
        rows = connection.execute(sa.select(audit_entry).order_by(audit_entry.c.id))
        return [f"{row.verb} {row.object}: {row.detail}" for row in rows]
