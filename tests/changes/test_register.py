"""The register: what a form may say, who is told what is wrong, and two administrators at one change."""

import threading
from datetime import date
from typing import Any

from plugin.access import administrators
from plugin.changes.texts import BODY_MOST
from plugin.seen import stamp
from tests.changes.conftest import (
    LIST,
    NEW,
    Said,
    moved,
    on_one,
    post,
    registered,
    shown,
    stands,
    verbs,
)
from tests.support.admin import Admin, csrf_of
from tests.support.admin_data import HOSTILE, touchpoint

TEXTS = {
    "sv.subject": "Tack, {first_name}",
    "sv.body": "Du skrev: {words}\r\n\r\n\r\nNu svarar vi.",
}


def test_who_is_not_signed_in_sees_and_changes_nothing(anna: Admin) -> None:
    change_id = registered(anna)
    for address in (LIST, f"{LIST}.csv", NEW, f"{LIST}/{change_id}", f"{LIST}/{change_id}/edit"):
        assert anna.another().get(address).status_code == 303
    assert anna.another().send(f"{LIST}/{change_id}/move", {"to": "done"}).status_code == 401
    assert anna.send(f"{LIST}/{change_id}/move", {"to": "done"}).status_code == 403
    assert stands(anna, change_id).state == "planned"


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"title": "  "}, "title"),
    ({"title": "x" * 121}, "title"),
    ({"internal_text": "x" * 4001}, "internal_text"),
    ({"effective_on": "tomorrow"}, "effective_on"),
    ({"owner": "nobody-we-know"}, "owner"),
    ({"owner": "\0"}, "owner"),
    ({"theme": ["no_such_theme"]}, "themes"),
    ({"theme": ["\0"]}, "themes"),
    ({"touchpoint": ["nowhere"]}, "touchpoints"),
    ({"sv.body": ""}, "sv.body"),
    ({"sv.subject": ""}, "sv.subject"),
    ({"sv.subject": "x" * 121}, "sv.subject"),
    ({"sv.subject": "Du skrev {words}"}, "sv.subject"),
    ({"sv.body": "x" * 2001}, "sv.body"),
    ({"sv.body": "Hej {name}"}, "sv.body"),
    ({"sv.body": "Hej {{contact.name}}"}, "sv.body"),
    ({"sv.body": "Hej {first_name"}, "sv.body"),
]


@on_one
def test_what_is_typed_wrong_is_said_and_nothing_is_lost(anna: Admin) -> None:
    given = {"title": "Replies within four hours", "internal_text": "We hired Åsa."} | TEXTS
    for changed, field in WRONG:
        response = post(anna, NEW, **(given | changed))
        assert response.status_code == 422, changed
        assert f'id="error-{field}"' in response.text, changed
        assert "We hired Åsa." in response.text or field == "internal_text"
    assert "No changes yet" in shown(anna, LIST)


def test_what_was_typed_stands_there_and_runs_nowhere(anna: Admin) -> None:
    touchpoint(anna.services)
    change_id = registered(
        anna, title=HOSTILE[:100], internal_text=HOSTILE, effective_on="2026-12-01",
        touchpoint=["support-case"], **TEXTS,
    )  # fmt: skip
    one = stands(anna, change_id)
    assert (one.state, one.effective_on, one.owner_name) == ("planned", date(2026, 12, 1), "")
    assert one.texts == {
        "sv": {"subject": "Tack, {first_name}", "body": "Du skrev: {words}\n\nNu svarar vi."}
    }
    assert (one.themes, one.touchpoints) == (["slow_reply"], ["support-case"])
    for address in (LIST, f"{LIST}/{change_id}", f"{LIST}/{change_id}/edit"):
        page = anna.get(address).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;" in page
    assert f"added change {change_id}: {HOSTILE[:100]}" in verbs(anna)


@on_one
def test_a_theme_and_the_one_who_registers_are_chosen_already(anna: Admin) -> None:
    page = anna.get(f"{NEW}?theme=price").text
    assert 'value="price" checked' in page
    assert "selected>Anna Berg" in page


@on_one
def test_long_texts_in_every_language_fit_into_one_form(anna: Admin) -> None:
    full = {"subject": "x" * 120, "body": "ä" * BODY_MOST}
    given = {
        f"{tag}.{part}": text
        for tag in ("sv", "ar", "pl", "fr", "fi")
        for part, text in full.items()
    }
    change_id = registered(anna, internal_text="y" * 4000, **given)
    assert len(stands(anna, change_id).texts) == 5


