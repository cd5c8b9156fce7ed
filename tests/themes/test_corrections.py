"""A person's word about an answer: it wins, it teaches, and nothing that was learned undoes it."""

import threading
from html import unescape

import sqlalchemy as sa

from plugin.access.rules import CLI
from plugin.access.store import audit_entry
from plugin.themes import actions
from plugin.themes.store import answer_theme
from tests.support.admin import csrf_of
from tests.themes.conftest import read, themes_of


def correct(anna, answer_id: str, *themes: str):
    """As the form on the answer's page sends it."""
    page = f"/admin/answers/{answer_id}"
    html = anna.get(page).text
    before = [part.split('"')[0] for part in html.split('name="before" value="')[1:]]
    fields = {"csrf_token": csrf_of(html), "before": before, "theme": list(themes)}
    return anna.browser.post(f"{page}/themes", data=fields, headers={"Accept": "text/html"})


def test_an_answer_that_is_not_there_or_does_not_count_is_not_corrected(anna, said):
    one = said("Too expensive", standing="set_aside")
    assert "Correct …" not in anna.get(f"/admin/answers/{one}").text
    for answer_id in (one, "nothing"):
        token = csrf_of(anna.get("/admin/themes/new").text)
        fields = {"csrf_token": token, "theme": "price"}
        assert anna.send(f"/admin/answers/{answer_id}/themes", fields).status_code == 404


def test_a_theme_nobody_knows_is_not_said(anna, said):
    one = said("Fine")
    assert correct(anna, one, "nonsense", "<b>").status_code == 303
    assert themes_of(anna, one) == set()


def test_the_answers_page_says_by_which_words(anna, said):
    one = said("Far too EXPENSIVE for us")
    assert "Not read yet." in anna.get(f"/admin/answers/{one}").text
    read(anna)
    page = unescape(anna.get(f"/admin/answers/{one}").text)
    assert "by its words: <bdi>“EXPENSIVE”</bdi>" in page


def test_what_a_person_said_wins_and_stays(anna, said):
    one = said("Too expensive and rude")
    read(anna)
    assert correct(anna, one, "unfriendly_staff", "contract").status_code == 303
    for on in (False, True):
        actions.switch(anna.services, CLI, "billing", on=on)  # and all is read anew
        read(anna)
    assert themes_of(anna, one) == {"unfriendly_staff", "contract"}
    assert themes_of(anna, one, "person") == {"contract"}
    page = unescape(anna.get(f"/admin/answers/{one}").text)
    assert "(a person said no)" in page
    with anna.services.database.read() as connection:
        mine = sa.select(audit_entry).where(audit_entry.c.verb == "corrected the themes of")
        (noted,) = connection.execute(mine).all()
    assert noted.detail == "added contract, removed price"


def test_sent_twice_it_is_said_once(anna, said):
    one = said("Too expensive")
    read(anna)
    page = anna.get(f"/admin/answers/{one}").text
    fields = {"csrf_token": csrf_of(page), "before": "price", "theme": "contract"}
    for _ in range(2):
        assert anna.send(f"/admin/answers/{one}/themes", fields).status_code == 303
    assert themes_of(anna, one) == {"contract"}


def test_corrections_by_two_at_once_leave_one_word_each(anna, said):
    one = said("Something")
    failed = []

    def say(theme: str) -> None:
        try:
            actions.correct(anna.services, CLI, one, [], [theme, "price"])
        except sa.exc.SQLAlchemyError as error:
            failed.append(error)

    both = [threading.Thread(target=say, args=(theme,)) for theme in ("contract", "delivery")]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert failed == []
    assert themes_of(anna, one) == {"price", "contract", "delivery"}


def test_two_corrections_teach_nothing_three_do_and_say_so(anna, said):
    for n in range(12):
        said(f"Fine as always, number {n}")
    new = said("Your concierge was asleep")
    taught = [said(f"The concierge again, {word}") for word in ("monday", "tuesday", "friday")]
    read(anna)
    for one in taught[:2]:
        correct(anna, one, "unfriendly_staff")
    read(anna)
    assert themes_of(anna, new) == set()
    correct(anna, taught[2], "unfriendly_staff")
    read(anna)
    assert themes_of(anna, new, "learned") == {"unfriendly_staff"}
    page = unescape(anna.get("/admin/themes/unfriendly_staff").text)
    assert "concierge</bdi> (English) speaks for it: learned from 3 corrections" in page
    assert "learned: <bdi>“concierge”</bdi>" in page
    assert "learned from corrections: <bdi>“concierge”</bdi>" in unescape(
        anna.get(f"/admin/answers/{new}").text
    )


def test_what_is_learned_never_undoes_a_persons_no(anna, said):
    for n in range(12):
        said(f"Fine as always, number {n}")
    no = said("The concierge is lovely")
    read(anna)
    correct(anna, no)
    actions.correct(anna.services, CLI, no, ["unfriendly_staff"], [])
    for word in ("monday", "tuesday", "friday", "sunday", "winter"):
        correct(anna, said(f"The concierge again, {word}"), "unfriendly_staff")
    read(anna)
    new = said("That concierge")
    read(anna)
    assert themes_of(anna, new) == {"unfriendly_staff"}
    assert "unfriendly_staff" not in themes_of(anna, no)


def test_a_phrase_that_people_keep_taking_away_falls_silent_elsewhere_only(anna, said):
    wrong = [said(f"Our own delivery {word}") for word in ("monday", "tuesday", "friday")]
    other = said("The delivery")
    kept = said("The shipping")
    read(anna)
    assert themes_of(anna, other) == {"delivery"}
    for one in wrong:
        correct(anna, one)
    read(anna)
    assert themes_of(anna, other) == set()
    assert themes_of(anna, kept) == {"delivery"}
    page = unescape(anna.get("/admin/themes/delivery").text)
    assert "no longer counts for it: learned from 3 corrections" in page


def test_a_correction_taken_back_is_unlearned(anna, said):
    wrong = [said(f"Our own delivery {word}") for word in ("monday", "tuesday", "friday")]
    other = said("The delivery")
    read(anna)
    for one in wrong:
        correct(anna, one)
    correct(anna, wrong[0], "delivery")
    read(anna)
    assert themes_of(anna, other) == {"delivery"}
    with anna.services.database.read() as connection:
        said_ = connection.execute(
            sa.select(answer_theme).where(answer_theme.c.by == "person")
        ).all()
    assert len(said_) == 3
