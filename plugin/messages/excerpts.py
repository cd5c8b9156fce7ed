"""So much of a company's text as a line on a page has room for."""

from collections.abc import Mapping
from dataclasses import dataclass

from plugin.messages.letters import spoken
from plugin.messages.placeholders import Slots, filled
from widget.heard import paragraphs
from widget.inserted import cut, plain
from widget.locales import wording

MOST = 500  # characters
_GREETS = 3  # words beside the name


@dataclass(frozen=True, slots=True)
class OnPage:
    """What the line says, as plain text."""

    title: str
    text: str


def on_page(own: Mapping[str, str], slots: Slots, locale: str) -> OnPage:
    """*own*: the change's ``subject`` and ``body`` in *locale*."""
    return OnPage(spoken(own["subject"], slots, locale), excerpt(own["body"], slots, locale))


def excerpt(body: str, slots: Slots, locale: str) -> str:
    """As many whole paragraphs of *body*, filled, as fit; the first one cut where it is longer. Without a line that
    only greets: nobody is greeted in the middle of a page."""
    direction = wording(locale).direction
    lines = filled("\n".join(one for one in body.splitlines() if not _greets(one)), slots, locale)
    texts = ["\n".join(plain(line, direction) for line in part) for part in paragraphs(lines)]
    kept = cut(texts[0], MOST) if texts else ""
    for text in texts[1:]:
        longer = f"{kept}\n\n{text}"
        if len(longer) > MOST:
            break
        kept = longer
    return kept


def _greets(line: str) -> bool:
    before, name, after = line.partition("{first_name}")
    return bool(name) and len(before.split()) <= _GREETS and not any(map(str.isalnum, after))
