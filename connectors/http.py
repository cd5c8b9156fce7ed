"""The one way out to a CRM: connect and read timeouts, a total deadline, no retries, no redirects,
bodies of a bounded size. ``session`` is for what speaks requests, ``pool_manager`` for a client
that brings its own urllib3.
"""

import ssl
from collections.abc import Iterator
from typing import Any

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.exceptions import (
    ConnectTimeoutError,
    NameResolutionError,
    NewConnectionError,
    ProxyError,
)

from connectors.deadline import CONNECT, POOLS, READ, TOTAL, BodyTooLarge, Encoded, within
from connectors.errors import Unreachable

__all__ = [
    "TOTAL",
    "TRANSPORT_ERRORS",
    "pool_manager",
    "proxy_manager",
    "session",
    "unreachable",
    "within",
]

TRANSPORT_ERRORS = (
    requests.RequestException,
    urllib3.exceptions.HTTPError,
    OSError,
    BodyTooLarge,
    Encoded,
)
_NEVER_SENT = (
    ConnectTimeoutError,
    NameResolutionError,
    NewConnectionError,
    ProxyError,
    ssl.SSLCertVerificationError,
)
_TIMEOUTS = (TimeoutError, requests.Timeout, urllib3.exceptions.TimeoutError)


def session(*, loopback: bool = False, total: float = TOTAL) -> "Session":
    """A session for one account or one errand; to be used by any number of threads for plain calls.

    The environment's proxies and certificates are believed, its ``.netrc`` never. With *loopback*
    (demo and tests) plain http is allowed and the environment is not looked at: a proxy or a CA
    bundle meant for the outside would only be in the way.
    """
    made = Session()
    made.trust_env = not loopback
    made.auth = _no_credentials
    made.headers["Accept-Encoding"] = "identity"
    made.headers["User-Agent"] = "Gensvar"
    made.mount("https://", DeadlineAdapter(total))
    made.mount("http://", DeadlineAdapter(total) if loopback else _Refusing())
    return made


def pool_manager(*, total: float = TOTAL, **options: Any) -> urllib3.PoolManager:
    """A urllib3 ``PoolManager`` with the same promises, for a client that brings urllib3.

    Whatever timeout a call asks for, it ends within *total*. A redirect is answered, not followed.
    *options* are urllib3's own (``ca_certs``, ``maxsize``).
    """
    made = urllib3.PoolManager(timeout=_timeout(total), retries=False, **options)
    made.pool_classes_by_scheme = POOLS
    return made


def proxy_manager(proxy: str, *, total: float = TOTAL, **options: Any) -> urllib3.ProxyManager:
    """As ``pool_manager``, through the proxy at *proxy*."""
    made = urllib3.ProxyManager(proxy, timeout=_timeout(total), retries=False, **options)
    made.pool_classes_by_scheme = POOLS
    return made


def unreachable(error: BaseException) -> Unreachable:
    """What *error*, raised by requests or urllib3, means for the ledger.

    Its text is not passed on: it may hold addresses with personal data in them.
    """
    chain = list(_causes(error))
    if any(isinstance(cause, BodyTooLarge | Encoded) for cause in chain):
        return Unreachable("answer_unreadable", "The CRM's answer could not be read.", unknown=True)
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in chain):
        return Unreachable("tls", "The CRM's certificate could not be verified.", unknown=False)
    unknown = not any(isinstance(cause, _NEVER_SENT) for cause in chain)
    # urllib3 calls a refused connection a kind of timeout; it is none.
    late = any(isinstance(c, _TIMEOUTS) and not isinstance(c, NewConnectionError) for c in chain)
    if late:
        return Unreachable("timeout", "The CRM did not answer in time.", unknown=unknown)
    return Unreachable("no_connection", "The CRM could not be reached.", unknown=unknown)


class Session(requests.Session):
    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """Follow no redirect: a CRM's API has none, and another host must not see our token."""
        return None


class DeadlineAdapter(HTTPAdapter):
    """requests' own adapter over pools that keep the deadline; a caller cannot ask for more."""

    def __init__(self, total: float = TOTAL) -> None:
        self.total = total
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, timeout=_timeout(self.total), **kwargs)
        self.poolmanager.pool_classes_by_scheme = POOLS

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(proxy, timeout=_timeout(self.total), **kwargs)
        manager.pool_classes_by_scheme = POOLS
        return manager

    def send(self, *args: Any, **kwargs: Any) -> requests.Response:
        kwargs["timeout"] = _timeout(self.total)
        return super().send(*args, **kwargs)


class _Refusing(HTTPAdapter):
    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        raise requests.exceptions.InvalidSchema("plain http is not used", request=request)


def _no_credentials(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _timeout(total: float) -> urllib3.Timeout:
    return urllib3.Timeout(connect=min(CONNECT, total), read=min(READ, total), total=total)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    waiting: list[Any] = [error]
    while waiting:
        current = waiting.pop()
        if not isinstance(current, BaseException) or id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        waiting += [current.__cause__, getattr(current, "reason", None), *current.args]
