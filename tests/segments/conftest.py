"""The administrator's pages with people, what the CRM tells of them, and what they answered."""

import re
from collections.abc import Callable, Mapping
from html import unescape
from typing import Any

import pytest
import sqlalchemy as sa

from plugin.people.store import person
from plugin.segments.store import attribute, attribute_value, followed_list, list_member
from tests.support.admin import Admin, admin, anna, quick_passwords
from tests.support.admin_data import HUB, answered, connect, touchpoint

__all__ = ["admin", "anna", "quick_passwords"]

FIELDS = {
    "plan": ("Plan", "text"),
    "mrr": ("Monthly revenue", "number"),
    "renewal": ("Renewal", "date"),
}
Said = Callable[..., str]


@pytest.fixture
def kept(anna: Admin) -> Admin:
    """An account whose fields and one list are kept in step."""
    connect(anna.services)
    touchpoint(anna.services)
    at = anna.clock.now()
    with anna.services.database.write() as connection:
        for name, (label, kind) in FIELDS.items():
            row = {"installation": HUB, "field": name, "label": label, "kind": kind}
            connection.execute(attribute.insert().values(**row, created_at=at, read_at=at))
        one = {"installation": HUB, "list": "12", "label": "Advisory board"}
        connection.execute(followed_list.insert().values(**one, created_at=at, read_at=at))
    return anna


@pytest.fixture
def said(kept: Admin) -> Said:
    """Somebody answered; her id. *fields* of the CRM by name, *lists* she is on."""

    def store(
        score: int,
        name: str = "Maja Lindqvist",
        fields: Mapping[str, Any] = {},
        lists: tuple[str, ...] = (),
        **more: Any,
    ) -> str:
        answered(kept.services, score, name=name, **more)
        with kept.services.database.write() as connection:
            who = str(connection.scalar(sa.select(sa.func.max(person.c.id))))
            for field, value in fields.items():
                column = "text" if isinstance(value, str) else "number"
                row = {"person": who, "field": field, column: value}
                connection.execute(attribute_value.insert().values(**row))
            for one in lists:
                connection.execute(list_member.insert().values(person=who, list=one))
        return who

    return store


class Form:
    """The form of a segment, filled in as a browser without script does."""

    def __init__(self, here: Admin, address: str = "/admin/segments/new") -> None:
        self.here, self.address = here, address
        self.page = here.get(address)
        self.fields = fields_of(self.page.text)

    def press(self, button: str, **typed: str) -> "Form":
        """*typed* by the names of the fields, with ``_`` for ``.``: ``value_r_0``."""
        given = {name.replace("_r", ".r").replace("_", "."): value for name, value in typed.items()}
        self.fields |= given
        self.page = self.here.browser.post(
            self.address, data={**self.fields, "do": button}, headers={"Accept": "text/html"}
        )
        if self.page.status_code != 303:
            self.fields = fields_of(self.page.text)
        return self

    def add(self, what: str, place: str = "r", **typed: str) -> "Form":
        """A condition, and what is typed into it at once: names without a place."""
        before = set(self.fields)
        self.press(f"add {place}", **{f"new_{place.replace('.', '_')}": what})
        (new,) = (n for n in self.fields if n.startswith("what.") and n not in before)
        self.fields |= {
            f"{name}.{new.removeprefix('what.')}": value for name, value in typed.items()
        }
        return self

    @property
    def errors(self) -> list[str]:
        return [
            unescape(words) for words in re.findall(r'class="error"[^>]*>([^<]+)', self.page.text)
        ]


def fields_of(page: str) -> dict[str, str]:
    """What a browser would send of the form of a segment, but the buttons."""
    form = page[page.index('id="segment"') :]
    found = dict(re.findall(r'<input[^>]* name="([^"]+)"[^>]* value="([^"]*)"', form))
    for name, options in re.findall(
        r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL
    ):
        chosen = re.search(r'value="([^"]*)" selected', options) or re.search(
            r'value="([^"]*)"', options
        )
        found[name] = chosen.group(1) if chosen else ""
    found |= dict(
        re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>\n(.*?)</textarea>', form, re.DOTALL)
    )
    return {name: unescape(value) for name, value in found.items()}
