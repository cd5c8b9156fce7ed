"""The letter of thanks: what a company tells those who asked for a change. Nothing here sends anything."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from widget.inserted import Inserted, Line, clean, cut, marked, plain
from widget.letter import Letter
from widget.locales import Wording, wording
from widget.question import plain_name, templates

LONGEST_QUOTE = 600  # characters of her own words; what is longer is cut


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
    title = plain(subject, words.direction).strip() or words.heard["heading"]
    name, about = plain_name(company), plain_name(touchpoint)
    said = {
        "words": words,
        "title": title,
        "sender": name,
        "about": marked([_filled(words.about, about)]) if about else "",
        "quote": marked([line] for line in _quoted(quote)),
        "paragraphs": [marked(lines) for lines in paragraphs(body)],
        "because": marked([_filled(_because(words, name), name)]),
        "unsubscribe": unsubscribe,
        "stop": words.heard["unsubscribe"],
    }
    return Letter(
        locale=words.locale,
        subject=title,
        text=_text(words, body, quote, name, about, unsubscribe),
        html=templates.get_template("heard.html").render(said),
    )


def paragraphs(lines: Iterable[Line]) -> list[list[Line]]:
    """Lines that stand together; an empty line parts them."""
    grouped = groupby(lines, key=lambda line: bool(plain(line, "ltr").strip()))
    return [list(together) for filled, together in grouped if filled]


def _text(
    words: Wording, body: Sequence[Line], quote: str, name: str, about: str, unsubscribe: str
) -> str:
    def said(line: Line) -> str:
        return plain(line, words.direction)

    quoted = _quoted(quote)
    told = [words.heard["told"], *(f"> {said([Inserted(line)])}" for line in quoted)]
    parts = (
        words.heard["heading"],
        said(_filled(words.about, about)) if about else "",
        "\n".join(told) if quoted else "",
        *("\n".join(said(line) for line in lines) for lines in paragraphs(body)),
        words.mail["reply"],
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
