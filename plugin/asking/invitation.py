"""What a decision to ask looks like to whoever carries it to the customer: token, link and snippet."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin.asking.actions import Wish
from plugin.asking.rules import Asked, NotAsked
from plugin.services import Services
from plugin.touchpoints.rules import NPS
from plugin.touchpoints.store import touchpoint
from widget.locales import resolve
from widget.snippet import plain_link, snippet
from widget.tokens import SurveyToken, Tokens


def document(
    services: Services, tokens: Tokens, wish: Wish, decision: Asked | NotAsked
) -> dict[str, Any]:
    """The JSON of ``POST /api/v1/asks`` and of ``gensvar ask``; with it what waits to be told on a page, whether or not
    something is asked there."""
    with services.database.read() as connection:
        said = (
            _refused(decision)
            if isinstance(decision, NotAsked)
            else _invited(connection, services, tokens, decision)
        )
        notice = _notice(connection, services, wish, decision)
    return said | ({"notice": notice} if notice else {})


def _refused(decision: NotAsked) -> dict[str, Any]:
    at = decision.next_eligible_at
    return {
        "asked": False,
        "reason": decision.reason,
        "next_eligible_at": at.isoformat().replace("+00:00", "Z") if at else None,
    }


def _invited(
    connection: Connection, services: Services, tokens: Tokens, decision: Asked
) -> dict[str, Any]:
    text = tokens.seal(_token(decision))
    shown = connection.execute(
        sa.select(touchpoint).where(touchpoint.c.key == decision.touchpoint)
    ).one()
    own = shown.wording.get(decision.locale) or shown.wording.get(resolve(decision.locale)) or {}
    return {
        "asked": True,
        "ask_id": decision.ask,
        "token": text,
        "url": address(services, text),
        "snippet": snippet(
            services.settings.address(),
            text,
            company=shown.company,
            touchpoint=own.get("subject", ""),
            locale=decision.locale,
        )
        if shown.kind in NPS
        else plain_link(address(services, text), decision.locale),
    }


def _notice(
    connection: Connection, services: Services, wish: Wish, decision: Asked | NotAsked
) -> dict[str, str] | None:
    """Only a page can show one."""
    if services.notice is None or wish.channel != "widget":
        return None
    now = services.clock.now()
    return services.notice.waiting(connection, decision.person, wish.locale, now)


def link(services: Services, asked: Asked) -> str:
    """The survey's address alone, with a fresh token."""
    tokens = Tokens(services.settings.signing_keys, services.clock.now)
    return address(services, tokens.seal(_token(asked)))


def address(services: Services, token: str) -> str:
    return f"{services.settings.address()}/s/{token}"


def _token(asked: Asked) -> SurveyToken:
    return SurveyToken(
        id=asked.ask,
        installation=asked.installation,
        contact=asked.contact,
        touchpoint=asked.touchpoint,
        channel=asked.channel,
        locale=asked.locale,
        expires_at=asked.token_expires_at,
    )
