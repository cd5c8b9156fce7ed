"""What a decision to ask looks like to whoever carries it to the customer: token, link and snippet."""

from typing import Any

import sqlalchemy as sa

from plugin.asking.rules import Asked, NotAsked
from plugin.services import Services
from plugin.touchpoints.rules import NPS
from plugin.touchpoints.store import touchpoint
from widget.locales import resolve
from widget.snippet import plain_link, snippet
from widget.tokens import SurveyToken, Tokens


def document(services: Services, tokens: Tokens, decision: Asked | NotAsked) -> dict[str, Any]:
    """The JSON of ``POST /api/v1/asks`` and of ``gensvar ask``."""
    if isinstance(decision, NotAsked):
        at = decision.next_eligible_at
        return {
            "asked": False,
            "reason": decision.reason,
            "next_eligible_at": at.isoformat().replace("+00:00", "Z") if at else None,
        }
    text = tokens.seal(_token(decision))
    base = services.settings.address()
    with services.database.read() as connection:
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
            base,
            text,
            company=shown.company,
            touchpoint=own.get("subject", ""),
            locale=decision.locale,
        )
        if shown.kind in NPS
        else plain_link(address(services, text), decision.locale),
    }


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
