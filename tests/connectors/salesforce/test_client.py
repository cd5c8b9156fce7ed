"""The one client: tokens, deadlines, refusals, and what it lets nobody see."""

import logging
import threading
import time
import traceback

import pytest
from pytest_httpserver import HTTPServer

from connectors import http
from connectors.accounts import Connection
from connectors.errors import (
    CrmError,
    MissingRight,
    NeedsReconnect,
    RateLimited,
    Refused,
    Unreachable,
)
from connectors.salesforce import CRM
from connectors.salesforce.connector import SalesforceConnector
from connectors.sandbox.salesforce import SalesforceSandbox
from tests.connectors.salesforce.helpers import TokenBox, answer, connector

SECRET = "Karl-Gustav klagade"


def test_an_expired_token_is_renewed_once_and_the_call_replayed(org: SalesforceSandbox) -> None:
    tokens = TokenBox(org)
    crm = connector(org, tokens)
    contact = org.add_contact()
    org.oauth.expire()
    assert crm.write_answers([answer(contact)])[0].fate == "done"
    assert tokens.renewals == 1
    assert [call.status for call in org.calls] == [401, 200]
    crm.write_answers([answer(contact)])
    assert tokens.renewals == 1


def test_a_token_that_stays_refused_needs_an_administrator(org: SalesforceSandbox) -> None:
    tokens = TokenBox(org)
    crm = connector(org, tokens)
    org.refuse("GET", 401, "INVALID_SESSION_ID", times=99)
    with pytest.raises(NeedsReconnect):
        crm.users()
    assert len(org.calls) == 2
    assert tokens.renewals == 1


def test_a_grant_that_is_gone_stops_the_call(org: SalesforceSandbox) -> None:
    tokens = TokenBox(org)
    crm = connector(org, tokens)
    org.oauth.revoke_everything()
    tokens.gone = True
    with pytest.raises(NeedsReconnect):
        crm.users()


