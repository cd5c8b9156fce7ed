"""What one recipient is told: the text in her language, and her own words, which nobody else is shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from plugin.answers.store import answer, counted
from plugin.messages.placeholders import Slots
from plugin.touchpoints.store import touchpoint


@dataclass(frozen=True, slots=True)
class Said:
    """What fills one letter. *words* is what she wrote herself; empty where nothing of it may be quoted."""

    locale: str
    texts: Mapping[str, Mapping[str, str]]
    company: str = ""
    touchpoint: str = ""
    first_name: str = ""
    words: str = ""

    @property
    def slots(self) -> Slots:
        """What goes where the text has a placeholder."""
        return Slots(self.first_name, self.company, self.touchpoint, self.words)


def said(
    connection: Connection,
    texts: Mapping[str, Mapping[str, str]],
    locale: str,
    her: Row[Any],
    answer_id: str | None,
) -> Said:
    """*her*: the person as she is now. An answer that does not count any more, or is another person's, says nothing."""
    found = connection.execute(_HERS, {"answer": answer_id, "who": her.id}).one_or_none()
    if found is None:
        return Said(locale, texts, first_name=first_name(her.name))
    own = found.wording.get(locale) or {}
    return Said(
        locale,
        texts,
        company=found.company,
        touchpoint=own.get("subject", ""),
        first_name=first_name(her.name),
        words=found.comment.strip(),
    )


_HERS = (
    sa.select(answer.c.comment, touchpoint.c.company, touchpoint.c.wording)
    .join(touchpoint, touchpoint.c.key == answer.c.touchpoint)
    .where(answer.c.id == sa.bindparam("answer"), answer.c.person == sa.bindparam("who"), counted)
)


def first_name(name: str) -> str:
    """As the CRM writes a contact's name: the given name stands first."""
    return next(iter(name.split()), "")
