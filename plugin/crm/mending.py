"""After the keys were changed under a running process: what it could not open, a restarted one can."""

from typing import Any

from sqlalchemy.engine import Row

from plugin.crm import polls
from plugin.crm.seals import SEALED, opened
from plugin.crm.store import change, every
from plugin.deliveries.actions import resume_lane
from plugin.people.rules import lane_of
from plugin.sealing import SealBroken
from plugin.services import Services


def mend(services: Services) -> list[str]:
    """Lets installations go on that stood still only because their seal did not open; their ids."""
    with services.database.write() as connection:
        stopped = [row for row in every(connection) if row.reason == "seal_broken"]
        mended = [row.id for row in stopped if _opens(services, row)]
        for installation in mended:
            change(connection, installation, state="connected", reason="", reason_detail="")
            resume_lane(connection, lane_of(installation))
            polls.resume(connection, installation)
    return mended


def _opens(services: Services, row: Row[Any]) -> bool:
    try:
        for name in SEALED:
            opened(services.sealer, row, name)
    except SealBroken:
        return False
    return True
