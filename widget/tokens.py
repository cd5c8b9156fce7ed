"""Signed tokens: who is asked about what, proven without a look into a database."""

import re
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from itsdangerous import BadSignature, Signer
from itsdangerous.encoding import base64_decode, base64_encode

LONGEST = 768
_SPELLING = re.compile(r"[A-Za-z0-9_-]{1,700}\.[A-Za-z0-9_-]{43}")
_SEPARATOR = "\n"
_KEY_BYTES = 32
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


class LinkInvalid(Exception):
    """The text is no token of ours: forged, cut short, made for another purpose or with a lost key."""


class LinkExpired(Exception):
    """The token is ours and its time is over: ``token`` says whose, ``age`` for how long."""

    def __init__(self, token: "SurveyToken", age: timedelta) -> None:
        super().__init__(f"expired {age} ago")
        self.token = token
        self.age = age


@dataclass(frozen=True, slots=True)
class SurveyToken:
    """One ask as its token carries it; ids only, no personal data. ``expires_at`` is aware.

    ``id`` is what may be answered once. The text a token travels as is no identity: the same token
    has several valid texts (another signing key, spare bits at the end of a signature), so whoever
    counts uses or keeps a record goes by ``id``, never by the text.
    """

    id: str
    installation: str
    contact: str
    touchpoint: str
    channel: str
    locale: str
    expires_at: datetime


class Tokens:
    """Seals and opens the tokens of one purpose.

    ``keys`` are newest first, at least 32 bytes each: the first signs, all open. ``now`` is the
    clock expiry is judged by. A token sealed for one purpose does not open for another.
    """

    def __init__(
        self,
        keys: Sequence[str | bytes],
        now: Callable[[], datetime],
        purpose: str = "survey",
    ) -> None:
        self._signer = signer(keys, purpose)
        self._now = now

    def seal(self, token: SurveyToken) -> str:
        """The text that goes into a link or a snippet: ASCII, safe in a URL as it is.

        Raises ValueError for a field that holds a control character or makes the text too long.
        """
        *names, expires_at = astuple(token)
        fields = [*names, str((expires_at - _EPOCH) // _MILLISECOND)]
        if not all(field.isprintable() for field in fields):
            raise ValueError("a token's fields hold printable text only")
        text = self._signer.sign(base64_encode(_SEPARATOR.join(fields))).decode("ascii")
        if len(text) > LONGEST:
            raise ValueError(f"a token's text has at most {LONGEST} characters")
        return text

    def open(self, text: str) -> SurveyToken:
        """The token in the text. Raises LinkInvalid or LinkExpired, and nothing else."""
        token = self._verified(text)
        age = self._now() - token.expires_at
        if age >= timedelta():
            raise LinkExpired(token, age)
        return token

    def _verified(self, text: str) -> SurveyToken:
        if len(text) > LONGEST or not _SPELLING.fullmatch(text):
            raise LinkInvalid
        try:
            payload = self._signer.unsign(text)
        except BadSignature:
            raise LinkInvalid from None
        return _parsed(payload)


def _parsed(payload: bytes) -> SurveyToken:
    try:
        id_, installation, contact, touchpoint, channel, locale, expires_at = (
            base64_decode(payload).decode("utf-8").split(_SEPARATOR)
        )
        expires = _EPOCH + int(expires_at) * _MILLISECOND
    except (ValueError, OverflowError):  # signed by us, in another version's form
        raise LinkInvalid from None
    return SurveyToken(id_, installation, contact, touchpoint, channel, locale, expires)


def signer(keys: Sequence[str | bytes], purpose: str) -> Signer:
    """Signs with the first of the *keys*, which are newest first, and opens what any of them signed; what is
    signed for one purpose is nothing for another. Raises ValueError for a key that is too short.

    Each key is derived once, here, rather than at every use; itsdangerous wants its keys oldest first.
    """
    if not keys or any(len(_as_bytes(key)) < _KEY_BYTES for key in keys):
        raise ValueError(f"signing keys: at least one, each of at least {_KEY_BYTES} bytes")
    salt = f"gensvar.{purpose}"
    derived = [Signer(key, salt, key_derivation="hmac", digest_method=sha256) for key in keys]
    ready = [signer.derive_key() for signer in reversed(derived)]
    return Signer(ready, key_derivation="none", digest_method=sha256)


def _as_bytes(key: str | bytes) -> bytes:
    return key.encode() if isinstance(key, str) else key
