"""Putting back what was parked: once each, and never in silence."""

import pytest
from sqlalchemy import update

from plugin.deliveries.actions import Replayed, replay
from plugin.deliveries.store import delivery
from plugin.deliveries.verdicts import Delivered, Parked, Unsure, Verdict
from tests.deliveries.ledgers import Bench


def put_back(one: Bench, *keys: str) -> list[Replayed]:
    rows = one.rows()
    return one.run(replay, [rows[key].id if key in rows else key for key in keys], one.time.now)


@pytest.mark.parametrize("verdict", [Parked("no_right"), Unsure("?")])
def test_a_parked_or_unsure_delivery_is_sent_again(one: Bench, verdict: Verdict) -> None:
    one.owe("a")
    one.handler.says = lambda rows: [verdict]
    one.serve()
    assert [done.done for done in put_back(one, "a")] == [True]
    one.handler.says = lambda rows: [Delivered("1")]
    one.serve()
    assert (one.row("a").state, one.row("a").error, one.row("a").attempts) == ("delivered", None, 2)
    assert one.handler.calls[-1][0].in_doubt is False, "a person has looked"


def test_a_second_time_is_refused_in_words(one: Bench) -> None:
    one.owe("a")
    one.handler.says = lambda rows: [Parked("no_right")]
    one.serve()
    put_back(one, "a")
    assert not put_back(one, "a")[0].done
    one.serve()
    (again,) = put_back(one, "a")
    assert not again.done
    assert "put back once already, on 2026-11-21 12:00" in again.words


def test_only_what_stands_still_can_be_put_back(one: Bench) -> None:
    one.owe("queued", "delivered")
    with one.database.write() as connection:
        done = delivery.c.key == "delivered"
        connection.execute(update(delivery).where(done).values(state="delivered"))
    words = [done.words for done in put_back(one, "queued", "delivered", "nothing")]
    assert "queued" in words[0]
    assert "delivered" in words[1]
    assert words[2] == "There is no such delivery."


def test_named_twice_it_is_put_back_once(one: Bench) -> None:
    one.owe("a")
    one.handler.says = lambda rows: [Parked("no_right")]
    one.serve()
    assert [done.done for done in put_back(one, "a", "a")] == [True]
