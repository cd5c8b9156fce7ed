"""The administrator's pages of themes."""

from html import unescape

import pytest
import sqlalchemy as sa

from plugin.access.store import audit_entry
from tests.support.admin import csrf_of
from tests.support.admin_data import HOSTILE
from tests.themes.conftest import read, themes_of

LIST, NEW = "/admin/themes", "/admin/themes/new"
PARKING = {
    "key": "parking",
    "name_en": "Parking",
    "name_sv": "Parkering",
    "words_en": "park*\ncar ... full",
}


def added(anna, **more):
    return anna.post(NEW, form_on=NEW, **(PARKING | more))


def shown(anna, address: str) -> str:
    answer = anna.get(address)
    assert answer.status_code == 200
    return unescape(answer.text)


def verbs(anna) -> list[str]:
    with anna.services.database.read() as connection:
        rows = connection.execute(sa.select(audit_entry).order_by(audit_entry.c.id))
        return [f"{row.verb} {row.object}" for row in rows]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"key": ""}, "key"),
        ({"key": "No!"}, "key"),
        ({"key": "price"}, "key"),
        ({"key": "new"}, "key"),
        ({"key": "../x"}, "key"),
        ({"name_en": "", "name_sv": ""}, "name_en"),
        ({"name_en": "x" * 81}, "name_en"),
        ({"words_en": ""}, "words_en"),
        ({"words_en": "a*"}, "words_en"),
        ({"words_en": "..."}, "words_en"),
        ({"words_en": "x" * 101}, "words_en"),
        ({"words_de": "\n".join(f"wort{n}" for n in range(201))}, "words_de"),
    ],
)
def test_what_is_typed_wrong_is_said_and_nothing_is_lost(anna, changed, field):
    answer = added(anna, **changed)
    assert answer.status_code == 422
    assert f'id="error-{field}"' in answer.text
    assert 'value="Parkering"' in answer.text or "name_sv" in changed
    assert "parking" not in shown(anna, LIST)


def test_without_signing_in_there_is_nothing(admin):
    assert admin.get(LIST).status_code == 303
    assert admin.get(NEW).status_code == 303


def test_a_theme_that_is_not_there(anna):
    for address in (f"{LIST}/nothing", f"{LIST}/nothing/edit", f"{LIST}/{HOSTILE[:10]}"):
        assert anna.get(address).status_code == 404


def test_the_companys_theme_is_found_in_comments_that_came_before_it(anna, said):
    one, other = said("The parkinglot is always full"), said("Alles gut", "de")
    read(anna)
    assert themes_of(anna, one) == set()
    assert added(anna).status_code == 303
    read(anna)
    assert themes_of(anna, one) == {"parking"}
    assert themes_of(anna, other) == set()
    page = shown(anna, f"{LIST}/parking")
    assert "The parkinglot is always full" in page
    assert "by words: <bdi>“parkinglot”</bdi>" in page
    assert "Parkering" in page
    assert "added theme parking" in verbs(anna)
    assert "There is a theme with this key" in unescape(added(anna).text)


def test_the_list_counts_and_shows_the_newest_comment(anna, said):
    said("It is expensive, I said first")
    said("Expensive, and this is newer")
    said("Nothing of that kind")
    read(anna)
    page = shown(anna, LIST)
    assert "Expensive, and this is newer" in page
    assert "I said first" not in page
    assert "3 comments were read; 1 is about no theme." in page


def test_an_edited_theme_is_read_anew(anna, said):
    one = said("The lift in the building")
    added(anna)
    page = f"{LIST}/parking/edit"
    assert "park*" in shown(anna, page)
    assert (
        anna.post(page, form_on=page, name_en="Building", words_en="lift/elevator").status_code
        == 303
    )
    read(anna)
    assert themes_of(anna, one) == {"parking"}
    assert "Building" in shown(anna, LIST)
    wrong = anna.post(page, form_on=page, name_en="Building", words_en="b*")
    assert wrong.status_code == 422
    assert "b*" in wrong.text


def test_a_ready_theme_takes_words_of_the_company_and_keeps_its_own(anna, said):
    ours, its = said("It cost a fortune"), said("Too expensive")
    page = f"{LIST}/price/edit"
    assert "Key" not in shown(anna, page)
    assert anna.post(page, form_on=page, words_en="cost a fortune").status_code == 303
    read(anna)
    assert themes_of(anna, ours) == themes_of(anna, its) == {"price"}


def test_a_theme_that_is_off_is_found_in_no_comment(anna, said):
    one = said("Too expensive and rude")
    read(anna)
    assert anna.post(f"{LIST}/price/off", form_on=f"{LIST}/price").status_code == 303
    read(anna)
    assert themes_of(anna, one) == {"unfriendly_staff"}
    assert "It is off" in shown(anna, f"{LIST}/price")
    assert anna.post(f"{LIST}/price/on", form_on=f"{LIST}/price").status_code == 303
    read(anna)
    assert themes_of(anna, one) == {"price", "unfriendly_staff"}
    assert verbs(anna)[-2:] == ["switched off theme price", "switched on theme price"]


def test_hostile_names_words_and_comments_stay_text(anna, said):
    said(f"park {HOSTILE}")
    added(anna, name_en=HOSTILE[:80], words_en=f"park*\n{HOSTILE[:90]}")
    read(anna)
    for address in (LIST, f"{LIST}/parking", f"{LIST}/parking/edit"):
        page = anna.get(address).text
        assert "<script>alert(" not in page
        assert "<img src=x" not in page


def test_a_form_from_elsewhere_changes_nothing(anna):
    assert anna.send(NEW, PARKING).status_code == 403
    assert csrf_of(anna.get(NEW).text)
    assert anna.get(f"{LIST}/parking").status_code == 404


def test_long_lists_are_cut_into_pages(anna, said, monkeypatch):
    monkeypatch.setattr("plugin.themes.views.SIZE", 2)
    for n in range(3):
        said(f"Too expensive {n}")
    read(anna)
    page = shown(anna, f"{LIST}/price")
    assert "Too expensive 2" in page
    assert "Too expensive 0" not in page
    assert "Older" in page
