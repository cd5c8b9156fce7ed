"""simple-salesforce behind one door: our session, our deadline, our errors, and nothing of it
outside.

Its own sign-in and refresh are not used: on a token that stays refused they call without end.
"""

import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

import requests
from requests.auth import AuthBase
from simple_salesforce.api import Salesforce
from simple_salesforce.exceptions import SalesforceError

from connectors import http
from connectors.accounts import Connection
from connectors.errors import CrmError, Unreachable
from connectors.protocol import Tokens
from connectors.salesforce.problems import failure

Row = dict[str, Any]
USAGE = re.compile(r"api-usage=(\d+)/(\d+)")
CURSOR = re.compile(r"/services/data/v\d+\.0/query/([\w-]+)", re.ASCII)
BATCH = 200
IDS_IN_A_QUERY = 400  # quoted and escaped 27 bytes each: well below the 16,384 of an address


@dataclass(frozen=True, slots=True)
class Page:
    """The first rows of a query; ``more``: there are others."""

    rows: list[Row]
    more: bool


class Org:
    """One org. ``usage`` is calls used and allowed in the last 24 hours, as of the latest answer."""

    def __init__(self, connection: Connection, tokens: Tokens) -> None:
        self.usage: tuple[int, int] | None = None
        self.made = (
            0  # calls that were answered; whoever counts them is alone or counts a few too many
        )
        self._version = connection.api_version
        self._heard = threading.local()
        session = http.session(loopback=connection.loopback)
        if connection.loopback and connection.api_url.startswith("http://"):
            session.mount(f"https://{urlsplit(connection.api_url).netloc}/", _PlainHttp())
        session.auth = _Bearer(tokens)
        session.hooks["response"].append(self._hear)
        self._client = Salesforce(
            session_id="kept by the session",
            instance_url=connection.api_url,
            version=connection.api_version,
            session=session,
            object_pairs_hook=dict,
        )

    def call(self, path: str, method: str = "GET", **more: Any) -> Any:
        """The parsed answer, ``None`` for an empty one; raises ``CrmError``."""
        self._heard.retry_after = None
        try:
            return self._client.restful(path, method=method, **more)
        except CrmError:
            raise
        except SalesforceError as error:
            heard = self._heard.retry_after
            problem: CrmError = failure(error.status, error.content, retry_after=heard)
        except (json.JSONDecodeError, requests.exceptions.JSONDecodeError):
            problem = unreadable()
        except http.TRANSPORT_ERRORS as error:
            problem = http.unreachable(error)
        # Outside the handlers, so that the client's exception and its text do not travel along.
        raise problem

    def query(self, soql: str, *, deleted: bool = False) -> list[Row]:
        """All rows, over as many pages as it takes; with *deleted* also those in the bin."""
        answer = self.call("queryAll" if deleted else "query", params={"q": soql})
        rows = list(_records(answer))
        while not answer.get("done", True):
            cursor = CURSOR.fullmatch(str(answer.get("nextRecordsUrl")))
            if cursor is None:
                raise unreadable()
            answer = self.call(f"query/{cursor[1]}")
            rows += _records(answer)
        return rows

    def query_in(
        self, soql: Callable[[list[str]], str], values: Sequence[str], *, deleted: bool = False
    ) -> list[Row]:
        """The rows of a query over a list that may be too long for one address."""
        unique = list(dict.fromkeys(values))
        parts = range(0, len(unique), IDS_IN_A_QUERY)
        chunks = (unique[start : start + IDS_IN_A_QUERY] for start in parts)
        return [row for chunk in chunks for row in self.query(soql(chunk), deleted=deleted)]

    def query_together(self, soql: Mapping[str, str]) -> dict[str, Page | CrmError]:
        """A page of each of at most five queries, those in the bin too, in what Salesforce counts as one call.

        https://developer.salesforce.com/docs/platform/api-rest/guide/resources-composite-composite-post.html
        """
        root = f"/services/data/v{self._version}/queryAll?"
        asked = [
            {"method": "GET", "url": root + urlencode({"q": text}), "referenceId": name}
            for name, text in soql.items()
        ]
        answer = self.call("composite", "POST", json={"compositeRequest": asked})
        parts = answer.get("compositeResponse") if isinstance(answer, dict) else None
        if not isinstance(parts, list) or len(parts) != len(asked):
            raise unreadable()
        return dict(zip(soql, map(_part, parts), strict=True))

    def now(self) -> datetime:
        """The org's own time of its latest answer to this thread."""
        told: datetime | None = getattr(self._heard, "date", None)
        return told or datetime.now(UTC)

    def write(self, method: str, path: str, kind: str, records: Sequence[Row]) -> list[Row]:
        """Results of a collection of at most 200, in order; raises ``CrmError``."""
        sent = [{"attributes": {"type": kind}} | record for record in records]
        body = {"allOrNone": False, "records": sent}
        results = self.call(f"composite/sobjects{path}", method, json=body)
        if not isinstance(results, list) or len(results) != len(sent):
            raise unreadable()
        return results

    def _hear(self, response: requests.Response, *_: Any, **__: Any) -> None:
        self.made += 1
        found = USAGE.search(response.headers.get("Sforce-Limit-Info", ""))
        if found:
            self.usage = (int(found[1]), int(found[2]))
        seconds = response.headers.get("Retry-After", "")
        self._heard.retry_after = float(seconds) if seconds.isdigit() else None
        self._heard.date = _date(response.headers.get("Date", ""))


class _Bearer(AuthBase):
    """Puts the token on each request; on 401 asks once for a newer one and sends once more."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        token = self._tokens.access()
        request.headers["Authorization"] = f"Bearer {token}"

        def again(response: requests.Response, **sending: Any) -> requests.Response:
            return self._again(response, token, sending)

        request.hooks["response"].append(again)
        return request

    def _again(
        self, refused: requests.Response, token: str, sending: Mapping[str, Any]
    ) -> requests.Response:
        if refused.status_code != 401:
            return refused
        _ = refused.content  # read to its end, so that the connection can be used again
        request = refused.request.copy()
        request.headers["Authorization"] = f"Bearer {self._tokens.renew(token)}"
        answer: requests.Response = refused.connection.send(request, **sending)
        answer.history.append(refused)
        answer.request = request
        return answer


class _PlainHttp(http.DeadlineAdapter):
    """simple-salesforce always says https; the local org of demo and tests has none."""

    def send(
        self, request: requests.PreparedRequest, *args: Any, **kwargs: Any
    ) -> requests.Response:
        if request.url is not None and request.url.startswith("https://"):
            request.url = "http://" + request.url.removeprefix("https://")
        return super().send(request, *args, **kwargs)


def _part(part: Any) -> Page | CrmError:
    if not isinstance(part, dict) or not isinstance(part.get("httpStatusCode"), int):
        raise unreadable()
    body: Any = part.get("body")
    if part["httpStatusCode"] != 200:
        return failure(part["httpStatusCode"], body)
    return Page(list(_records(body)), more=not body.get("done", True))


def _date(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text).astimezone(UTC)
    except ValueError:
        return None


def _records(answer: Any) -> Iterator[Row]:
    if not isinstance(answer, dict) or not isinstance(answer.get("records"), list):
        raise unreadable()
    yield from answer["records"]


def unreadable() -> Unreachable:
    return Unreachable("answer_unreadable", "Salesforce's answer could not be read.", unknown=True)
