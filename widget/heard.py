"""The letter of thanks: what a company tells those who asked for a change. Nothing here sends anything."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from widget.inserted import Inserted, Line, clean, cut, marked, plain
from widget.letter import Letter
from widget.locales import Wording, wording
from widget.question import plain_name, templates

LONGEST_QUOTE = 600  # characters of her own words; what is longer is cut
GREETS_IN = 4  # words


def heard(
    *,
    locale: str,
    subject: Line,
    body: Sequence[Line],
    quote: str = "",
    company: str | None = None,
    touchpoint: str | None = None,
    unsubscribe: str,
) -> Letter:
    """The frame is ours and in *locale*; *subject* and *body* are the company's, in the same language, already filled.
    *quote* is what this very customer wrote. The one link is *unsubscribe*, and nothing is loaded from anywhere."""
    words = wording(locale)
    title = " ".join(plain(subject, words.direction).split()) or words.heard["heading"]
    name, about = plain_name(company), plain_name(touchpoint)
    greeting, rest = _greeted(paragraphs(body))
    said = {
        "words": words,
        "title": title,
        "sender": name,
        "about": marked([_filled(words.about, about)]) if about else "",
        "quote": marked([line] for line in _quoted(quote)),
        "greeting": marked(greeting),
        "paragraphs": [marked(lines) for lines in rest],
        "because": marked([_filled(_because(words, name), name)]),
        "unsubscribe": unsubscribe,
        "stop": words.heard["unsubscribe"],
    }
    return Letter(
        locale=words.locale,
        subject=title,
        text=_text(words, greeting, rest, quote, name, about, unsubscribe),
        html=templates.get_template("heard.html").render(said),
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


def _text(
    words: Wording,
    greeting: Sequence[Line],
    rest: Sequence[Sequence[Line]],
    quote: str,
    name: str,
    about: str,
    unsubscribe: str,
) -> str:
    def said(*lines: Line) -> str:
        return "\n".join(plain(line, words.direction) for line in lines)

    quoted: list[Line] = [["> ", Inserted(line)] for line in _quoted(quote)]
    parts = (
        words.heard["heading"],
        said(*greeting),
        said(_filled(words.about, about)) if about else "",
        said([words.heard["told"]], *quoted) if quoted else "",
        *(said(*lines) for lines in rest),
        words.heard["reply"],
        said(_filled(_because(words, name), name)),
        f"{words.heard['unsubscribe']}: {unsubscribe}",
    )
    return "\n\n".join(part for part in parts if part) + "\n"


def _because(words: Wording, name: str) -> str:
    return words.heard["because" if name else "because_neutral"]


def _filled(text: str, name: str) -> Line:
    before, brace, rest = text.partition("{")
    return [before, Inserted(name), rest.partition("}")[2]] if brace else [text]


def _quoted(quote: str) -> list[str]:
    return cut(clean(quote), LONGEST_QUOTE).splitlines()
