"""The one way to a HubSpot account: its client's verbs and plain paths, our errors, one renewed token."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from operator import attrgetter
from typing import Any, TypeVar

import urllib3
from hubspot import HubSpot
from requests.utils import DEFAULT_CA_BUNDLE_PATH, get_environ_proxies

from connectors import http
from connectors.accounts import Connection
from connectors.errors import CrmError, Unreachable
from connectors.hubspot.dated import factory
from connectors.hubspot.failures import Answered, translate
from connectors.protocol import Tokens

T = TypeVar("T")
UNREADABLE = "HubSpot's answer could not be read."


def utc_now() -> datetime:
    return datetime.now(UTC)


class Api:
    """Calls to one account. Raises ``CrmError`` only; the text of the client's own exceptions, which may
    hold what a customer wrote, goes nowhere."""

    def __init__(
        self, connection: Connection, tokens: Tokens, now: Callable[[], datetime] = utc_now
    ) -> None:
        self.connection = connection
        self.now = now
        self._tokens = tokens
        self._session = http.session(loopback=connection.loopback)
        self._factory = factory(connection.api_version, pools(connection))
        self._kept: dict[str, Any] = {}
        self._kept_for = ""
        self._heard = threading.local()
        self.made = 0  # calls; whoever counts them is alone or counts a few too many

    def call(self, api: str, verb: str, *args: Any, write: bool = False, **options: Any) -> Any:
        """The JSON that ``client.<api>.<verb>`` answers, for example ``("crm.contacts.batch_api", "read")``.
        *write* marks a call that changes something: its outcome may be unknown."""

        texts = {name: _query(value) for name, value in options.items()}

        def ask(token: str) -> Any:
            return getattr(self._api(api, token), verb)(*args, **texts)

        answer = self._translated(ask, write=write)
        if answer is None and not verb.startswith("archive"):
            # A status that the client does not know for this call: somebody else answered.
            raise Unreachable("answer_unreadable", UNREADABLE, unknown=write)
        return answer

    def plain(self, method: str, path: str, *, write: bool = False, body: Any = None) -> Any:
        """The JSON of a path that the client has no method for; *path* is dated already."""

        def ask(token: str) -> Any:
            answer = self._session.request(
                method,
                self.connection.api_url + path,
                headers={"Authorization": f"Bearer {token}"},
                timeout=http.TOTAL,
                json=body,
            )
            self._heard.date = answer.headers.get("Date", "")
            if not answer.ok or answer.is_redirect:
                raise Answered(answer.status_code, answer.content, dict(answer.headers))
            return answer.json() if answer.content else None

        return self._translated(ask, write=write)

    def their_time(self) -> datetime:
        """HubSpot's own time of its latest answer to a plain call of this thread."""
        try:
            return parsedate_to_datetime(getattr(self._heard, "date", "")).astimezone(UTC)
        except ValueError:
            return self.now()

    def _translated(self, ask: Callable[[str], T], *, write: bool) -> T:
        try:
            return self._authorized(ask)
        except Answered as answer:
            zone = self.connection.capabilities.get("time_zone", "")
            raise translate(answer, write=write, zone=zone, now=self.now) from answer
        except http.TRANSPORT_ERRORS as error:
            raise _unreachable(error, write=write) from None
        except (ValueError, LookupError):
            raise Unreachable("answer_unreadable", UNREADABLE, unknown=write) from None

    def _authorized(self, ask: Callable[[str], T]) -> T:
        token = self._tokens.access()
        self.made += 1
        try:
            return ask(token)
        except Answered as answer:
            if answer.status != 401:
                raise
        self.made += 1
        return ask(self._tokens.renew(token))

    def _api(self, name: str, token: str) -> Any:
        """The client's api object called *name*. Kept ones hold their token: a new one makes them anew."""
        if token != self._kept_for:
            self._kept, self._kept_for = {}, token
        if name not in self._kept:
            client = HubSpot(
                access_token=token, host=self.connection.api_url, api_factory=self._factory
            )
            self._kept[name] = attrgetter(name)(client)
        return self._kept[name]


def _query(value: Any) -> Any:
    """The client would write a boolean the Python way, as ``True``."""
    return str(value).lower() if isinstance(value, bool) else value


def pools(connection: Connection) -> urllib3.PoolManager:
    """Connection pools with a total deadline, through the environment's proxy where there is one."""
    if connection.loopback:
        return http.pool_manager()
    found = get_environ_proxies(connection.api_url).get("https")
    if found:
        return http.proxy_manager(found, ca_certs=DEFAULT_CA_BUNDLE_PATH)
    return http.pool_manager(ca_certs=DEFAULT_CA_BUNDLE_PATH)


def _unreachable(error: BaseException, *, write: bool) -> CrmError:
    found = http.unreachable(error)
    found.unknown = found.unknown and write
    return found
