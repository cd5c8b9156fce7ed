"""Touchpoints through the administrator's pages: adding, editing, archiving, embedding, previewing."""

from html import unescape

from tests.support.admin import Admin
from tests.support.admin_data import HOSTILE, answered, connect, touchpoint

FORM = {
    "key": "support-case",
    "name": "Support case closed",
    "kind": "transactional",
    "stage": "contact",
    "company": "Acme",
    "promise": "2",
    "unit": "working_days",
    "purpose": "To see whether a closed case is really solved.",
    "channel-widget": "yes",
    "channel-link": "yes",
    "delay": "48",
    "window": "14",
    "sample": "50",
    "sv.subject": "ditt supportärende",
    "sv.thanks.detractor": "Tack. Vi ringer.",
}
NEW, SHOW, EDIT = (
    "/admin/touchpoints/new",
    "/admin/touchpoints/support-case",
    "/admin/touchpoints/support-case/edit",
)
PREVIEW = f"{SHOW}/preview/sv/"


def test_a_key_that_will_not_do_is_refused_and_nothing_is_lost(anna: Admin) -> None:
    page = anna.post(NEW, **(FORM | {"key": "Bad Key", "promise": "0"}))
    assert page.status_code == 422
    assert 'id="error-key"' in page.text
    assert 'id="error-promise"' in page.text
    for typed in ("Bad Key", "Support case closed", "ditt supportärende", "Tack. Vi ringer."):
        assert typed in page.text


def test_a_touchpoint_is_added_and_shown(anna: Admin) -> None:
    added = anna.post(NEW, **FORM)
    assert (added.status_code, added.location) == (303, SHOW)
    page = unescape(anna.get(f"{SHOW}?locale=sv").text)
    assert "2 working days" in page
    assert 'data-touchpoint="ditt supportärende"' in page
    assert 'src="http://localhost/v1/widget.sv.js"' in page
    assert 'integrity="sha384-' in page
    assert "added <bdi>touchpoint support-case" in anna.get("/admin/audit").text


def test_it_shows_what_it_is_for_how_it_asks_and_for_how_long(anna: Admin) -> None:
    anna.post(NEW, **FORM)
    page = unescape(anna.get(SHOW).text)
    assert "To see whether a closed case is really solved." in page
    assert "<dd>page, link</dd>" in page
    assert "from 48 hours after the event, for 14 days; 50 % of the contacts" in page
    form = anna.get(EDIT).text
    assert form.count(" checked") == 4, "kind, unit of the promise, and the two ways to ask"
    anna.post(EDIT, **(FORM | {"window": "", "sample": ""}))
    assert "for 60 days</dd>" in anna.get(SHOW).text


def test_what_nobody_could_ask_by_is_refused_field_by_field(anna: Admin) -> None:
    wrong = {"delay": "-1", "window": "61", "sample": "0", "purpose": "x" * 301}
    given = {name: text for name, text in FORM.items() if not name.startswith("channel")}
    page = anna.post(NEW, **(given | wrong))
    assert page.status_code == 422
    for name in ("channels", "delay", "window", "sample", "purpose"):
        assert f'id="error-{name}"' in page.text, name


def test_a_key_is_taken_once(anna: Admin) -> None:
    anna.post(NEW, **FORM)
    page = anna.post(NEW, **FORM)
    assert page.status_code == 422
    assert "There is a touchpoint with this key already." in page.text


def test_the_kind_stays_once_somebody_was_asked(anna: Admin) -> None:
    connect(anna.services)
    anna.post(NEW, **FORM)
    changed = FORM | {"kind": "relational"}
    assert anna.post(EDIT, **changed).status_code == 303, "nobody was asked yet"
    assert anna.post(EDIT, **FORM).status_code == 303
    answered(anna.services, 9)
    page = anna.post(EDIT, **changed)
    assert page.status_code == 422
    assert "would mix answers to different" in page.text
    assert "would mix" in anna.get(EDIT).text, "the page says so before anybody tries"


def test_editing_keeps_the_key_and_names_what_changed(anna: Admin) -> None:
    anna.post(NEW, **FORM)
    anna.post(EDIT, **(FORM | {"key": "other", "promise": "36", "unit": "hours"}))
    assert "36 hours" in anna.get(SHOW).text
    assert anna.get("/admin/touchpoints/other").status_code == 404
    assert "promise, working days" in anna.get("/admin/audit").text


def test_the_question_itself_cannot_be_edited_and_the_page_says_why(anna: Admin) -> None:
    page = anna.get(NEW).text
    assert "cannot be edited" in page
    assert 'name="sv.question"' not in page


def test_archived_and_brought_back(anna: Admin) -> None:
    anna.post(NEW, **FORM)
    anna.post(f"{SHOW}/archive", form_on=SHOW)
    assert "Archived since" in anna.get(SHOW).text
    anna.post(f"{SHOW}/restore", form_on=SHOW)
    assert "Archived since" not in anna.get(SHOW).text


def test_hostile_texts_are_only_text(anna: Admin) -> None:
    touchpoint(
        anna.services, name=HOSTILE[:80], company=HOSTILE[:80], texts={"en.subject": HOSTILE[:80]}
    )
    for path in ("/admin/touchpoints", SHOW, EDIT, f"{SHOW}/preview/en/"):
        page = anna.get(path).text
        assert "<script>alert" not in page, path
        assert "<img src=x" not in page, path


def test_the_preview_is_the_real_page_and_says_what_it_is(anna: Admin) -> None:
    anna.post(NEW, **FORM)
    page = anna.get(PREVIEW)
    assert "Preview: nothing is recorded" in page.text
    assert "Hur troligt" in page.text
    policy = page.headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in policy
    assert "default-src 'none'" in policy
    assert "frame-src 'self'" in anna.get(SHOW).headers["Content-Security-Policy"]
    assert "frame-src" not in anna.get("/admin/").headers["Content-Security-Policy"]


def test_an_answer_in_the_preview_replies_and_records_nothing(anna: Admin) -> None:
    anna.post(NEW, **FORM)
    token = anna.get(PREVIEW).text.split('name="token" value="')[1].split('"')[0]
    customer = anna.another().browser
    sent = {"token": token, "score": "3"}
    reply = customer.post(f"{PREVIEW}api/v1/answers", data=sent)
    assert reply.status_code == 201
    assert reply.get_json()["thanks"] == "Tack. Vi ringer."
    assert "2" in reply.get_json()["next"]
    page = customer.post(f"{PREVIEW}api/v1/answers", data=sent, headers={"Accept": "text/html"})
    assert "Tack. Vi ringer." in page.text
    assert "Preview: nothing is recorded" in page.text
    assert "No answers yet" in anna.get("/admin/answers").text
    assert customer.post(f"{PREVIEW}api/v1/asks/events").status_code == 204


def test_the_preview_answers_nobody_who_did_not_load_it(anna: Admin) -> None:
    anna.post(NEW, **FORM)
    for token in ("", "nonsense"):
        refused = anna.browser.post(f"{PREVIEW}api/v1/answers", data={"token": token, "score": "3"})
        assert refused.status_code == 410
    assert anna.another().get(PREVIEW).status_code == 303


def test_the_files_of_the_preview_are_the_real_ones(anna: Admin) -> None:
    anna.post(NEW, **FORM)
    sent_on = anna.get(f"{PREVIEW}v1/page.css")
    assert sent_on.location == "/v1/page.css"
    assert anna.get("/v1/page.css").status_code == 200
