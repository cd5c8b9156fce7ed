"""The pages as people meet them: on a phone, by keyboard, without script, with assistive technology."""

from collections.abc import Iterator, Sequence
from datetime import date

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Page, expect

from plugin.access import actions, keys
from plugin.access.rules import CLI, Who
from plugin.answers.store import answer as given
from plugin.changes import actions as changes
from plugin.changes.forms import Draft
from plugin.followups.store import followup
from plugin.people.store import person
from plugin.segments import actions as segments
from plugin.segments.store import attribute, attribute_value, followed_list
from plugin.services import Services
from tests.support.accessibility import prepared, violations
from tests.support.admin import PASSWORD, TOKEN
from tests.support.admin_data import (
    HOSTILE,
    HUB,
    SALES,
    answered,
    asked,
    connect,
    refused,
    set_apart,
    touchpoint,
    triggers,
)

PAGES = [
    "/admin/",
    "/admin/answers",
    "/admin/answers?q=nothing&since=x",
    "/admin/answers/ANSWER",
    "/admin/asks",
    "/admin/asks?state=bounced&since=x",
    "/admin/asks/ASK",
    "/admin/asks/silent",
    "/admin/asks/refused",
    "/admin/asks/try?touchpoint=support-case",
    "/admin/trend",
    "/admin/trend?until=x",
    "/admin/measures",
    "/admin/follow-ups",
    "/admin/follow-ups?q=nothing&owner=nobody",
    "/admin/follow-ups/FOLLOWUP",
    "/admin/touchpoints",
    "/admin/touchpoints/new",
    "/admin/touchpoints/support-case?locale=ar",
    "/admin/touchpoints/support-case/edit",
    "/admin/touchpoints/support-case/preview/en/",
    "/admin/themes",
    "/admin/themes/new",
    "/admin/themes/suggestions",
    "/admin/themes/price",
    "/admin/segments",
    "/admin/segments/new?field=plan&value=gold",
    "/admin/segments/settings",
    "/admin/segments/fields",
    f"/admin/segments/fields/{HUB}",
    "/admin/segments/values?field=plan",
    "/admin/segments/SEGMENT/edit",
    "/admin/segments/SEGMENT?person=PERSON",
    "/admin/changes",
    "/admin/changes/new?theme=price",
    "/admin/changes/CHANGE",
    "/admin/changes/CHANGE/edit",
    "/admin/changes/CHANGE/effect",
    "/admin/changes/CHANGE/message",
    "/admin/changes/CHANGE/message/people",
    "/admin/changes/CHANGE/message/people?show=opted_out&q=nobody",
    "/admin/changes/CHANGE/message/preview/ASKER",
    "/admin/messages",
    "/admin/changes/tie?theme=price",
    "/admin/triggers",
    "/admin/triggers/new",
    f"/admin/triggers/new?kind=list&installation={HUB}",
    "/admin/triggers/case-closed",
    "/admin/triggers/flow",
    "/admin/triggers/case-closed/edit",
    "/admin/installations",
    "/admin/deliveries",
    "/admin/administrators",
    "/admin/api-keys",
    "/admin/audit",
    "/admin/account",
    "/admin/answers/nothing",
]

EMPTY = [
    "/admin/", "/admin/answers", "/admin/asks", "/admin/asks/silent", "/admin/asks/refused",
    "/admin/trend", "/admin/follow-ups", "/admin/touchpoints", "/admin/triggers", "/admin/deliveries",
    "/admin/themes", "/admin/changes", "/admin/segments", "/admin/segments/fields",
    "/admin/api-keys",
]  # fmt: skip


def stock(services: Services) -> str:
    """Long names, hostile ones, every state there is."""
    connect(services)
    connect(services, SALES, "Fjord " * 12, state="needs_reconnect", reason="invalid_grant")
    touchpoint(services, texts={"sv.subject": "x" * 80, "ar.thanks.detractor": "شكرا"})
    answered(services, 10, "خدمة رائعة", name="أحمد")
    answered(services, 0, HOSTILE, name="N" * 78, company="C" * 78)
    touchpoint(services, "care", name="C" * 78, kind="csat", channels=("link",), texts={})
    answered(services, 4, "Fine", key="care", kind="csat", category="")
    asked(services, name="N" * 78, trigger="T" * 60, test=True, shown_at=services.clock.now())
    asked(services, channel="email", bounced_at=services.clock.now(), reminders=1)
    refused(services, "opted_out", name="N" * 78)
    triggers(services, "N" * 78)
    set_apart(services, "parked", "kept_failing", "W" * 200)
    set_apart(services, "unsure", "unsure")
    me = Who("x", "M" * 78)
    actions.invite(services, me, "I" * 78)
    keys.add(services, me, "K" * 78, HUB)
    return answered(services, 3, "Waited four days", days_ago=3)


