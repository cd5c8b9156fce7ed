"""What waits to be told to a customer on a page. Messages know it; they are plugged into the services."""

from datetime import datetime
from typing import Protocol

from sqlalchemy.engine import Connection

from widget.tokens import SurveyToken


class Notices(Protocol):
    """A notice has a token of its own, which opens no survey."""

    def waiting(
        self, connection: Connection, person: str, locale: str, now: datetime
    ) -> dict[str, str] | None:
        """``token`` and ``snippet`` for this person and nobody else; ``None`` where there is nothing to tell."""
        ...

    def opened(self, text: str) -> SurveyToken | None:
        """The token in *text*; ``None`` where it is none of a notice. Raises ``LinkExpired``."""
        ...

    def happened(
        self, connection: Connection, token: SurveyToken, event: str, now: datetime
    ) -> bool:
        """*event*: ``shown`` or ``declined``. ``False`` where it is over, so that nothing must be shown."""
        ...
