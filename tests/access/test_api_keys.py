"""API keys: shown once, one installation, revoked, and the mark of their last use."""

import pytest

from plugin.access import keys
from plugin.errors import Problem
from tests.support.admin import Admin
from tests.support.admin_data import HUB, connect


def added(anna: Admin) -> str:
    connect(anna.services)
    page = anna.post("/admin/api-keys", name="Webshop", installation=HUB).text
    return page.split("<code>gv_")[1].split("<")[0].join(("gv_", ""))


def test_a_key_is_shown_once_and_opens_its_installation(anna: Admin) -> None:
    text = added(anna)
    assert text not in anna.get("/admin/api-keys").text
    assert text[:7] in anna.get("/admin/api-keys").text
    found = keys.authenticate(anna.services, f"Bearer {text}")
    assert (found.installation, found.name) == (HUB, "Webshop")


@pytest.mark.parametrize("shown", ["", "Bearer", "Bearer gv_", "Basic {}", "{}", "Bearer {}x"])
def test_anything_else_opens_nothing(anna: Admin, shown: str) -> None:
    text = added(anna)
    with pytest.raises(Problem, match="unauthenticated"):
        keys.authenticate(anna.services, shown.format(text))


def test_a_revoked_key_opens_nothing(anna: Admin) -> None:
    text = added(anna)
    page = anna.get("/admin/api-keys").text
    path = page.split('action="/admin/api-keys/')[1].split('"')[0]
    anna.post(f"/admin/api-keys/{path}", form_on="/admin/api-keys")
    with pytest.raises(Problem, match="unauthenticated"):
        keys.authenticate(anna.services, f"Bearer {text}")
    assert "revoked" in anna.get("/admin/audit").text


def test_the_last_use_is_noted_at_most_once_a_minute(anna: Admin) -> None:
    text = added(anna)

    def last_use() -> object:
        with anna.services.database.read() as connection:
            return keys.listed(connection)[0].last_used_at

    assert last_use() is None
    keys.authenticate(anna.services, f"Bearer {text}")
    first = last_use()
    assert first == anna.clock.now()
    anna.clock.move(seconds=59)
    keys.authenticate(anna.services, f"Bearer {text}")
    assert last_use() == first
    anna.clock.move(seconds=1)
    keys.authenticate(anna.services, f"Bearer {text}")
    assert last_use() == anna.clock.now()


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(anna: Admin) -> None:
    connect(anna.services)
    page = anna.post("/admin/api-keys", name="Shop <1>", installation="hubspot:999")
    assert page.status_code == 422
    assert "Choose an installation." in page.text
    assert 'value="Shop &lt;1&gt;"' in page.text
    assert "Say what the key is for." in anna.post("/admin/api-keys", name=" ").text


def test_without_a_crm_the_page_says_what_comes_first(anna: Admin) -> None:
    assert "First connect a CRM" in anna.get("/admin/api-keys").text


def test_no_key_stands_in_the_database(anna: Admin) -> None:
    import sqlalchemy as sa

    from plugin.access.store import api_key

    text = added(anna)
    with anna.services.database.read() as connection:
        row = connection.execute(sa.select(api_key)).one()
    assert not any(text[7:] in str(value) for value in row)
