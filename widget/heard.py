"""The letter of thanks: what a company tells those who asked for a change. Nothing here sends anything."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from widget.inserted import Inserted, Line, clean, cut, marked, plain
from widget.letter import Letter
from widget.locales import Wording, wording
from widget.question import plain_name, templates

LONGEST_QUOTE = 600  # characters of her own words; what is longer is cut
GREETS_IN = 4  # words


@dataclass(frozen=True, slots=True)
class _Said:
    """All that stands in the letter, for both its parts."""

    heading: str
    greeting: Sequence[Line]
    about: Line
    quote: Sequence[str]
    rest: Sequence[Sequence[Line]]
    because: Line


def heard(
    *,
    locale: str,
    subject: Line,
    body: Sequence[Line],
    quote: str = "",
    company: str | None = None,
    touchpoint: str | None = None,
    spoke: bool = True,
    unsubscribe: str,
) -> Letter:
    """The frame is ours and in *locale*; *subject* and *body* are the company's, in the same language, already filled.
    *quote* is what this very customer wrote; *spoke*: whether she said anything at all, or is only told what others
    have led to. The one link is *unsubscribe*, and nothing is loaded from anywhere."""
    words, name = wording(locale), plain_name(company)
    greeting, rest = _greeted(paragraphs(body))
    about = plain_name(touchpoint)
    said = _Said(
        heading=words.heard["heading" if spoke else "heading_to_others"],
        greeting=greeting,
        about=_filled(words.about, about) if about else [],
        quote=cut(clean(quote), LONGEST_QUOTE).splitlines(),
        rest=rest,
        because=_filled(_because(words, name, spoke=spoke), name),
    )
    title = " ".join(plain(subject, words.direction).split()) or said.heading
    return Letter(
        locale=words.locale,
        subject=title,
        text=_text(words, said, unsubscribe),
        html=_html(words, said, title, name, unsubscribe),
    )


def paragraphs(lines: Iterable[Line]) -> list[list[Line]]:
    """Lines that stand together; an empty line parts them."""
    grouped = groupby(lines, key=lambda line: bool(plain(line, "ltr").strip()))
    return [list(together) for filled, together in grouped if filled]


def _greeted(parts: Sequence[Sequence[Line]]) -> tuple[Sequence[Line], Sequence[Sequence[Line]]]:
    """A letter that begins with a short line by itself begins with it, before anything is quoted."""
    if parts and len(parts[0]) == 1 and len(plain(parts[0][0], "ltr").split()) <= GREETS_IN:
        return parts[0], parts[1:]
    return [], parts


def _text(words: Wording, said: _Said, unsubscribe: str) -> str:
    def text(*lines: Line) -> str:
        return "\n".join(plain(line, words.direction) for line in lines)

    quote: list[Line] = [["> ", Inserted(line)] for line in said.quote]
    parts = (
        said.heading,
        text(*said.greeting),
        text(said.about),
        text([words.heard["told"]], *quote) if quote else "",
        *(text(*lines) for lines in said.rest),
        words.heard["reply"],
        text(said.because),
        f"{words.heard['unsubscribe']}: {unsubscribe}",
    )
    return "\n\n".join(part for part in parts if part) + "\n"


def _html(words: Wording, said: _Said, title: str, sender: str, unsubscribe: str) -> str:
    return templates.get_template("heard.html").render(
        words=words,
        title=title,
        sender=sender,
        heading=said.heading,
        greeting=marked(said.greeting),
        about=marked([said.about]),
        quote=marked([line] for line in said.quote),
        paragraphs=[marked(lines) for lines in said.rest],
        because=marked([said.because]),
        unsubscribe=unsubscribe,
        stop=words.heard["unsubscribe"],
    )


def _because(words: Wording, name: str, *, spoke: bool) -> str:
    if not spoke:
        return words.heard["because_customer"]
    return words.heard["because" if name else "because_neutral"]


def _filled(text: str, name: str) -> Line:
    before, brace, rest = text.partition("{")
    return [before, Inserted(name), rest.partition("}")[2]] if brace else [text]