def test_the_second_of_two_administrators_is_warned_before_hers_wins(anna: Admin) -> None:
    change_id = registered(anna, internal_text="First")
    address = f"{LIST}/{change_id}/edit"
    given = {"title": "Replies within four hours", "theme": ["slow_reply"], "seen": stamp(1)}
    assert post(anna, address, **given | {"internal_text": "Bo's"}).status_code == 303
    late = post(anna, address, **given | {"internal_text": "Anna's"})
    assert late.status_code == 422
    assert 'id="field-changed"' in late.text
    assert "Bo's" in late.text.replace("&#39;", "'")
    assert f'name="seen" value="{stamp(2)}"' in late.text
    assert stands(anna, change_id).internal_text == "Bo's"
    again = given | {"internal_text": "Anna's", "seen": stamp(2)}
    assert post(anna, address, **again).status_code == 303
    assert stands(anna, change_id).internal_text == "Anna's"
    assert [v for v in verbs(anna) if v.startswith("changed change")] == [
        f"changed change {change_id}: internal_text"
    ] * 2


@on_one
def test_the_same_form_sent_twice_is_one_change_of_it(anna: Admin) -> None:
    change_id = registered(anna)
    given = {"title": "Replies within two hours", "theme": ["price"], "seen": stamp(1)}
    for _ in range(2):
        assert post(anna, f"{LIST}/{change_id}/edit", **given).status_code == 303
    assert stands(anna, change_id).revision == 2
    assert f"changed change {change_id}: title, themes" in verbs(anna)


def test_of_many_clicks_at_once_one_counts(anna: Admin) -> None:
    change_id = registered(anna)
    token = csrf_of(anna.get(f"{LIST}/{change_id}").text)
    cookies = anna.browser.get_cookie("gensvar"), anna.browser.get_cookie("gensvar-form")

    def click() -> None:
        one = anna.app.test_client()
        for cookie in cookies:
            assert cookie is not None
            one.set_cookie(cookie.key, cookie.value)
        one.post(f"{LIST}/{change_id}/move", data={"to": "done", "csrf_token": token})

    threads = [threading.Thread(target=click) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [v for v in verbs(anna) if v.startswith("moved")] == [
        f"moved change {change_id}: from planned to done"
    ]


@on_one
def test_each_state_says_since_when_and_leads_only_where_it_may(anna: Admin) -> None:
    change_id = registered(anna, effective_on="2026-12-01")
    assert "planned for 1 Dec 2026" in shown(anna, LIST)
    assert "announced for 1 Dec 2026" in moved(anna, change_id, "announced")
    assert "done, in effect from 1 Dec 2026" in moved(anna, change_id, "done")
    assert "This change is done meanwhile" in moved(anna, change_id, "dropped")
    assert "This change is done meanwhile" in moved(anna, change_id, "\0")
    page = moved(anna, change_id, "planned")
    assert "planned for 1 Dec 2026" in page
    assert (stands(anna, change_id).announced_at, stands(anna, change_id).done_at) == (None, None)
    assert "dropped on 20 Nov 2026" in moved(anna, change_id, "dropped")
    assert "planned for" in moved(anna, change_id, "planned")


@on_one
def test_done_without_a_day_is_in_effect_from_today(anna: Admin) -> None:
    change_id = registered(anna)
    assert "in effect since 20 Nov 2026" in moved(anna, change_id, "done")


def test_an_owner_whose_account_is_removed_keeps_her_name_there(anna: Admin) -> None:
    bo = anna.another()
    bo.post(anna.invite(), name="Bo Ek", password="another horse battery staple")
    with anna.services.database.read() as connection:
        owner = administrators.by_name(connection, "Bo Ek")
    assert owner is not None
    change_id = registered(anna, owner=owner.id)
    assert "Bo Ek" in shown(anna, LIST)
    with anna.services.database.write() as connection:
        assert administrators.remove_unless_last(connection, owner.id)
    assert "who has no account here any more" in shown(anna, f"{LIST}/{change_id}")
    given = {"title": "Another", "theme": [], "seen": stamp(1)}
    assert post(anna, f"{LIST}/{change_id}/edit", **given).status_code == 303
    assert stands(anna, change_id).owner_name == "Bo Ek"


def test_the_register_narrows_and_goes_into_a_file(anna: Admin, said: Said) -> None:
    first = registered(anna, touchpoint=["support-case"])
    registered(anna, title="=Cheaper", theme=["price"])
    moved(anna, first, "done")
    said()
    assert shown(anna, LIST).index("=Cheaper") < shown(anna, LIST).index("Replies within")
    assert "Cheaper" not in shown(anna, f"{LIST}?state=done")
    assert "Replies" not in shown(anna, f"{LIST}?theme=price").split("<ul")[1]
    assert "Replies" not in shown(anna, f"{LIST}?touchpoint=onboarding").split("<ul")[1]
    assert "Nothing like that" in shown(anna, f"{LIST}?state=dropped")
    for odd in ("state=x&theme=%00&after=%00", "touchpoint=nothing"):
        assert anna.get(f"{LIST}?{odd}").status_code == 200
    text = anna.get(f"{LIST}.csv").get_data().decode()
    assert "'=Cheaper" in text
    assert "done,2026-11-20,,Slow reply,Support case closed,0,0" in text
    assert "exported changes: " in "".join(verbs(anna))


def test_a_change_that_is_not_there(anna: Admin) -> None:
    for address in ("nothing", "%00", "nothing/edit", "%00/edit"):
        assert anna.get(f"{LIST}/{address}").status_code == 404
