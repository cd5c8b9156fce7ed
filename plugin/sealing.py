"""What is sealed in the database: CRM tokens and client secrets. A leak of the database alone opens none of them."""

import base64
import hashlib
import hmac
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class SealBroken(Exception):
    """Not sealed by a key we hold, changed since, or sealed for something else."""


class Sealer:
    """Authenticated encryption, newest key first: the first seals, all open.

    The ciphertext is bound to *purpose* (for example ``hubspot:123/refresh_token``), so that a row swapped into
    another installation does not open. Fernet knows no associated data, so the purpose is part of what is
    encrypted and is compared after opening (https://cryptography.io/en/latest/fernet/).
    """

    def __init__(self, keys: Sequence[str]) -> None:
        self._fernet = MultiFernet([Fernet(_derive(key)) for key in keys])

    def seal(self, text: str, purpose: str) -> str:
        return self._fernet.encrypt(_frame(purpose) + text.encode()).decode("ascii")

    def open(self, sealed: str, purpose: str) -> str:
        """Raises ``SealBroken``."""
        try:
            opened = self._fernet.decrypt(sealed.encode("ascii"))
        except (InvalidToken, UnicodeEncodeError):
            raise SealBroken(f"No key opens the value sealed for {purpose}.") from None
        frame = _frame(purpose)
        if not opened.startswith(frame):
            raise SealBroken(f"The value was not sealed for {purpose}.")
        return opened[len(frame) :].decode()


def derived(key: str, purpose: str) -> str:
    """A key for one purpose only, so that no two uses of a setting meet."""
    return hmac.new(key.encode(), f"gensvar {purpose}".encode(), hashlib.sha256).hexdigest()


def _frame(purpose: str) -> bytes:
    return hashlib.sha256(purpose.encode()).digest()


def _derive(key: str) -> bytes:
    """A Fernet key (32 bytes) from a setting of at least 32 bytes of any text."""
    return base64.urlsafe_b64encode(hashlib.sha256(b"gensvar sealing\0" + key.encode()).digest())
