"""The sender's post office: a mail goes out, and what the server said becomes a verdict of the ledger."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TypeAlias
from urllib.parse import urlsplit

from plugin import mailboxes
from plugin.deliveries.verdicts import Delivered, Delivery, Later, Parked, Unsure, Wait
from plugin.mail.letters import Mail, written
from plugin.mail.postman import Deferred, Envelope, Lost, Postman, Refused, Unavailable
from plugin.mail.words import DOUBT
from plugin.services import Services

# Servers that do not know us yet want to be asked again after some minutes; a full mailbox needs hours.
_AGAIN = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 120, 240, 480))


@dataclass(frozen=True, slots=True)
class Bounced:
    """Nobody is reached at the address; ``status`` is the server's number."""

    status: str


Told: TypeAlias = Delivered | Later | Parked | Unsure | Bounced


class Office:
    """One for the worker's process. Only where mail is on."""

    def __init__(self, services: Services) -> None:
        self._services = services
        settings = services.settings
        name = urlsplit(settings.base_url).hostname or "localhost"
        self.postman = Postman(mailboxes.smtp(settings.mail_url), name)

    @classmethod
    def of(cls, services: Services) -> "Office | None":
        """``None`` where mail is off."""
        return cls(services) if services.settings.sends_mail else None

    def envelope(self, mail: Mail, sender: str) -> Envelope:
        content = written(self._services.settings, mail, self._services.clock.now())
        return Envelope(sender, mail.to, content)

    def send(self, envelope: Envelope, row: Delivery, within: float) -> Told:
        """Raises ``Wait`` where nothing can be sent just now."""
        try:
            self.postman.send(envelope, within)
        except Unavailable as error:
            raise Wait(error.code) from None
        except Deferred as error:
            wait = self._services.clock.scaled(_AGAIN[min(row.fails, len(_AGAIN) - 1)])
            return Later(wait.total_seconds(), detail=f"The mail server said {error.status}.")
        except Refused as error:
            if error.address:
                return Bounced(error.status)
            return Parked("mail_refused", f"The mail server said {error.status}.")
        except Lost:
            return Unsure(DOUBT)
        return Delivered(row.key)
