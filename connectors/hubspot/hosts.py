"""HubSpot's own hosts, and nothing else: a token is sent nowhere but there."""

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

from connectors.errors import Refused

API_HOST = "api.hubapi.com"
API_URL = f"https://{API_HOST}"
APP_URL = "https://app.hubspot.com"
APP_HOST = re.compile(r"app(-[a-z]{2}[0-9])?\.hubspot\.com")


def api_url(url: str, *, loopback: bool) -> str:
    """*url* without trailing slash. Raises ``Refused``."""
    parts = _split(url)
    local = loopback and is_loopback(parts.hostname or "")
    if not local and (parts.scheme, parts.netloc) != ("https", API_HOST):
        raise Refused("host_refused", "This is not HubSpot's API.")
    return f"{parts.scheme}://{parts.netloc}"


def sign_in_url(host: str) -> str:
    """Where people approve the app, for the address of HubSpot's app. Raises ``Refused``."""
    parts = _split(host or APP_URL, path="/oauth/authorize")
    known = parts.scheme == "https" and APP_HOST.fullmatch(parts.netloc)
    if not known and not is_loopback(parts.hostname or ""):
        raise Refused("host_refused", "People do not sign in to HubSpot there.")
    return f"{parts.scheme}://{parts.netloc}/oauth/authorize"


def ui_url(domain: str, *, loopback: bool) -> str:
    """The root of links to records on *domain*, HubSpot's own unless it names one of its hosts."""
    if APP_HOST.fullmatch(domain):
        return f"https://{domain}"
    if loopback and is_loopback(urlsplit(f"//{domain}").hostname or ""):
        return f"http://{domain}"
    return APP_URL


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _split(url: str, path: str = "") -> SplitResult:
    try:
        parts = urlsplit(url.strip())
        _ = parts.port
    except ValueError:
        raise Refused("host_refused", "This is no address.") from None
    bare = parts.path.rstrip("/") in ("", path) and not (parts.query or parts.fragment)
    if parts.scheme not in ("http", "https") or not bare or parts.username is not None:
        raise Refused("host_refused", "The address must be https and name a host only.")
    return parts
