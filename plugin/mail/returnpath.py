"""The address that a mail's failure comes back to: it carries what the mail was about, signed by us.

Who has never had a mail of ours cannot make one up, and a report to any other address changes nothing. The signature
covers the customer's address too: a report about an address she no longer has is not held against the new one.
"""

import base64
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from plugin import mailboxes
from plugin.config import Settings
from plugin.sealing import derived

_ID = 26
_SIGNATURE = 10  # bytes; 80 bits in 16 characters, so that a local part stays below its 64
_MARKED = re.compile(r"\+([a-z0-9]{26})([a-z2-7]{16})@")
_PURPOSE = "return path"


@dataclass(frozen=True, slots=True)
class Marked:
    """What an address carried: the id of the ask or of the recipient that the mail was about, and a signature that is
    yet to be compared."""

    about: str
    signature: str


def return_path(settings: Settings, about: str, address: str) -> str:
    """The envelope's sender for a mail about *about*, an id of ours, to *address*: signed where reports are read, else
    who sends."""
    if not settings.bounce_url:
        return mailboxes.bare(settings.mail_from)
    local, _, domain = reports_address(settings).rpartition("@")
    signature = _signature(settings.signing_keys[0], about, address)
    return f"{local}+{about}{signature}@{domain}"


def reports_address(settings: Settings) -> str:
    """The mailbox that ``BOUNCE_URL`` reads: what it names, or its user at the sender's domain."""
    server = mailboxes.imap(settings.bounce_url)
    domain = mailboxes.bare(settings.mail_from).rpartition("@")[2]
    return server.address or f"{server.user}@{domain}"


def marked(address: str) -> Marked | None:
    """What *address* carries, in whatever case it came back; ``None`` for one that carries nothing."""
    found = _MARKED.search(address.lower())
    return Marked(found.group(1), found.group(2)) if found else None


def ours(keys: Sequence[str], mark: Marked, address: str) -> bool:
    """Whether we signed *mark* for a mail to *address*, with any key that we still hold."""
    return any(
        hmac.compare_digest(_signature(key, mark.about, address), mark.signature) for key in keys
    )


def _signature(key: str, about: str, address: str) -> str:
    said = f"{about}\n{address.strip().lower()}".encode()
    digest = hmac.new(derived(key, _PURPOSE).encode(), said, sha256).digest()
    return base64.b32encode(digest[:_SIGNATURE]).decode("ascii").lower()