def test_many_threads_renew_once(org: SalesforceSandbox) -> None:
    tokens = TokenBox(org)
    crm = connector(org, tokens)
    org.oauth.expire()
    threads = [threading.Thread(target=crm.users) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert tokens.renewals == 1


def test_an_upload_is_replayed_whole(org: SalesforceSandbox) -> None:
    with SalesforceSandbox() as bare:
        crm = connector(bare, TokenBox(bare))
        bare.refuse("POST .*deployRequest", 401, "INVALID_SESSION_ID")
        state = crm.apply("")
        assert state.state.startswith("deploy:")


@pytest.mark.parametrize(
    ("status", "code", "kind", "ours"),
    [
        (403, "REQUEST_LIMIT_EXCEEDED", RateLimited, "daily_limit"),
        (429, "TOO_MANY", RateLimited, "too_many_requests"),
        (403, "API_DISABLED_FOR_ORG", MissingRight, "api_disabled"),
        (403, "INSUFFICIENT_ACCESS", MissingRight, "insufficient_access"),
        (400, "INVALID_FIELD", MissingRight, "field_missing"),
        (410, "UNSUPPORTED_API_VERSION", MissingRight, "api_version_retired"),
        (400, "MALFORMED_QUERY", Refused, "malformed_query"),
        (404, "NOT_FOUND", Refused, "not_found"),
        (400, "UNABLE_TO_LOCK_ROW", Unreachable, "crm_unavailable"),
        (500, "UNKNOWN_EXCEPTION", Unreachable, "crm_unavailable"),
        (503, "SERVER_UNAVAILABLE", Unreachable, "crm_unavailable"),
        (420, "WHATEVER", Unreachable, "crm_unavailable"),
    ],
)
def test_refusals_mean_something(
    org: SalesforceSandbox,
    crm: SalesforceConnector,
    status: int,
    code: str,
    kind: type[CrmError],
    ours: str,
) -> None:
    org.refuse("query", status, code)
    with pytest.raises(kind) as caught:
        crm.users()
    assert caught.value.code == ours


@pytest.mark.parametrize(
    "body",
    [
        {"error": "odd", "error_description": SECRET},
        [{"errorCode": SECRET, "message": SECRET, "fields": [SECRET]}],
        [{"message": SECRET}],
        [SECRET],
        SECRET,
        None,
        [],
        b"<html>" + SECRET.encode(),
        [{"errorCode": "FIELD_CUSTOM_VALIDATION_EXCEPTION", "message": SECRET, "fields": None}],
    ],
)
def test_no_text_of_the_crm_gets_out(
    org: SalesforceSandbox,
    crm: SalesforceConnector,
    body: object,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    for status in (400, 500):
        org.fail("query", "status", status=status, body=body)
        with pytest.raises(CrmError) as caught:
            crm.users()
        seen = "".join(traceback.format_exception(caught.value)) + caplog.text
        assert SECRET not in seen
        assert "simple_salesforce.exceptions" not in seen


def test_a_maintenance_page_with_status_200_is_not_believed(
    org: SalesforceSandbox, crm: SalesforceConnector
) -> None:
    org.fail("query", "garbage")
    with pytest.raises(Unreachable) as caught:
        crm.users()
    assert caught.value.unknown


def test_too_many_at_once_is_not_the_day_being_over(
    org: SalesforceSandbox, crm: SalesforceConnector
) -> None:
    message = "ConcurrentRequests (Concurrent API Requests) Limit exceeded."
    body = [{"errorCode": "REQUEST_LIMIT_EXCEEDED", "message": message}]
    org.fail("query", "status", status=403, body=body)
    with pytest.raises(RateLimited) as caught:
        crm.users()
    assert not caught.value.daily


def test_the_daily_budget_is_seen_on_answers_and_on_refusals(
    org: SalesforceSandbox, crm: SalesforceConnector
) -> None:
    assert crm.usage is None
    crm.users()
    assert crm.usage == (1, 100_000)
    org.options.daily_limit = 1
    with pytest.raises(RateLimited) as caught:
        crm.users()
    assert caught.value.daily
    assert crm.usage == (1, 1)


def test_retry_after_is_passed_on(org: SalesforceSandbox, crm: SalesforceConnector) -> None:
    org.fail("query", "status", status=503, headers={"Retry-After": "7"})
    with pytest.raises(Unreachable) as caught:
        crm.users()
    assert caught.value.retry_after == 7


@pytest.mark.parametrize("kind", ["reset", "lost"])
def test_a_torn_connection_leaves_the_outcome_unknown(
    org: SalesforceSandbox, crm: SalesforceConnector, kind: str
) -> None:
    org.fail("PATCH", kind)  # type: ignore[arg-type]
    with pytest.raises(Unreachable) as caught:
        crm.write_answers([answer(org.add_contact())])
    assert caught.value.unknown


@pytest.mark.parametrize("kind", ["hang", "drip"])
def test_a_hanging_org_ends_the_call_in_time(
    org: SalesforceSandbox, crm: SalesforceConnector, kind: str
) -> None:
    org.fail("query", kind, seconds=0.2 if kind == "drip" else 5)  # type: ignore[arg-type]
    started = time.monotonic()
    with http.within(0.5), pytest.raises(Unreachable) as caught:
        crm.users()
    assert time.monotonic() - started < 1.5
    assert caught.value.code == "timeout"


def test_all_calls_of_one_method_share_the_deadline(
    org: SalesforceSandbox, crm: SalesforceConnector
) -> None:
    org.fail(".", "slow_reply", times=99, seconds=0.3)
    started = time.monotonic()
    with http.within(0.8), pytest.raises(Unreachable):
        crm.check()
    assert time.monotonic() - started < 1.8


def test_a_redirect_to_elsewhere_does_not_carry_the_token(
    org: SalesforceSandbox, crm: SalesforceConnector, httpserver: HTTPServer
) -> None:
    elsewhere = {"Location": httpserver.url_for("/collect")}
    org.fail("query", "status", status=302, headers=elsewhere)
    with pytest.raises(NeedsReconnect):
        crm.users()
    assert httpserver.log == []


def test_a_next_page_elsewhere_is_not_followed(
    org: SalesforceSandbox, crm: SalesforceConnector
) -> None:
    for url in ("https://evil.example/", "/services/data/v66.0/query/../sobjects", None):
        body = {"totalSize": 2, "done": False, "records": [], "nextRecordsUrl": url}
        org.fail("query", "status", status=200, body=body)
        with pytest.raises(Unreachable):
            crm.users()
    assert len(org.calls) == 3


def test_pages_are_read_to_the_end(org: SalesforceSandbox, crm: SalesforceConnector) -> None:
    for n in range(6):
        org.add_user("Rep", f"{n:02}")
    org.options.page_size = 3
    assert len(crm.users()) == 7


def test_answers_that_do_not_fit_the_question_are_not_guessed_at(
    org: SalesforceSandbox, crm: SalesforceConnector
) -> None:
    for body in ([], {}, [{"success": True, "id": "x"}, {}]):
        org.fail("PATCH", "status", status=200, body=body)
        with pytest.raises(Unreachable) as caught:
            crm.write_answers([answer(org.add_contact())])
        assert caught.value.unknown


def test_another_host_than_salesforces_is_refused_before_any_call(org: SalesforceSandbox) -> None:
    strange = Connection("salesforce", org.org_id, "https://evil.example", "66.0")
    with pytest.raises(Refused):
        CRM.connector(strange, TokenBox(org))
    with pytest.raises(Refused):
        CRM.connector(Connection("salesforce", org.org_id, org.url, "66.0"), TokenBox(org))
