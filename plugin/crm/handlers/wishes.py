"""Survey requests from a CRM: each decided once, and told until the CRM has written it down."""

from collections.abc import Sequence

import sqlalchemy as sa
import structlog

from connectors.changes import RequestResult, SurveyRequest
from connectors.manifest import manifest
from connectors.types import Fate
from plugin.asking.actions import Wish
from plugin.crm.directory import as_found
from plugin.crm.handlers.desk import CALL, Desk
from plugin.crm.requests import Decided, decide_once
from plugin.crm.store import survey_request
from plugin.errors import Problem
from plugin.people.actions import see
from plugin.people.rules import ContactName
from plugin.strict import storable
from plugin.touchpoints.rules import CHANNELS

log = structlog.get_logger()

LANGUAGE = "en"
LAST_CALL = CALL + 1.5  # seconds: what telling may take
PASSES = ("crm_unavailable", "needs_reconnect", "storage_unavailable")  # no decision: asked again
NO_CONTACT = "No contact was named."
NO_TOUCHPOINT = "The touchpoint's key has characters that no key has."


def decide_and_tell(desk: Desk, requests: Sequence[SurveyRequest]) -> bool:
    """Whether the rest is worth another look at once. What is not told waits in the CRM, and comes with the next."""
    if not requests:
        return False
    _acquaint(desk, requests)
    waiting, results = list(reversed(requests)), []
    while waiting and _left(desk) > LAST_CALL:
        result = _decided(desk, waiting.pop())
        results += [result] if result else []
    if results and _left(desk) < CALL:
        return True  # decided they are: the next look tells it
    _tell(desk, results)
    # A CRM so slow that there was time for none is not asked again and again.
    return 0 < len(waiting) < len(requests)


def _left(desk: Desk) -> float:
    return desk.ends - desk.connections.services.clock.monotonic()


def _tell(desk: Desk, results: Sequence[RequestResult]) -> None:
    desk.lane.calls += 1 if results else 0
    for outcome in desk.write(desk.connector.answer_requests, results):
        if outcome.fate is Fate.REFUSED:
            log.warning("request_not_answered", installation=desk.row.id, why=outcome.code)


def _acquaint(desk: Desk, requests: Sequence[SurveyRequest]) -> None:
    """All contacts that are still to be decided about in one call, so that deciding needs none each."""
    database = desk.connections.services.database
    keys = survey_request.c.key.in_([_key(desk, request) for request in requests])
    with database.read() as connection:
        done = set(connection.scalars(sa.select(survey_request.c.key).where(keys)))
    wanted = {one.contact_id for one in requests if one.contact_id and _key(desk, one) not in done}
    if not wanted:
        return
    desk.lane.calls += 1
    with desk.reading():
        found = desk.connector.contacts(sorted(wanted))
    with database.write() as connection:
        for contact in found.values():
            if contact is not None:
                see(connection, desk.row.id, as_found(contact), desk.now)


def _decided(desk: Desk, request: SurveyRequest) -> RequestResult | None:
    """``None`` while it cannot be decided."""
    if not request.contact_id:
        return RequestResult(request.id, "failed", reason=NO_CONTACT)
    if not storable(request.touchpoint):
        return RequestResult(request.id, "failed", reason=NO_TOUCHPOINT)
    wish = Wish(
        installation=desk.row.id,
        contact=ContactName(id=request.contact_id),
        touchpoint=request.touchpoint,
        channel=request.channel if request.channel in CHANNELS else "link",
    )
    try:
        return _told(request, decide_once(desk.connections.services, _key(desk, request), wish))
    except Problem as problem:
        if problem.code in PASSES:
            return None
        return RequestResult(request.id, "failed", reason=problem.detail or problem.code)


def _told(request: SurveyRequest, decided: Decided) -> RequestResult:
    if decided.ask:
        return RequestResult(request.id, "asked", link=decided.url)
    words = manifest().card.reasons.get(decided.reason, {}).get(LANGUAGE, decided.reason)
    return RequestResult(request.id, "not_asked", reason=words, next_ask_at=decided.next_ask_at)


def _key(desk: Desk, request: SurveyRequest) -> str:
    return f"{desk.row.id}:{request.id}"
