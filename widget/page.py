"""The pages a customer can meet, each a complete HTML document. Nothing here reads or records."""

from dataclasses import dataclass
from typing import Literal

from widget.locales import Category, Wording, wording
from widget.measures import ENDS, asked
from widget.question import Filled, as_attribute, plain_name, templates
from widget.thanks import Promise
from widget.thanks import thanks as built_in

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
"""What these pages need and no more; whoever serves them sends it as a header."""

VERSION = "v1"

Problem = Literal["score_missing", "comment_too_long", "failed"]
_SAME_PAGE = {"body_too_large": "comment_too_long"}
_NOTHING = Filled()


@dataclass(frozen=True, slots=True)
class Decoy:
    """A link and a button to ``address`` that no eye, keyboard or screen reader meets; ``by`` says on which
    rendering of the page they stood."""

    address: str
    by: str


def question(
    *,
    locale: str,
    token: str,
    company: str | None = None,
    touchpoint: str | None = None,
    filled: Filled = _NOTHING,
    why: str | None = None,
    problem: Problem | None = None,
    root: str = "",
    stamp: str = "",
    decoy: Decoy | None = None,
    kind: str = "",
) -> str:
    """The survey as a page, which works without script: it posts a form to ``/api/v1/answers``.

    ``filled`` preselects and never stores: only the customer's own act does. ``why`` overrides the
    question for the comment, ``problem`` says what was wrong with the form just sent. ``root`` is
    the path the application lives under. ``stamp`` goes with the answer as its evidence, ``decoy``
    is a way that nobody sees. ``kind`` is what is measured where it is not NPS.
    """
    words, root = wording(locale), root.rstrip("/")
    shown = asked(words, kind, company, touchpoint)
    return templates.get_template("ask.html").render(
        words=words,
        title=_title(words, company),
        assets=f"{root}/{VERSION}",
        embedded=False,
        action=f"{root}/api/v1/answers",
        script_words=as_attribute(words, grouped=kind not in ENDS),
        token=token,
        evidence=stamp,
        decoy=decoy,
        score=filled.score,
        comment=filled.comment,
        may_contact=filled.may_contact,
        why=why or words.why_neutral,
        problem=_wrong(words, problem, kind),
        question=shown.question,
        about=shown.about,
        numbers=shown.numbers,
        lowest=shown.lowest,
        highest=shown.highest,
    )


def _wrong(words: Wording, problem: Problem | None, kind: str) -> str:
    if problem is None:
        return ""
    if problem == "failed":
        return words.failed
    title, text = words.pages[problem]
    if problem == "score_missing" and kind in ENDS:
        text = words.measures[kind]["score_missing"]
    return f"{title}. {text}"


def thanks(
    *,
    locale: str,
    category: Category,
    may_contact: bool | None = None,
    promise: Promise | None = None,
    company: str | None = None,
    text: str | None = None,
    next_text: str | None = None,
    root: str = "",
    change: str = "",
) -> str:
    """The thank-you as a page. ``text`` and ``next_text`` override the built-in wording; ``change`` is where the
    answer can be changed, while it can."""
    words = wording(locale)
    said = built_in(locale, category, may_contact, promise)
    heading = said.thanks if text is None else text
    after = said.next if next_text is None else next_text
    return _message(words, heading, after, company, root, change)


def refused(
    *,
    locale: str,
    code: str,
    otherwise: Literal["failed", "unavailable"] = "failed",
    company: str | None = None,
    root: str = "",
) -> str:
    """What a customer reads instead of the question, with what can be done. ``code`` is the surface's error code or
    ``opted_out``; an unknown one reads as a failure of ours: *otherwise* it was to save an answer, or anything else."""
    words = wording(locale)
    heading, text = words.pages.get(_SAME_PAGE.get(code, code), words.pages[otherwise])
    return _message(words, heading, text, company, root)


def unsubscribe(*, locale: str, root: str = "") -> str:
    """Asks, with one button, whether the customer wants no more questions; the button posts to this very address."""
    words = wording(locale)
    heading, text = words.pages["unsubscribe"]
    return templates.get_template("unsubscribe.html").render(
        words=words,
        title=heading,
        assets=f"{root.rstrip('/')}/{VERSION}",
        heading=heading,
        text=text,
    )


def _message(
    words: Wording, heading: str, text: str, company: str | None, root: str, change: str = ""
) -> str:
    return templates.get_template("message.html").render(
        words=words,
        title=_title(words, company, heading),
        assets=f"{root.rstrip('/')}/{VERSION}",
        heading=heading,
        text=text,
        change=change,
    )


def _title(words: Wording, company: str | None, title: str = "") -> str:
    name = plain_name(company)
    return f"{title or words.title} – {name}" if name else title or words.title