def person_of(services: Services, answer_id: str) -> str:
    with services.database.read() as connection:
        return str(connection.scalar(sa.select(given.c.person).where(given.c.id == answer_id)))


def follow_up_of(services: Services, answer: str) -> str:
    with services.database.read() as connection:
        return str(connection.scalar(sa.select(followup.c.id).where(followup.c.answer == answer)))


def segment_in(services: Services) -> tuple[str, str]:
    """One of every kind of condition, by fields with long names; and somebody whom it is about."""
    now = services.clock.now()
    with services.database.write() as connection:
        who = str(connection.scalar(sa.select(sa.func.max(person.c.id))))
        for name, kind in (("plan", "text"), ("mrr", "number"), ("renewal", "date")):
            row = {"installation": HUB, "field": name, "label": name * 20, "kind": kind, "wrong": 3}
            trouble = HOSTILE * 2 if kind == "number" else ""
            connection.execute(attribute.insert().values(**row, trouble=trouble, created_at=now))
        row = {"installation": HUB, "list": "L" * 100, "label": "L" * 100, "trouble": HOSTILE}
        connection.execute(followed_list.insert().values(**row, read_at=now, created_at=now))
        plan = attribute_value.insert().values(person=who, field="plan", text="P" * 200)
        connection.execute(plan)
    newest = {"category": "detractor", "kind": "transactional"}
    plans = {"attribute": {"field": "plan", "one_of": ["P" * 200, HOSTILE]}}
    near = {"not": {"attribute": {"field": "renewal", "in_next": 30}}}
    rest = [{"theme": "price"}, {"language": "sv"}, {"segment": "at-risk"}, {"list": "L" * 100}]
    more = [{"attribute": {"field": "mrr", "at_least": 5}}, {"touchpoint": "support-case"}]
    rule = {"all": [newest, {"any": [plans, {"not": {"all": [near, *rest]}}, *more]}]}
    return segments.add(services, CLI, "S" * 78, rule), who


def overflow(page: Page) -> int:
    wide: int = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return wide


TEXTS = {"en": {"subject": "S" * 120, "body": "Hello {first_name},\n\n" + "W" * 200}}
LOOKS = ((1280, "dark"), (320, "light"))


SHARES = 3  # of the pages, each for a process of its own


@pytest.fixture
def policy_kept(page: Page) -> Iterator[None]:
    """Nothing on any page met the content policy."""
    refused: list[str] = []
    page.on("console", lambda m: refused.append(m.text) if "Security Policy" in m.text else None)
    yield
    assert not refused


@pytest.mark.usefixtures("policy_kept")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_page_without_anything_on_it_is_accessible_and_fits(
    server: Services, with_axe: Page
) -> None:
    for path in EMPTY:
        look(with_axe, server, path, LOOKS[1:])
    with_axe.context.clear_cookies()
    look(with_axe, server, "/admin/sign-in")


@pytest.mark.usefixtures("policy_kept")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("share", range(SHARES))
def test_every_page_is_accessible_and_fits(server: Services, with_axe: Page, share: int) -> None:
    answer = stock(server)
    follow_up, ask_id = follow_up_of(server, answer), asked(server, name="أحمد")
    change = changes.add(server, CLI, Draft("C" * 100, HOSTILE, date(2026, 11, 9), texts=TEXTS))
    changes.move(server, CLI, change, "done")
    changes.tie(server, CLI, change, answer, has=True)
    segment, somebody = segment_in(server)
    for path in PAGES[share::SHARES]:
        path = (
            path.replace("ANSWER", answer).replace("FOLLOWUP", follow_up).replace("CHANGE", change)
        )
        path = path.replace("SEGMENT", segment).replace("PERSON", somebody)
        path = path.replace("ASKER", person_of(server, answer))
        look(with_axe, server, path.replace("ASK", ask_id))


@pytest.fixture
def with_axe(at_home: Page) -> Page:
    return prepared(at_home)


