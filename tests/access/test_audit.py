"""The audit log: complete, in the change's own transaction, and readable page by page."""

import pytest

from plugin.access.audit import audit, entries
from plugin.access.rules import CLI
from tests.support.admin import PASSWORD, Admin


def test_what_administrators_do_is_listed_with_who_and_when(anna: Admin) -> None:
    anna.invite("Bo from support")
    page = anna.get("/admin/audit").text
    assert "<bdi>Anna Berg</bdi></strong> invited <bdi>Bo from support</bdi>" in page
    assert "the first one, with the administrator&#39;s token" in page
    assert PASSWORD not in page


def test_a_change_that_fails_leaves_no_entry(anna: Admin) -> None:
    def change() -> None:
        with anna.services.database.write() as connection:
            audit(connection, CLI, "broke", "everything")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        change()
    assert "broke" not in anna.get("/admin/audit").text


def test_older_entries_are_a_page_further(anna: Admin) -> None:
    for number in range(120):
        with anna.services.database.write() as connection:
            audit(connection, CLI, "counted", f"number {number:03}")
    first = anna.get("/admin/audit").text
    assert "number 119" in first
    assert "number 069" not in first
    cursor = first.split('href="/admin/audit?after=')[1].split('"')[0]
    second = anna.get(f"/admin/audit?after={cursor}").text
    assert "number 069" in second
    assert "number 070" not in second
    assert 'rel="first"' in second


def test_entries_of_one_transaction_keep_their_order(anna: Admin) -> None:
    with anna.services.database.write() as connection:
        audit(connection, CLI, "did", "one thing")
    with anna.services.database.read() as connection:
        found = entries(connection, limit=1)[0]
    assert (found.who, found.verb, found.object) == ("cli", "did", "one thing")
