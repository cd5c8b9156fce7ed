"""Whether a request was signed by HubSpot with our app's client secret.

https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/request-validation

The vendor's client has a helper, which neither decodes the address nor minds a time in the future.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum

SIGNATURE, TIMESTAMP = "X-HubSpot-Signature-v3", "X-HubSpot-Request-Timestamp"
OLD_SIGNATURE, OLD_VERSION = "X-HubSpot-Signature", "X-HubSpot-Signature-Version"
HEADERS = (SIGNATURE, TIMESTAMP, OLD_SIGNATURE, OLD_VERSION)
OLDEST = timedelta(minutes=5)
# Two clocks that are both kept right differ by less.
AHEAD = timedelta(seconds=30)
# These and no others are decoded before the address is signed.
DECODED = {
    "%3A": ":", "%2F": "/", "%3F": "?", "%40": "@", "%21": "!", "%24": "$",
    "%27": "'", "%28": "(", "%29": ")", "%2A": "*", "%2C": ",", "%3B": ";",
}  # fmt: skip
_ENCODED = re.compile("|".join(DECODED))
_MILLISECONDS = re.compile(r"[0-9]{1,15}")


class Judged(StrEnum):
    """What can be said of a signature. SKEWED: it is HubSpot's, but not of now."""

    GOOD = "good"
    WRONG = "wrong"
    SKEWED = "skewed"


@dataclass(frozen=True, slots=True)
class Signed:
    """A request as it came in. *uri* is the whole public address with its query as it was sent, *body* the bytes
    before anybody read them, *headers* those of ``HEADERS`` that came with it."""

    method: str
    uri: str
    body: bytes
    headers: Mapping[str, str] = field(repr=False)

    @property
    def modern(self) -> bool:
        """Whether it carries anything of version 3."""
        return SIGNATURE in self.headers or TIMESTAMP in self.headers


def judge(
    request: Signed, secrets: Sequence[str], now: datetime, *, old: bool = False
) -> tuple[Judged, str]:
    """What the request's signature is worth, and the one of *secrets* that it was made with (empty for none).

    Every secret is tried, so that the time taken does not tell which one it was. *old* takes version 2 as well, which
    custom workflow actions use and which has no time in it; whatever carries version 3 is judged by that alone.
    """
    by_version_2 = old and not request.modern
    fits = _fits_v2 if by_version_2 else _fits_v3
    fitting = [secret for secret in secrets if fits(request, secret) and secret]
    if not fitting:
        return Judged.WRONG, ""
    timely = by_version_2 or _timely(request.headers.get(TIMESTAMP, ""), now)
    return (Judged.GOOD if timely else Judged.SKEWED), fitting[0]


def decoded(uri: str) -> str:
    """The address as HubSpot signs it."""
    return _ENCODED.sub(lambda found: DECODED[found[0]], uri)


def signature_v3(secret: str, method: str, uri: str, body: bytes, timestamp: str) -> str:
    """What stands in ``X-HubSpot-Signature-v3``."""
    message = f"{method}{decoded(uri)}".encode() + body + timestamp.encode()
    made = hmac.new(secret.encode(), message, hashlib.sha256).digest()
    return base64.b64encode(made).decode("ascii")


def signature_v2(secret: str, method: str, uri: str, body: bytes) -> str:
    """What stands in ``X-HubSpot-Signature`` when its version is ``v2``."""
    return hashlib.sha256(f"{secret}{method}{uri}".encode() + body).hexdigest()


def _fits_v3(request: Signed, secret: str) -> bool:
    at = request.headers.get(TIMESTAMP, "")
    made = signature_v3(secret, request.method, request.uri, request.body, at)
    return _same(made, request.headers.get(SIGNATURE, ""))


def _fits_v2(request: Signed, secret: str) -> bool:
    made = signature_v2(secret, request.method, request.uri, request.body)
    version = request.headers.get(OLD_VERSION, "")
    return _same(made, request.headers.get(OLD_SIGNATURE, "")) and version == "v2"


def _same(made: str, given: str) -> bool:
    return hmac.compare_digest(made.encode(), given.encode("utf-8", "replace"))


def _timely(timestamp: str, now: datetime) -> bool:
    if not _MILLISECONDS.fullmatch(timestamp):
        return False
    try:
        at = datetime.fromtimestamp(int(timestamp) / 1000, UTC)
    except (OverflowError, OSError, ValueError):
        return False
    return now - OLDEST <= at <= now + AHEAD
