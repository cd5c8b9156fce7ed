"""One refresh however many ask, nothing used before it is stored, and who is to blame when it fails."""

import multiprocessing
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from connectors.errors import NeedsReconnect, OAuthFailed, Unreachable
from plugin.crm.seals import opened, reseal
from plugin.sealing import Sealer
from tests.crm import storming

TOKEN_CALLS = "POST /oauth/2026-03/token"
SF_TOKEN_CALLS = "POST /services/oauth2/token"


@pytest.fixture
def connected(here, hub):
    """HubSpot by OAuth, its access token about to run out."""
    return here.connect("hubspot", hub, set_up=False)


@pytest.fixture
def salesforce(here, org):
    return here.connect("salesforce", org, set_up=False)


def run_out(here, installation, *, due=True, over=True):
    now = here.services.clock.now()
    here.change(
        installation,
        refresh_at=now - timedelta(seconds=1) if due else None,
        token_expires_at=now - timedelta(seconds=1) if over else now + timedelta(seconds=300),
    )


def stored(here, installation, name="access_token"):
    return opened(here.services.sealer, here.row(installation), name)


def test_a_token_that_is_good_is_used_as_it_is(here, hub, connected):
    assert here.tokens(connected).access() == stored(here, connected)
    assert hub.count(TOKEN_CALLS) == 0


def test_a_token_near_its_end_is_refreshed_before_it(here, hub, connected):
    before = stored(here, connected)
    run_out(here, connected, over=False)
    assert here.tokens(connected).access() != before
    assert here.row(connected).refresh_at > here.services.clock.now() + timedelta(seconds=1000)
    assert hub.count(TOKEN_CALLS) == 1


def test_a_storm_of_threads_and_processes_refreshes_once(here, hub, connected):
    run_out(here, connected)
    settings = here.services.settings
    context = multiprocessing.get_context("spawn")
    ready = context.Barrier(3)
    with context.Pool(2, storming.prepare, (ready,)) as processes:
        others = processes.starmap_async(storming.ask, [(settings, connected)] * 2, chunksize=1)
        ready.wait(60)
        with ThreadPoolExecutor(8) as threads:
            got = set(threads.map(lambda _: here.tokens(connected).access(), range(8)))
        got |= set(others.get(60))
    assert got == {stored(here, connected)}
    assert hub.count(TOKEN_CALLS) == 1


def test_threads_whose_token_was_refused_renew_it_once(here, org, salesforce):
    old = here.tokens(salesforce).access()
    with ThreadPoolExecutor(8) as threads:
        got = set(threads.map(lambda _: here.tokens(salesforce).renew(old), range(8)))
    assert got == {stored(here, salesforce)}
    assert old not in got
    assert org.count(SF_TOKEN_CALLS) == 1


def test_a_rotated_refresh_token_is_stored_before_the_access_token_is_used(here, org, salesforce):
    first = stored(here, salesforce, "refresh_token")
    access = here.tokens(salesforce).renew(here.tokens(salesforce).access())
    second = stored(here, salesforce, "refresh_token")
    assert second != first
    assert access == stored(here, salesforce)
    assert here.row(salesforce).rotates
    here.tokens(salesforce).renew(access)
    assert stored(here, salesforce, "refresh_token") != second


def test_revoked_access_stops_and_says_so(here, hub, connected):
    run_out(here, connected)
    hub.grants.uninstall()
    with pytest.raises(NeedsReconnect):
        here.tokens(connected).access()
    row = here.row(connected)
    assert row.state == "needs_reconnect"
    assert row.reason
    with pytest.raises(NeedsReconnect):
        here.another().tokens(connected).access()
    assert hub.count(TOKEN_CALLS) == 1


def test_a_wrong_client_of_ours_is_never_taken_for_a_revocation(here, hub, connected):
    run_out(here, connected)
    hub.grants.client_secret = "changed"
    with pytest.raises(OAuthFailed):
        here.tokens(connected).access()
    row = here.row(connected)
    assert (row.state, row.reason) == ("connected", "client_refused")
    hub.grants.client_secret = "sandbox-hubspot-secret"
    assert here.tokens(connected).access()
    assert here.row(connected).reason == ""


def test_while_the_old_token_is_good_an_outage_of_the_sign_in_disturbs_nobody(here, hub, connected):
    before = stored(here, connected)
    run_out(here, connected, over=False)
    hub.fail(TOKEN_CALLS, status=503, times=9)
    assert here.tokens(connected).access() == before
    assert here.another().tokens(connected).access() == before
    assert hub.count(TOKEN_CALLS) == 1
    assert here.row(connected).state == "connected"


