"""A link is fetched: that leaves evidence, some rows for each ask, and never keeps the page from coming."""

import structlog
from flask import request
from sqlalchemy.exc import SQLAlchemyError

from plugin.answers.doors import door
from plugin.db import id_in, new_id
from plugin.evidence import arrivals
from plugin.evidence.actions import Opened, has_room
from plugin.evidence.rules import DECOY, Opening
from plugin.evidence.stamps import Rendering
from plugin.services import Services
from widget.tokens import SurveyToken

log = structlog.get_logger()


def opened(services: Services, token: SurveyToken, score: int | None) -> Rendering:
    """What the page that is sent now carries."""
    decoy = request.args.get("score") == str(DECOY)
    made = Rendering(new_id(), token.id, services.clock.now(), decoy)
    found = Opening(
        id=made.id,
        at=made.at,
        score=DECOY if decoy else score,
        head=request.method == "HEAD",
        agent=arrivals.agent(dict(request.headers)),
        by=id_in(request.args.get("by", "")) if decoy else "",
    )
    _keep(services, Opened(token.id, found))
    return made


def _keep(services: Services, found: Opened) -> None:
    try:
        with services.database.read() as connection:
            wanted = has_room(connection, found)
        if wanted:
            door().openings.submit(found)
    except SQLAlchemyError as error:
        log.warning("opening_not_kept", error=type(error).__name__)
