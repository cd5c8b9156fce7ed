"""A customer stops our questions: by the button or by one click in her mail program, and for good."""

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from plugin.asking.actions import decide
from plugin.asking.rules import NotAsked
from plugin.crm.merging import merge
from plugin.mail import unsubscribing
from plugin.people.store import person
from tests.asking.mails import Post, post_office
from tests.asking.test_decide import wish
from tests.support.smtp import SmtpServer
from widget.locales import available, wording


@pytest.fixture
def post(database_url: str, smtp_server: SmtpServer) -> Iterator[Post]:
    with post_office(database_url, smtp_server) as made:
        yield made


def link(post: Post) -> str:
    """The path from a mail that came."""
    post.ask()
    post.work()
    address: str = post.server.mails[-1].message["List-Unsubscribe"].strip("<>")
    return address.removeprefix("http://nps.test")


def one_click(post: Post, path: str) -> TestResponse:
    """As a mail program does it (RFC 8058): no cookie, no origin of ours, no look at the page before."""
    return post.world.client.post(
        path,
        data={"List-Unsubscribe": "One-Click"},
        headers={"Origin": "https://mail.example", "Referer": "https://mail.example/"},
    )


def unsubscribed_at(post: Post) -> Any:
    return post.world.one(sa.select(person.c.unsubscribed_at).where(person.c.contact == "101"))


def test_a_failure_of_ours_speaks_of_no_answer_and_the_link_s_language(post: Post) -> None:
    path = link(post)
    post.world.write(sa.text("ALTER TABLE person RENAME TO hidden"))
    reply = one_click(post, path)
    post.world.write(sa.text("ALTER TABLE hidden RENAME TO person"))
    assert reply.status_code == 503
    assert wording("sv").pages["unavailable"][0] in reply.text
    assert unsubscribed_at(post) is None


def test_looking_changes_nothing(post: Post) -> None:
    path = link(post)
    page = post.world.client.get(path, headers={"Accept": "*/*"})
    assert page.status_code == post.world.client.head(path).status_code == 200
    assert wording("sv").pages["unsubscribe"][0] in page.text
    assert '<form method="post">' in page.text
    assert "<script" not in page.text
    assert unsubscribed_at(post) is None
    for name, value in {
        "Referrer-Policy": "same-origin",
        "Cache-Control": "no-store",
        "X-Robots-Tag": "noindex",
    }.items():
        assert page.headers[name] == value
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]


def test_one_click_stops_all_questions_and_again_is_the_same(post: Post) -> None:
    path = link(post)
    page = one_click(post, path)
    assert page.status_code == 200
    assert wording("sv").pages["unsubscribed"][0] in page.text
    at = unsubscribed_at(post)
    post.later(days=1)
    assert one_click(post, path).status_code == 200
    assert unsubscribed_at(post) == at
    for channel in ("email", "widget", "link"):
        assert decide(post.world.shared, wish(channel=channel)) == NotAsked("unsubscribed")
    assert post.mail("contact").state == "queued", "the CRM is told"
    assert post.world.one(sa.select(person.c.ask_refusal)) == "unsubscribed"


def test_the_button_posts_an_empty_form(post: Post) -> None:
    assert post.world.client.post(link(post)).status_code == 200
    assert unsubscribed_at(post) is not None


def test_what_is_queued_does_not_leave(post: Post) -> None:
    post.ask()
    with post.world.shared.database.read() as connection:
        her = connection.execute(sa.select(person)).one()
    address = unsubscribing.link(post.world.shared, her, "sv")
    one_click(post, address.removeprefix("http://nps.test"))
    assert (post.mail().state, post.mail().error) == ("void", "unsubscribed")
    post.work()
    assert post.server.mails == []


def test_nobody_is_reminded_any_more(post: Post) -> None:
    one_click(post, link(post))
    assert (post.mail("reminder").state, post.mail("reminder").error) == ("void", "unsubscribed")
    post.later(days=30)
    post.work()
    assert len(post.server.mails) == 1


def test_an_administrator_undoes_a_mistake(post: Post) -> None:
    path = link(post)
    one_click(post, path)
    her = post.world.one(sa.select(person.c.id))
    with post.world.shared.database.write() as connection:
        now = post.world.clock.now()
        assert unsubscribing.subscribe_again(connection, her, now)
        assert not unsubscribing.subscribe_again(connection, her, now)
    assert unsubscribed_at(post) is None
    assert decide(post.world.shared, wish(channel="widget")) != NotAsked("unsubscribed")
    one_click(post, path)
    assert unsubscribed_at(post) is not None, "the same link says no again"


def test_the_link_of_a_merged_person_stops_the_survivor(post: Post) -> None:
    path = link(post)
    post.world.person("202", email="anna@new.example", opted_out=False)
    merged = post.world.one(sa.select(person.c.id).where(person.c.contact == "101"))
    with post.world.shared.database.write() as connection:
        now = post.world.clock.now()
        merge(connection, merged, "202", now, now)
    assert one_click(post, path).status_code == 200
    survivor = sa.select(person.c.unsubscribed_at).where(person.c.contact == "202")
    assert post.world.one(survivor) is not None


def test_a_link_of_last_year_still_works(post: Post) -> None:
    path = link(post)
    post.later(days=400)
    assert one_click(post, path).status_code == 200
    assert unsubscribed_at(post) is not None


def test_only_a_link_of_ours_does_it(post: Post) -> None:
    path = link(post)
    survey = post.server.mails[0].part("plain").split("/s/")[1].split("?")[0]
    signature = path.index(".") + 1  # its last character has spare bits, its first has none
    forged = path[:signature] + ("B" if path[signature] == "A" else "A") + path[signature + 1 :]
    for bad in (forged, f"/u/{survey}", "/u/x"):
        for call in (post.world.client.get, post.world.client.post):
            answer = call(bad, headers={"Accept-Language": "de"})
            assert answer.status_code == 403
            assert wording("de").pages["link_invalid"][0] in answer.text
    assert unsubscribed_at(post) is None
    assert post.world.client.get(f"/s/{path.removeprefix('/u/')}").status_code == 403


def test_who_is_erased_is_told_the_same_and_stays_erased(post: Post) -> None:
    path = link(post)
    post.world.write(person.update().values(erased_at=post.world.clock.now(), email=""))
    assert one_click(post, path).status_code == 200
    assert unsubscribed_at(post) is None


def test_a_huge_body_is_refused(post: Post) -> None:
    assert post.world.client.post(link(post), data=b"x" * 20_000).status_code == 413


@pytest.mark.parametrize("tag", available())
def test_the_page_speaks_every_language(tag: str) -> None:
    from widget import page

    html = page.unsubscribe(locale=tag)
    assert f'lang="{tag}" dir="{wording(tag).direction}"' in html
