"""What the sender's domain says in DNS: SPF (RFC 7208), DMARC (RFC 7489), and a word on DKIM (RFC 6376)."""

from collections.abc import Iterator

import dns.exception
import dns.resolver

from plugin import mailboxes
from plugin.config import Settings
from plugin.operate.doctor.finding import Finding, look, ok

WAITS = 3.0
DKIM = (
    "Open a mail that Gensvar sent, look at its source: there must be a DKIM-Signature with "
    "d= and your domain. If not, switch DKIM on at your mail server."
)


class Silent(Exception):
    """No name server answers, which says nothing about the domain."""


def domain(settings: Settings) -> Iterator[Finding]:
    """Advice, never a failure: mail may leave by ways that DNS does not show from here."""
    name = mailboxes.bare(settings.mail_from).rpartition("@")[2]
    try:
        spf = [text for text in _texts(name) if text.lower().startswith("v=spf1")]
        dmarc = [text for text in _texts(f"_dmarc.{name}") if text.startswith("v=DMARC1")]
    except Silent:
        yield look(
            "SPF, DKIM, DMARC",
            f"No name server answers here, so nothing is known of {name}.",
            "Nothing to do if this host may not ask; look with another tool.",
        )
        return
    yield _spf(name, spf)
    yield _dmarc(name, dmarc)
    yield look("DKIM", f"Only a mail itself shows whether it is signed for {name}.", DKIM)


def _spf(name: str, found: list[str]) -> Finding:
    if len(found) == 1:
        return ok("SPF", f"{name} names who may send for it")
    if found:
        return look(
            "SPF", f"{name} has {len(found)} SPF records; receivers then ignore all.", "Keep one."
        )
    return look(
        "SPF",
        f"{name} does not say who may send for it.",
        f"Add a TXT record on {name} that names your mail server, for example v=spf1 mx ~all.",
    )


def _dmarc(name: str, found: list[str]) -> Finding:
    if found:
        return ok("DMARC", f"{name} says what is done with mail that is not from it")
    return look(
        "DMARC",
        f"{name} says nothing about mail that only pretends to be from it; large providers want that.",
        f"Add a TXT record on _dmarc.{name}, for example v=DMARC1; p=none; and tighten it later.",
    )


def _texts(name: str) -> list[str]:
    """TXT records; none where the name has none. Raises ``Silent``."""
    try:
        answer = dns.resolver.resolve(name, "TXT", lifetime=WAITS)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except (dns.exception.DNSException, OSError):
        raise Silent from None
    return [b"".join(record.strings).decode("utf-8", "replace") for record in answer]
