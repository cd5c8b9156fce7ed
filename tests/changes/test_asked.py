"""Who asked for a change: by themes and touchpoints before it was done, plus and minus what a person said."""

from plugin.answers.store import answer
from plugin.changes import belongings
from plugin.people.store import person
from tests.changes.conftest import LIST, Said, about, asked, moved, post, registered, shown, verbs
from tests.support.admin import Admin
from tests.support.admin_data import HOSTILE, triggers


def test_those_who_wrote_about_the_theme_at_the_touchpoint(anna: Admin, said: Said) -> None:
    one = said(name="Maja Lindqvist")
    said("Fine", "")
    said("Too expensive", "price")
    said(key="onboarding")
    said(standing="set_aside")
    change_id = registered(anna, touchpoint=["support-case"])
    assert asked(anna, change_id) == {one}
    page = shown(anna, f"{LIST}/{change_id}")
    assert "1 person" in page
    assert f'href="/admin/answers/{one}"' in page
    assert "Waited four days" in page
    everywhere = registered(anna)
    assert len(asked(anna, everywhere)) == 2


def test_each_person_once_with_her_newest(anna: Admin, said: Said) -> None:
    old, new = said(days_ago=9), said(days_ago=2)
    with anna.services.database.write() as connection:
        whose = connection.scalar(answer.select().with_only_columns(answer.c.person))
        connection.execute(answer.update().values(person=whose))
    change_id = registered(anna)
    assert asked(anna, change_id) == {new}
    post(anna, f"{LIST}/{change_id}/answers", on=f"{LIST}/{change_id}", answer=new, has="no")
    assert asked(anna, change_id) == {old}


def test_who_speaks_of_it_when_it_is_there_did_not_ask_for_it(anna: Admin, said: Said) -> None:
    before = said(days_ago=3)
    change_id = registered(anna)
    moved(anna, change_id, "done")
    anna.clock.move(minutes=1)
    after = said()
    assert asked(anna, change_id) == {before}
    moved(anna, change_id, "planned")
    assert asked(anna, change_id) == {before, after}


def test_a_change_that_is_registered_late_counts_to_its_own_day(anna: Admin, said: Said) -> None:
    before, on_the_day = said(days_ago=9), said(days_ago=5)
    said(days_ago=4)
    change_id = registered(anna, effective_on="2026-11-15")
    moved(anna, change_id, "done")
    assert asked(anna, change_id) == {before, on_the_day}


def test_a_person_s_word_wins_in_both_ways_and_is_said_once(anna: Admin, said: Said) -> None:
    one, other = said(), said("I called five times", "")
    change_id = registered(anna)
    there, page = f"{LIST}/{change_id}/answers", f"{LIST}/{change_id}"
    for _ in range(2):
        post(anna, there, on=page, answer=one, has="no")
        post(anna, there, on=page, answer=f"http://localhost/admin/answers/{other}#changes")
    assert asked(anna, change_id) == {other}
    assert "Taken away by hand (1)" in shown(anna, page)
    about(anna, other, "slow_reply")
    assert asked(anna, change_id) == {other}
    post(anna, there, on=page, answer=one, has="yes")
    assert asked(anna, change_id) == {one, other}
    assert len([verb for verb in verbs(anna) if "an answer" in verb]) == 3


def test_an_answer_that_is_not_there_or_does_not_count_is_not_tied(anna: Admin, said: Said) -> None:
    change_id = registered(anna)
    there, page = f"{LIST}/{change_id}/answers", f"{LIST}/{change_id}"
    for named in ("", "nothing", HOSTILE, "\0", said(standing="provisional")):
        post(anna, there, on=page, answer=named)
        assert "There is no such answer, or it does not count." in shown(anna, page)
    assert asked(anna, change_id) == set()


def test_from_an_answer_s_page(anna: Admin, said: Said) -> None:
    one = said("I called five times", "")
    change_id, page = registered(anna), f"/admin/answers/{one}"
    assert "No change yet." in shown(anna, page)
    post(anna, f"{page}/change", on=page, change=change_id)
    assert "tied by a person" in shown(anna, page)
    post(anna, f"{page}/change", on=page, change=change_id, has="no")
    assert "No change yet." in shown(anna, page)
    by_theme = said()
    assert "planned, by its theme" in shown(anna, f"/admin/answers/{by_theme}")
    post(anna, f"{page}/change", on=page, change="nothing")
    assert "There is no such change." in shown(anna, page)


def test_from_a_theme_s_page(anna: Admin, said: Said) -> None:
    one = said("Too expensive", "price")
    change_id = registered(anna)
    assert "/admin/changes/tie?theme=price" in shown(anna, "/admin/themes/price")
    tie = f"{LIST}/tie?theme=price"
    for _ in range(2):
        post(anna, f"{LIST}/{change_id}/themes", on=f"{LIST}/{change_id}", theme="price")
    assert asked(anna, change_id) == {one}
    assert "No other change" in shown(anna, tie)
    assert len([verb for verb in verbs(anna) if verb.startswith("tied a theme")]) == 1
    refused = post(anna, f"{LIST}/{change_id}/themes", on=f"{LIST}/{change_id}", theme="nothing")
    assert refused.status_code == 404
    assert "There is no such theme" in shown(anna, f"{LIST}/tie?theme=%3Cb")


def test_what_was_tied_goes_with_the_person(anna: Admin, said: Said) -> None:
    one = said("I called five times", "")
    change_id = registered(anna)
    post(anna, f"{LIST}/{change_id}/answers", on=f"{LIST}/{change_id}", answer=one)
    with anna.services.database.write() as connection:
        (whose,) = connection.scalars(person.select().with_only_columns(person.c.id))
        (held,) = belongings.held(connection, [whose])["asked_for_changes"]
        assert (held["change"], held["has"]) == (change_id, True)
        assert belongings.forget(connection, [whose]) == 1
        assert belongings.held(connection, [whose]) == {"asked_for_changes": []}
    assert asked(anna, change_id) == set()


def test_they_are_asked_again_by_triggers(anna: Admin, said: Said) -> None:
    change_id = registered(anna, touchpoint=["onboarding"])
    said()
    triggers(anna.services, "After a case")
    assert "No trigger asks at its touchpoints" in shown(anna, f"{LIST}/{change_id}")
    everywhere = registered(anna)
    assert 'href="/admin/triggers/flow"' in shown(anna, f"{LIST}/{everywhere}")
