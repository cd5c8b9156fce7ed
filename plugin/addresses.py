"""Addresses in settings: read strictly, and origins written the way browsers write them."""

from urllib.parse import SplitResult, urlsplit

_USUAL_PORTS = {"https": 443, "http": 80}
_EXAMPLE = "an address like https://nps.example.com"
_ORIGINS = "origins like https://www.example.com, without a path, separated by commas"
_FORBIDDEN = frozenset(" <>\"'\\^`{|}*,;")


def url(text: str) -> str:
    """An http or https address without a slash at its end; raises ``ValueError`` with what it must be."""
    parts = _split(text, _EXAMPLE)
    if (
        parts.scheme not in _USUAL_PORTS
        or parts.query
        or parts.fragment
        or parts.username is not None
    ):
        raise ValueError(_EXAMPLE)
    return text.rstrip("/")


def origin(text: str) -> str:
    """As a browser sends it: lower case, a host of ASCII, no port where it is the usual one."""
    parts = _split(text, _ORIGINS)
    host = (parts.hostname or "").encode("idna").decode("ascii")
    shown = f"[{host}]" if ":" in host else host
    port = "" if parts.port in (None, _USUAL_PORTS.get(parts.scheme)) else f":{parts.port}"
    return f"{parts.scheme}://{shown}{port}"


def origins(text: str) -> tuple[str, ...]:
    """Exact origins, separated by commas."""
    return tuple(_bare(part.strip()) for part in text.split(",") if part.strip())


def of_scheme(text: str, schemes: tuple[str, ...], words: str) -> SplitResult:
    """The parts of an address of one of *schemes*; raises ``ValueError`` with *words*."""
    parts = _split(text, words)
    if parts.scheme not in schemes:
        raise ValueError(words)
    return parts


def _bare(text: str) -> str:
    try:
        address = url(text)
    except ValueError:
        raise ValueError(_ORIGINS) from None
    if urlsplit(address).path:
        raise ValueError(_ORIGINS)
    return origin(address)


def _split(text: str, words: str) -> SplitResult:
    """Raises ``ValueError`` with *words* for what has no host, a port that is none, or odd characters."""
    try:
        parts = urlsplit(text)
        _ = parts.port, (parts.hostname or "").encode("idna")
    except ValueError:
        raise ValueError(words) from None
    host = parts.netloc.rpartition("@")[2]  # a password may hold anything
    if not parts.hostname or not text.isprintable() or _FORBIDDEN & set(host):
        raise ValueError(words)
    return parts
