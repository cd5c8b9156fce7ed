"""A look at the fields or at a list that segments need: what it brought, how far it came and the next look are one
transaction, so that a look that dies is one that never was."""

from collections.abc import Sequence

from connectors.errors import CrmError, MissingRight, Refused
from plugin.crm.handlers.budget import spare
from plugin.crm.handlers.desk import Desk, Writing, open_desk, refusal
from plugin.crm.keeping import fields, lists
from plugin.crm.rules import KEEP_SHARE
from plugin.crm.watching import missing
from plugin.deliveries.verdicts import Delivered, Delivery, Effect, Lane, Verdict, Void

GONE = "It is not there any more, or the connected user may not see it."


class Keeping(Writing):
    """Kind ``keep``. What the CRM does not let us see is said where it was chosen, and stops nothing else."""

    def limit(self, lane: str) -> int:
        return 1

    def handle(self, lane: Lane, rows: Sequence[Delivery], within: float) -> Sequence[Verdict]:
        desk = open_desk(self._connections, lane, within)
        spare(desk, KEEP_SHARE)
        return [self._look(desk, row.payload["list"]) for row in rows]

    def _look(self, desk: Desk, name: str) -> Verdict:
        try:
            effect = lists.look(desk, name) if name else fields.look(desk)
        except MissingRight as error:
            effect = _refused(desk, name, missing(desk.row, error.detail))
        except Refused as error:
            effect = _refused(desk, name, error.detail or GONE)
        except CrmError as error:
            raise refusal(self._connections, desk.row, error, writing=False) from None
        return Void("switched_off") if effect is None else Delivered(effect=effect)


def _refused(desk: Desk, name: str, words: str) -> Effect:
    return lists.refused(desk, name, words) if name else fields.refused(desk, words)