def look(page: Page, server: Services, path: str, looks: Sequence[tuple[int, str]] = LOOKS) -> None:
    page.goto(server.settings.base_url + path)
    page.evaluate("document.querySelectorAll('main details').forEach((d) => { d.open = true })")
    for width, scheme in looks:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        assert overflow(page) <= 0, (path, width)
        assert violations(page) == [], (path, width, scheme)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_everything_works_without_script(server: Services, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 700})
    page = context.new_page()
    page.goto(f"{server.settings.base_url}/admin/touchpoints/new")
    page.get_by_label("Administrator's token").fill(TOKEN)
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Your name").fill("Anna Berg")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Set up with this password").click()
    page.get_by_text("Menu").click()
    page.get_by_role("link", name="Touchpoints").click()
    page.get_by_role("link", name="Add a touchpoint").click()
    page.get_by_label("Name", exact=True).fill("Support")
    page.get_by_label("Key").fill("support")
    page.get_by_text("Svenska", exact=True).click()
    page.get_by_label("Its name for customers").locator("visible=true").fill("ditt ärende")
    page.get_by_role("button", name="Add the touchpoint").click()
    expect(page.get_by_role("status").filter(has_text="The touchpoint is added")).to_be_visible()
    expect(page.get_by_text("<script async")).to_be_visible()
    page.get_by_text("Archive …").click()
    page.get_by_role("button", name="Archive this touchpoint").click()
    expect(page.get_by_text("Archived since")).to_be_visible()
    context.close()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_wrong_gets_the_focus_and_leads_to_its_field(
    server: Services, at_home: Page
) -> None:
    at_home.goto(f"{server.settings.base_url}/admin/touchpoints/new")
    at_home.get_by_label("Name", exact=True).fill("Support")
    at_home.get_by_label("Key").fill("Not A Key")
    at_home.keyboard.press("Enter")
    summary = at_home.get_by_role("alert")
    expect(summary).to_be_focused()
    at_home.keyboard.press("Tab")
    at_home.keyboard.press("Enter")
    at_home.keyboard.press("Tab")
    expect(at_home.get_by_label("Key")).to_have_value("Not A Key")
    expect(at_home.get_by_label("Key")).to_have_attribute("aria-invalid", "true")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_keyboard_can_skip_the_menu(server: Services, at_home: Page) -> None:
    at_home.goto(f"{server.settings.base_url}/admin/answers")
    at_home.keyboard.press("Tab")
    expect(at_home.get_by_role("link", name="Skip to the content")).to_be_focused()
    at_home.keyboard.press("Enter")
    expect(at_home.locator("main")).to_be_focused()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_follow_up_is_handled_by_keyboard_alone(server: Services, at_home: Page) -> None:
    follow_up = follow_up_of(server, stock(server))
    at_home.goto(f"{server.settings.base_url}/admin/follow-ups/{follow_up}")
    at_home.get_by_role("button", name="Mark handled").focus()
    at_home.keyboard.press("Enter")
    expect(at_home.get_by_role("alert")).to_be_focused()
    at_home.keyboard.press("Tab")
    at_home.keyboard.press("Enter")
    expect(at_home.get_by_label("Why was the customer unhappy?")).to_be_focused()
    at_home.keyboard.type("Slow")
    at_home.keyboard.press("Tab")
    at_home.keyboard.type("Solved")
    at_home.keyboard.press("Tab")
    at_home.keyboard.press("Enter")
    expect(at_home.get_by_role("status").filter(has_text="The follow-up is closed")).to_be_visible()
    expect(at_home.get_by_text("Slow reply. Solved")).to_be_visible()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_preview_is_the_survey_and_records_nothing(server: Services, at_home: Page) -> None:
    connect(server)
    touchpoint(server, texts={"en.thanks.detractor": "Thanks. We will call you."})
    at_home.goto(f"{server.settings.base_url}/admin/touchpoints/support-case")
    frame = at_home.frame_locator("iframe")
    expect(frame.get_by_text("Preview: nothing is recorded")).to_be_visible()
    with at_home.expect_response("**/preview/en/api/v1/answers") as answered_with:
        frame.get_by_role("radio", name="2", exact=True).click()
    assert answered_with.value.status == 201
    frame.get_by_role("textbox").fill("Too slow")
    frame.get_by_role("button", name="Send").click()
    expect(frame.get_by_text("Thanks. We will call you.")).to_be_visible()
    at_home.goto(f"{server.settings.base_url}/admin/answers")
    expect(at_home.get_by_text("No answers yet")).to_be_visible()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_code_can_be_copied(server: Services, at_home: Page) -> None:
    touchpoint(server)
    at_home.context.grant_permissions(["clipboard-read", "clipboard-write"])
    at_home.goto(f"{server.settings.base_url}/admin/touchpoints/support-case")
    at_home.get_by_role("button", name="Copy").last.click()
    expect(at_home.get_by_text("Copied")).to_be_visible()
    copied = at_home.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("<script async src=")
    assert 'data-token="TOKEN"' in copied