def test_an_outage_of_the_sign_in_is_no_revocation(here, hub, connected):
    run_out(here, connected)
    hub.fail(TOKEN_CALLS, status=503, times=1)
    with pytest.raises(Unreachable):
        here.tokens(connected).access()
    assert here.row(connected).state == "connected"
    assert here.tokens(connected).access() == stored(here, connected)


def test_an_answer_lost_while_the_refresh_token_stays_is_asked_for_again(here, hub, connected):
    run_out(here, connected)
    hub.fail(TOKEN_CALLS, "lost")
    assert here.tokens(connected).access() == stored(here, connected)
    assert hub.count(TOKEN_CALLS) == 2


def test_an_answer_lost_while_the_refresh_token_was_replaced_needs_a_person(here, org, salesforce):
    org.fail(SF_TOKEN_CALLS, "lost")
    with pytest.raises(NeedsReconnect):
        here.tokens(salesforce).renew(here.tokens(salesforce).access())
    assert here.row(salesforce).state == "needs_reconnect"
    assert org.count(SF_TOKEN_CALLS) == 2


def test_two_unanswered_refreshes_of_a_rotating_token_need_a_person(here, org, salesforce):
    access = here.tokens(salesforce).renew(here.tokens(salesforce).access())
    org.fail(SF_TOKEN_CALLS, "reset", times=2)
    with pytest.raises(NeedsReconnect):
        here.tokens(salesforce).renew(access)
    assert here.row(salesforce).reason == "refresh_unanswered"


def test_a_bare_token_ends(here, org):
    installation = here.connect("salesforce", org, way="token", set_up=False)
    with pytest.raises(NeedsReconnect) as refused:
        here.tokens(installation).renew(here.tokens(installation).access())
    assert refused.value.code == "token_ended"


def test_a_worker_that_died_while_refreshing_blocks_nobody_for_long(here, hub, connected):
    run_out(here, connected)
    here.change(connected, refreshing_until=here.services.clock.now() - timedelta(seconds=1))
    assert here.tokens(connected).access() == stored(here, connected)


def test_whoever_waits_in_vain_does_not_refresh_as_well(here, hub, connected):
    run_out(here, connected)
    here.change(connected, refreshing_until=here.services.clock.now() + timedelta(seconds=1))
    with pytest.raises(Unreachable):
        here.tokens(connected).access()
    assert hub.count(TOKEN_CALLS) == 0


def test_a_refresh_never_overwrites_what_a_reconnect_stored(here, hub, connected):
    run_out(here, connected)
    hub.fail(TOKEN_CALLS, "slow_reply", seconds=0.5)
    asking = threading.Thread(target=here.tokens(connected).access)
    asking.start()
    while not here.row(connected).refreshing_until:
        pass
    here.connect("hubspot", hub, set_up=False)
    newest = stored(here, connected)
    asking.join()
    assert stored(here, connected) == newest
    assert here.another().tokens(connected).access() == newest


def test_a_row_swapped_into_another_installation_does_not_open(
    here, hub, org, connected, salesforce
):
    row = here.row(connected)
    here.change(salesforce, sealed_access_token=row.sealed_access_token)
    with pytest.raises(NeedsReconnect) as refused:
        here.another().tokens(salesforce).access()
    assert refused.value.code == "seal_broken"
    here.change(salesforce, sealed_refresh_token=row.sealed_access_token)
    here.change(connected, sealed_access_token=row.sealed_refresh_token)
    with pytest.raises(NeedsReconnect):
        here.another().tokens(connected).access()


def test_everything_is_sealed_again_with_the_newest_key(here, hub, connected):
    access = stored(here, connected)
    newest = Sealer(("n" * 40, *here.services.settings.encryption_keys))
    with here.services.database.write() as connection:
        assert reseal(connection, newest) == 1
    alone = Sealer(("n" * 40,))
    assert opened(alone, here.row(connected), "access_token") == access
    assert opened(alone, here.row(connected), "client_secret") == hub.client.secret


def test_nothing_is_stored_in_the_clear(here, hub, connected):
    row = here.row(connected)
    secrets = (stored(here, connected), stored(here, connected, "refresh_token"), hub.client.secret)
    assert not any(secret in str(tuple(row)) for secret in secrets)


def test_a_lost_key_is_said_so(here, hub, connected):
    with pytest.raises(NeedsReconnect) as refused:
        here.another(encryption_keys=("x" * 40,)).tokens(connected).access()
    assert refused.value.code == "seal_broken"
