"""Decisions about administrators: names, passwords, secrets, and where to go after signing in."""

import hashlib
import ipaddress
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

SESSION = timedelta(hours=12)
INVITATION = timedelta(hours=48)
FIRST_STEP = timedelta(minutes=30)  # from the token to a name and a password
CEREMONY = timedelta(minutes=5)
SEEN = timedelta(minutes=1)  # how finely a last use is kept

NAME_LENGTH = 80
PASSWORD_LENGTHS = (12, 200)
API_KEY_PREFIX = "gv_"


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody who changes something: an administrator, or the command line."""

    id: str
    name: str


CLI = Who("cli", "Command line")


def new_secret() -> str:
    """43 characters, 32 random bytes."""
    return secrets.token_urlsafe(32)


def hashed(secret: str) -> str:
    """How a random secret is kept. It holds 256 random bits, so a plain hash cannot be searched."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def plain(text: str) -> str:
    """What somebody typed, without control characters and with single spaces."""
    kept = "".join(" " if unicodedata.category(c)[0] in "ZC" else c for c in text)
    return unicodedata.normalize("NFC", " ".join(kept.split()))


def login(name: str) -> str:
    """The name as it is compared: "Anna  Berg" and "anna berg" are one administrator."""
    return unicodedata.normalize("NFKC", plain(name)).casefold()


def name_error(name: str, *, taken: bool = False) -> str:
    """What is wrong with an administrator's name, or nothing."""
    if not name:
        return "Enter the name others will see in the audit log."
    if len(name) > NAME_LENGTH:
        return f"Use at most {NAME_LENGTH} characters."
    return "Another administrator has this name." if taken else ""


def password_error(password: str, name: str) -> str:
    """What is wrong with a new password, or nothing. Length matters, not a mixture of signs."""
    shortest, longest = PASSWORD_LENGTHS
    if len(password) < shortest:
        return f"Use at least {shortest} characters. A sentence of four or more words is good."
    if len(password) > longest:
        return f"Use at most {longest} characters."
    if len(set(password)) < 5 or login(password) == login(name):
        return "This password is too easy to guess. A sentence of four or more words is good."
    return ""


def safe_return(target: str) -> str:
    """A page of ours to go back to after signing in; anything else leads to the overview."""
    try:
        parts = urlsplit(target)
    except ValueError:
        return "/admin/"
    ours = not parts.scheme and not parts.netloc and parts.path.startswith(("/admin/", "/oauth/"))
    odd = "\\" in target or "/.." in target or any(ord(c) < 32 for c in target)
    return target if ours and not odd and "/sign-" not in parts.path else "/admin/"


def neighbourhood(address: str) -> str:
    """Whom an address stands for: itself, or with IPv6 its /64, where one person has them all."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if parsed.version == 4:
        return str(parsed)
    return str(ipaddress.ip_network(f"{address.partition('%')[0]}/64", strict=False))


BROWSERS = ("Edg", "OPR", "Firefox", "Chrome", "Safari")
SYSTEMS = ("iPhone", "iPad", "Android", "Windows", "Mac OS", "CrOS", "Linux")
WORDS = {"Edg": "Edge", "OPR": "Opera", "Mac OS": "macOS", "CrOS": "ChromeOS"}


def device(user_agent: str) -> str:
    """A few words by which an administrator knows her own session again."""
    browser = next((name for name in BROWSERS if name in user_agent), "")
    system = next((name for name in SYSTEMS if name in user_agent), "")
    known = [WORDS.get(name, name) for name in (browser, system) if name]
    return " on ".join(known) or "Unknown device"
