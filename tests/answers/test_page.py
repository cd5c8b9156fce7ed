"""The survey as a page: what a customer without script, or with a broken link, reads."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa

from plugin.answers.store import answer
from plugin.touchpoints.store import touchpoint
from tests.support.surveys import BASE, World

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def get(world: World, address: str, **headers: str) -> Any:
    return world.client.get(address, headers=BROWSER | headers)


def send(world: World, **fields: str) -> Any:
    return world.client.post(
        "/api/v1/answers",
        data=urlencode(fields),
        content_type="application/x-www-form-urlencoded",
        headers=BROWSER | {"Origin": BASE},
    )


@pytest.mark.parametrize("accept", ["text/html", "*/*", ""])
def test_a_forged_link_is_a_page_whoever_looks(survey_world: World, accept: str) -> None:
    reply = survey_world.client.get("/s/forged", headers={"Accept": accept})
    assert reply.status_code == 403
    assert reply.mimetype == "text/html"
    assert "This link does not work" in reply.text


@pytest.mark.parametrize("after", ["/", "%2F", "/x"])
def test_a_link_with_something_behind_it_is_kept_out_of_search_too(
    survey_world: World, after: str
) -> None:
    reply = get(survey_world, f"/s/{survey_world.ask()}{after}")
    assert reply.status_code == 404
    assert reply.headers["X-Robots-Tag"] == "noindex"
    assert reply.headers["Referrer-Policy"] == "same-origin"
    assert reply.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("host", ["evil.example", "evil.example:1", "[", "é"])
def test_a_slash_too_many_never_leads_to_the_host_that_a_request_names(
    survey_world: World, host: str
) -> None:
    token = survey_world.ask()
    reply = get(survey_world, f"/s//{token}?score=3", Host=host)
    assert (reply.status_code, reply.headers["Location"]) == (308, f"/s/{token}?score=3")
    assert reply.text == ""
    assert get(survey_world, reply.headers["Location"]).status_code == 200


def test_an_expired_link_says_so_in_its_own_language(survey_world: World) -> None:
    token = survey_world.seal("gone", locale="sv", life=timedelta(seconds=-1))
    reply = get(survey_world, f"/s/{token}", **{"Accept-Language": "de"})
    assert reply.status_code == 410
    assert 'lang="sv"' in reply.text


def test_a_forged_link_speaks_the_browser_s_language(survey_world: World) -> None:
    reply = get(survey_world, "/s/forged", **{"Accept-Language": "nb-NO,nb;q=0.9"})
    assert 'lang="nb"' in reply.text


def test_guessing_links_is_slowed_down_and_an_honest_one_is_not(survey_world: World) -> None:
    codes = [get(survey_world, f"/s/forged{n}").status_code for n in range(61)]
    assert codes == [403] * 60 + [429]
    assert get(survey_world, f"/s/{survey_world.ask()}").status_code == 200


def test_the_page_is_kept_by_nobody_and_framed_nowhere(survey_world: World) -> None:
    for address in (f"/s/{survey_world.ask()}", "/s/forged"):
        headers = get(survey_world, address).headers
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Robots-Tag"] == "noindex"
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("score", "chosen"), [("3", True), ("11", False), ("x", False), ("03", False)]
)
def test_a_link_may_preselect_a_score(survey_world: World, score: str, chosen: bool) -> None:
    page = get(survey_world, f"/s/{survey_world.ask()}?score={score}").text
    assert page.count(" checked") == chosen
    assert survey_world.one(sa.select(sa.func.count()).select_from(answer)) == 0


def test_a_form_without_a_score_comes_back_with_what_was_typed(survey_world: World) -> None:
    reply = send(survey_world, token=survey_world.ask(), comment="<script>Too slow</script>")
    assert reply.status_code == 422
    assert "Your score is missing" in reply.text
    assert "&lt;script&gt;Too slow&lt;/script&gt;" in reply.text
    assert reply.headers["X-Robots-Tag"] == "noindex"


def test_a_form_with_too_long_a_comment_comes_back_with_its_score(survey_world: World) -> None:
    fields = {"score": "3", "may_contact": "false", "comment": "x" * 4001}
    reply = send(survey_world, token=survey_world.ask(), **fields)
    assert reply.status_code == 422
    assert "Your comment is too long" in reply.text
    assert re.findall(r'value="(\w+)"[^>]* checked', reply.text) == ["3", "false"]


def test_a_form_too_large_to_read_is_said_in_words(survey_world: World) -> None:
    reply = send(survey_world, token=survey_world.ask(), score="3", comment="ي" * 3999)
    assert reply.status_code == 413
    assert "Your comment is too long" in reply.text


@pytest.mark.parametrize("token", ["", "forged"])
def test_a_form_without_a_good_link_is_refused_in_words(survey_world: World, token: str) -> None:
    reply = send(survey_world, token=token, score="3")
    assert reply.status_code in (403, 422)
    assert reply.mimetype == "text/html"


@pytest.mark.parametrize(("table", "kept"), [("revision", True), ("touchpoint", False)])
def test_a_database_that_does_not_answer_is_said_in_the_customer_s_words(
    survey_world: World, table: str, *, kept: bool
) -> None:
    """With the form and what was typed, where the question can still be read."""
    token = survey_world.ask()
    survey_world.write(sa.text(f"ALTER TABLE {table} RENAME TO hidden"))
    reply = send(survey_world, token=token, score="3", comment="Kept")
    looked = get(survey_world, f"/s/{token}")
    survey_world.write(sa.text(f"ALTER TABLE hidden RENAME TO {table}"))
    assert reply.status_code == 503
    assert ('role="alert">Your answer is not saved' in reply.text) == kept
    assert ("Kept</textarea>" in reply.text) == kept
    assert ("Your answer is not saved yet</h1>" in reply.text) != kept
    assert ("That did not work just now" in looked.text) != kept


def test_after_the_answer_the_link_thanks_and_lets_correct_and_then_closes(
    survey_world: World,
) -> None:
    token = survey_world.ask()
    assert send(survey_world, token=token, score="3", comment="Too slow").status_code == 303
    thanks = get(survey_world, f"/s/{token}").text
    assert "within 24 hours" in thanks
    assert '<a href="?edit=1">Change your answer</a>' in thanks
    again = get(survey_world, f"/s/{token}?edit=1").text
    assert "Too slow" in again
    assert again.count(" checked") == 1
    survey_world.clock.ahead += timedelta(hours=24)
    for address in (f"/s/{token}", f"/s/{token}?edit=1"):
        closed = get(survey_world, address).text
        assert "already answered" in closed
        assert "Change your answer" not in closed


def test_another_score_s_link_is_no_thanks_but_the_form_with_what_was_typed(
    survey_world: World,
) -> None:
    token = survey_world.ask()
    send(survey_world, token=token, score="3", comment="Too slow", may_contact="false")
    again = get(survey_world, f"/s/{token}?score=9").text
    assert re.findall(r'value="(\w+)"[^>]* checked', again) == ["9", "false"]
    assert "Too slow" in again
    for address in ("?score=3", "?score=11", ""):
        assert "Thank you for being open" in get(survey_world, f"/s/{token}{address}").text
    survey_world.clock.ahead += timedelta(hours=24)
    assert "already answered" in get(survey_world, f"/s/{token}?score=9").text


def test_an_administrator_s_own_thanks_are_used(survey_world: World) -> None:
    wording = {"en": {"thanks": {"promoter": "High five!"}, "subject": "your <order>"}}
    survey_world.write(touchpoint.update().values(wording=wording))
    token = survey_world.ask()
    assert "your &lt;order&gt;" in get(survey_world, f"/s/{token}").text
    assert survey_world.answer(token, score=10).json["thanks"] == "High five!"
    assert "High five!" in get(survey_world, f"/s/{token}").text
