"""Machines that need no browser: what stands between a mail server and an inbox, and what follows links in chats."""

import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

import requests

from bench.support.visits.forms import Form, Page
from bench.support.visits.links import Link

BROWSER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
PATIENCE = 20


def session(agent: str = BROWSER, **headers: str) -> requests.Session:
    made = requests.Session()
    made.headers.update({"User-Agent": agent, "Accept": "text/html", **headers})
    return made


def all_links_by_get(link: Link) -> None:
    """Everything in the mail at once."""
    with ThreadPoolExecutor(12) as pool:
        list(pool.map(lambda address: session().get(address, timeout=PATIENCE), link.mail))


def all_links_by_head(link: Link) -> None:
    with ThreadPoolExecutor(12) as pool:
        list(pool.map(lambda address: session().head(address, timeout=PATIENCE), link.mail))


def link_preview(link: Link) -> None:
    """A chat that shows what is behind a link."""
    for agent in ("Slackbot-LinkExpanding 1.0", "WhatsApp/2.23.20.0"):
        asking = session(agent)
        asking.head(link.of(), timeout=PATIENCE)
        asking.get(link.of(), timeout=PATIENCE)


def prefetching(link: Link) -> None:
    """A browser or a proxy that fetches before anybody asked."""
    asking = session(**{"Sec-Purpose": "prefetch"})
    for score in (0, 7, 10):
        asking.get(link.of(score), timeout=PATIENCE)


def posting_unseen(link: Link) -> None:
    """A program that knows the address and posts without looking at the page."""
    asking = session()
    asking.post(
        f"{link.root}/api/v1/answers", json={"token": link.token, "score": 0}, timeout=PATIENCE
    )
    form = {"token": link.token, "score": "1", "evidence": "v2,2000,2500,2,1,0,1,0,0,mouse"}
    asking.post(f"{link.root}/api/v1/answers", data=form, timeout=PATIENCE)


def every_form_at_once(link: Link) -> None:
    """Opens each link and submits each form behind it with each of its buttons."""
    asking = session()
    for address in link.mail:
        found = page(asking, address)
        for form in found.forms:
            for button in form.buttons or [{}]:
                submit(asking, form, {**form.fields, **button})


def one_form_filled_in(link: Link) -> None:
    """Reads for a while, and then fills in whatever can be filled in."""
    asking = session()
    found = page(asking, link.of(3))
    time.sleep(2)
    form = found.survey
    submit(asking, form, {**form.fields, **dict.fromkeys(form.texts, "https://example.com")})


def all_links_then_one_form(link: Link) -> None:
    """Looks at everything at once, waits as a person would, and sends one answer."""
    asking = session()
    pages = [page(asking, address) for address in link.mail]
    time.sleep(1.8)
    form = pages[2].survey
    submit(asking, form, form.fields)


def named_program(link: Link) -> None:
    """A patient program that says what it is."""
    asking = session("python-requests/2.32.3")
    form = page(asking, link.of(2)).survey
    time.sleep(2)
    submit(asking, form, form.fields)


def replaying(link: Link) -> None:
    """Minutes after delivery, one link after the other, each with its form."""
    asking = session()
    for address in link.mail[:6]:
        form = page(asking, address).survey
        submit(asking, form, form.fields)
    all_links_by_head(link)


def following_everything(link: Link) -> None:
    """A crawler: what a page links to is opened too; at the end one form is sent with patience."""
    asking = session()
    found = page(asking, link.of())
    for address in found.links:
        asking.get(address, timeout=PATIENCE)
    time.sleep(1.8)
    submit(asking, found.survey, {**found.survey.fields, "score": "4"})


def page(asking: requests.Session, address: str) -> Page:
    return Page(address, asking.get(address, timeout=PATIENCE).text)


def submit(asking: requests.Session, form: Form, fields: Mapping[str, str]) -> None:
    if form.method == "post":
        asking.post(form.action, data=dict(fields), timeout=PATIENCE)
    else:
        asking.get(form.action, params=dict(fields), timeout=PATIENCE)


PROGRAMS: Mapping[str, Callable[[Link], None]] = {
    "all links by GET at once": all_links_by_get,
    "all links by HEAD at once": all_links_by_head,
    "link preview": link_preview,
    "prefetching": prefetching,
    "posting without the page": posting_unseen,
    "every form behind every link": every_form_at_once,
    "one form, everything filled in": one_form_filled_in,
    "all links, then one form": all_links_then_one_form,
    "a program by its own name": named_program,
    "the mail's links replayed": replaying,
    "following every link": following_everything,
}
