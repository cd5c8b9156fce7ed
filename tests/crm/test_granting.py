"""Most tests are given their grant without a call: it has to be as good as one that was asked for over HTTP."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

import connectors
from plugin.crm.oauth import Granted
from tests.crm.sides import Side
from tests.support.granting import asked, grant


@pytest.mark.parametrize("way", ["oauth", "token"])
def test_what_is_given_is_what_would_have_been_asked_for(side: Side, way: str) -> None:
    with type(side.sandbox)() as another:
        grant(side.name, another, way)
    given = grant(side.name, side.sandbox, way)
    assert not side.sandbox.calls, "nothing was asked"
    real = asked(side.name, side.sandbox, way)
    assert _but_for_secrets(given) == _but_for_secrets(real)


def test_its_tokens_open_the_account_and_can_be_renewed(side: Side) -> None:
    with type(side.sandbox)() as another:
        grant(side.name, another)
    given, spoken = grant(side.name, side.sandbox), connectors.crm(side.name)
    where = {"api_url": side.sandbox.url, "loopback": True}
    assert spoken.identify(given.access_token, **where).id == given.account.id
    renewed = spoken.refresh(side.sandbox.client, given.refresh_token, **where)
    assert spoken.identify(renewed.access_token, **where).id == given.account.id


def _but_for_secrets(granted: Granted) -> tuple[Granted, bool, timedelta | None]:
    """With how long the access token lasts, to the minute."""
    ends, refreshed = granted.expires_at, granted.refresh_token is not None
    lasts = ends and timedelta(minutes=round((ends - datetime.now(UTC)).total_seconds() / 60))
    return replace(granted, access_token="", refresh_token="", expires_at=None), refreshed, lasts
