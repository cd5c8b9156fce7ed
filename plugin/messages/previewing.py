"""The mail as one recipient would get it, and the line on a page, without sending anything: to be looked at by an
administrator."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin.errors import Problem
from plugin.messages import audience, progress, rules
from plugin.messages.drafts import Draft
from plugin.messages.excerpts import OnPage, on_page
from plugin.messages.letters import thanks
from plugin.messages.saying import said
from plugin.people.store import person
from plugin.services import Services
from widget.letter import Letter


@dataclass(frozen=True, slots=True)
class Preview:
    """*reason*: why she is not told, as things stand, though this is what she would read."""

    name: str
    address: str
    locale: str
    reason: str | None
    letter: Letter
    line: OnPage | None  # None: the message is told by mail alone


def preview(connection: Connection, services: Services, draft: Draft, person_id: str) -> Preview:
    """Raises ``Problem("not_found")`` for whoever the message is not for, or where there is no text for her."""
    her = connection.execute(sa.select(person).where(person.c.id == person_id)).one_or_none()
    row = None if her is None else progress.one(connection, draft.change.id, her.id)
    if her is not None and row is not None:
        answer, locale, reason = row.answer, row.locale, row.reason
    else:
        answer, locale, reason = _as_it_would_be(connection, services, draft, person_id)
    if her is None or (locale := locale or next(iter(draft.languages), "")) not in draft.texts:
        raise Problem("not_found", "There is no mail for this person.")
    told = said(connection, draft.texts, locale, her, answer)
    letter = thanks(
        services,
        locale=locale,
        change_texts=draft.texts,
        company=told.company,
        words=told.words,
        first_name=told.first_name,
        touchpoint_name=told.touchpoint,
        unsubscribe=f"{services.settings.address()}/u/preview",
    )
    by_page = "widget" in draft.plan.channels
    line = on_page(draft.texts[locale], told.slots, locale) if by_page else None
    return Preview(her.name or her.contact, her.email, locale, reason, letter, line)


def _as_it_would_be(
    connection: Connection, services: Services, draft: Draft, person_id: str
) -> tuple[str | None, str, str | None]:
    now = services.clock.now()
    people = audience.people(connection, services, draft.change, draft.plan, now)
    row = connection.execute(sa.select(people).where(people.c.person == person_id)).one_or_none()
    if row is None:
        raise Problem("not_found", "The message is not for this person.")
    language = rules.language_for(row.tag, draft.languages, draft.plan.fallback)
    return row.answer, language, row.reason or (None if language else "no_text")
