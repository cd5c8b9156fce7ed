"""Settings of mail: who sends, who reads what comes back, and over which servers. Read strictly."""

import re
from dataclasses import dataclass, field
from email.utils import parseaddr
from urllib.parse import SplitResult, parse_qsl, unquote

from plugin.addresses import of_scheme

_SMTP = "an address like smtp://user:password@mail.example.com:587?tls=starttls"
_IMAP = "an address like imaps://user:password@mail.example.com"
_PERSON = "an address like care@example.com"
_SENDER = "an address like nps@example.com or Acme <nps@example.com>"
_READ = "an address that a person reads, because customers reply; not a no-reply one"
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABELS = r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"(?=[^@]{{1,64}}@){_ATOM}(?:\.{_ATOM})*@{_LABELS}")
_NOBODY = re.compile(r"(no|not|donot|dont|never)(reply|respond|answer)")
_PORTS = {"smtp": 587, "smtps": 465, "imap": 143, "imaps": 993}
USUAL_RATE = 10.0


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server. ``tls`` is ``implicit`` from the first byte, ``starttls`` required, ``offered`` (taken where the
    server has it) or ``none``. ``rate``: mails a second. ``folder`` and ``address``: where delivery reports are read,
    and the address that they come to."""

    host: str
    port: int
    tls: str
    user: str = ""
    password: str = field(default="", repr=False)
    rate: float = USUAL_RATE
    folder: str = "INBOX"
    address: str = ""


def smtp(text: str) -> Server:
    """Where mail is handed over. Raises ``ValueError`` with what it must be."""
    parts = of_scheme(text, ("smtp", "smtps"), _SMTP)
    given = _options(parts, ("tls", "rate"), _SMTP)
    return _server(parts, given, _SMTP, rate=_rate(given.get("rate", "")))


def imap(text: str) -> Server:
    """Where delivery reports are read. Raises ``ValueError`` with what it must be."""
    parts = of_scheme(text, ("imap", "imaps"), _IMAP)
    given = _options(parts, ("tls", "folder", "address"), _IMAP)
    found = _server(parts, given, _IMAP)
    address = given.get("address") or (found.user if "@" in found.user else "")
    if address and not _ADDRESS.fullmatch(address):
        raise ValueError(_IMAP)
    return _server(parts, given, _IMAP, folder=given.get("folder") or "INBOX", address=address)


def smtp_url(text: str) -> str:
    """*text* when ``smtp`` can read it."""
    smtp(text)
    return text


def imap_url(text: str) -> str:
    """*text* when ``imap`` can read it."""
    imap(text)
    return text


def sender(text: str) -> str:
    """The address mail comes from, with or without a name. Raises ``ValueError``."""
    _, address = parseaddr(text)
    if not _ADDRESS.fullmatch(address) or not text.isprintable():
        raise ValueError(_SENDER)
    return text


def reply_to(text: str) -> str:
    """The mailbox for replies. Raises ``ValueError``, also for one that nobody reads."""
    if not _ADDRESS.fullmatch(text):
        raise ValueError(_PERSON)
    if _NOBODY.match(re.sub(r"[^a-z]", "", text.partition("@")[0].lower())):
        raise ValueError(_READ)
    return text


def is_address(text: str) -> bool:
    """Whether it is one plain address: nothing quoted, nothing beside it, ASCII."""
    return bool(_ADDRESS.fullmatch(text)) and ".." not in text


def bare(text: str) -> str:
    """The address alone: ``Acme <nps@example.com>`` is ``nps@example.com``."""
    return parseaddr(text)[1]


def _server(parts: SplitResult, given: dict[str, str], words: str, **more: object) -> Server:
    wanted = given.get("tls", "")
    if wanted not in ("", "starttls", "none") or (wanted and parts.scheme.endswith("s")):
        raise ValueError(words)
    tls = "implicit" if parts.scheme.endswith("s") else wanted or "offered"
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    port = parts.port or _PORTS[parts.scheme]
    return Server(parts.hostname or "", port, tls, user, password, **more)  # type: ignore[arg-type]


def _options(parts: SplitResult, known: tuple[str, ...], words: str) -> dict[str, str]:
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    given = dict(pairs)
    if len(given) != len(pairs) or not given.keys() <= set(known) or parts.fragment:
        raise ValueError(words)
    return given


def _rate(text: str) -> float:
    try:
        rate = float(text or USUAL_RATE)
    except ValueError:
        rate = 0
    if not 0.01 <= rate <= 10_000:
        raise ValueError(f"{_SMTP}; rate is in mails a second")
    return rate
