"""May she be asked? The reasons, their order, and from when on: by table."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from plugin.asking.limits import Limits
from plugin.asking.rules import REASONS, NotAsked, drawn, refusal
from plugin.db import milliseconds
from tests.asking.facts import NOON, days, facts, someone, touchpoint


def everything() -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """A person, a touchpoint and more, against which every reason holds."""
    who = {
        "erased_at": NOON, "gone_at": NOON, "unsubscribed_at": NOON, "opted_out": None, "email": "",
        "bounced_at": NOON, "follow_up_open": True, "last_answered_at": NOON,
        "last_declined_at": NOON, "silent_since": NOON,
    }  # fmt: skip
    more = {
        "limits": Limits(company_most=1, quiet_from=11, quiet_until=14, test_contacts=("101",)),
        "company": [milliseconds(NOON)],
        "occurred_at": NOON - days(61),
    }
    return who, {"sample": 0}, more


AWAY: list[tuple[str, dict[str, Any]]] = [
    ("erased", {"erased_at": None}),
    ("gone", {"gone_at": None}),
    ("test_person", {"contact": "102"}),
    ("unsubscribed", {"unsubscribed_at": None}),
    ("opted_out", {"opted_out": False}),
    ("no_address", {"email": "anna@shop.example"}),
    ("bounced", {"bounced_at": None}),
    ("follow_up_open", {"follow_up_open": False}),
    ("outside_window", {"occurred_at": None}),
    ("answered_recently", {"last_answered_at": None}),
    ("declined_recently", {"last_declined_at": None}),
    ("asked_recently", {"silent_since": None}),
    ("company_cap", {"company": []}),
    ("quiet_hours", {"limits": Limits()}),
    ("not_sampled", {"sample": 100}),
]


def test_of_all_that_hold_the_first_of_the_order_is_the_one_reason() -> None:
    who, about, more = everything()
    for reason, change in AWAY:
        held = refusal(facts(someone(**who), touchpoint(**about), **more), NOON)
        assert held is not None
        assert held.reason == reason
        for name, value in change.items():
            place = about if name in about else more if name in more else who
            place[name] = value
    assert refusal(facts(someone(**who), touchpoint(**about), **more), NOON) is None
    assert [reason for reason, _ in AWAY] == list(REASONS)


@pytest.mark.parametrize(
    ("said", "counts", "reason"),
    [
        (None, True, "opted_out"),
        (None, False, None),
        (True, False, "opted_out"),
        (False, True, None),
    ],
)
def test_an_opt_out_that_is_not_shown_counts_until_an_administrator_decides_otherwise(
    said: bool | None, counts: bool, reason: str | None
) -> None:
    who = someone(opted_out=said)
    held = refusal(facts(who, limits=Limits(unseen_opts_out=counts)), NOON)
    assert (held and held.reason) == reason


@pytest.mark.parametrize("channel", ["widget", "link"])
@pytest.mark.parametrize("changed", [{"opted_out": None}, {"email": ""}, {"bounced_at": NOON}, {}])
def test_what_is_about_mail_stops_only_mail(changed: dict[str, Any], channel: str) -> None:
    quiet = Limits() if changed else Limits(quiet_from=11, quiet_until=14)
    assert refusal(facts(someone(**changed), channel=channel, limits=quiet), NOON) is None
    assert refusal(facts(someone(**changed), limits=quiet), NOON) is not None


@pytest.mark.parametrize(
    ("event", "reason", "wait"),
    [
        ("last_answered_at", "answered_recently", 90),
        ("last_declined_at", "declined_recently", 30),
        ("silent_since", "asked_recently", 30),
    ],
)
@pytest.mark.parametrize("kind", ["transactional", "relational"])
def test_by_default_she_is_left_alone_for_as_long_as_is_promised(
    event: str, reason: str, wait: int, kind: str
) -> None:
    who, about = someone(**{event: NOON}), touchpoint(kind)
    for after in (0, wait - 0.001):
        assert refusal(facts(who, about), NOON + days(after)) == NotAsked(reason, NOON + days(wait))
    assert refusal(facts(who, about), NOON + days(wait)) is None


def test_each_kind_has_rules_of_its_own() -> None:
    limits = Limits(transactional_answered_days=10, relational_answered_days=200)
    who = someone(last_answered_at=NOON)
    at = NOON + days(11)
    assert refusal(facts(who, touchpoint("transactional"), limits=limits), at) is None
    assert refusal(facts(who, touchpoint("relational"), limits=limits), at) == NotAsked(
        "answered_recently", NOON + days(200)
    )


def test_relational_asks_count_against_transactional_ones_and_not_always_the_other_way() -> None:
    alone = Limits(relational_counts_all=False)
    recent = someone(last_answered_at=NOON, silent_since=NOON)
    assert refusal(facts(recent, touchpoint("relational"), limits=alone), NOON) is None
    assert refusal(facts(recent, touchpoint("transactional"), limits=alone), NOON) is not None
    relational = someone(last_declined_at=NOON, relational_declined_at=NOON)
    for kind in ("relational", "transactional"):
        held = refusal(facts(relational, touchpoint(kind), limits=alone), NOON)
        assert held == NotAsked("declined_recently", NOON + days(30))


def test_the_date_is_the_first_at_which_no_other_reason_holds() -> None:
    who = someone(last_answered_at=NOON, last_declined_at=NOON + days(80))
    assert refusal(facts(who), NOON + days(80)) == NotAsked("answered_recently", NOON + days(110))
    night = Limits(quiet_from=11, quiet_until=14)
    assert refusal(facts(someone(silent_since=NOON), limits=night), NOON) == NotAsked(
        "asked_recently", NOON + days(30) + timedelta(hours=2)
    )


def test_there_is_no_date_where_a_reason_without_one_comes_after() -> None:
    who = someone(last_answered_at=NOON)
    assert refusal(facts(who, touchpoint(sample=0)), NOON) == NotAsked("answered_recently")
    over = facts(who, touchpoint(window_days=14), occurred_at=NOON)
    assert refusal(over, NOON) == NotAsked("answered_recently")


def test_an_open_ask_is_not_refused_by_its_own_quarantine() -> None:
    who = someone(silent_since=NOON, last_answered_at=NOON - days(1))
    capped = Limits(company_most=1)
    own = facts(
        who, touchpoint(sample=0), open_since=NOON, company=[milliseconds(NOON)], limits=capped
    )
    assert refusal(own, NOON + days(1)) is None
    answered = facts(someone(last_answered_at=NOON + days(1)), open_since=NOON)
    assert refusal(answered, NOON + days(2)) == NotAsked("answered_recently", NOON + days(91))
    unhappy = facts(someone(follow_up_open=True), open_since=NOON)
    assert refusal(unhappy, NOON) == NotAsked("follow_up_open")


def test_the_window_opens_after_the_delay_and_closes_for_good() -> None:
    about = touchpoint(delay_hours=48, window_days=14)
    assert refusal(facts(about=about, occurred_at=NOON), NOON) == NotAsked(
        "outside_window", NOON + days(2)
    )
    for inside in (2, 15.99):
        assert refusal(facts(about=about, occurred_at=NOON), NOON + days(inside)) is None
    late = refusal(facts(about=about, occurred_at=NOON), NOON + days(16))
    assert late == NotAsked("outside_window")
    assert refusal(facts(about=about), NOON) is None, "without an event the moment is well chosen"


def test_a_company_is_asked_no_more_than_its_cap_in_any_stretch_of_days() -> None:
    limits = Limits(company_most=2, company_days=10)
    asked = [milliseconds(NOON - days(9)), milliseconds(NOON - days(4))]
    assert refusal(facts(company=asked, limits=limits), NOON) == NotAsked(
        "company_cap", NOON + days(1)
    )
    assert refusal(facts(company=asked, limits=limits), NOON + days(1)) is None
    assert refusal(facts(company=asked[1:], limits=limits), NOON) is None
    assert refusal(facts(company=asked), NOON) is None, "no cap unless one is set"
    more = [milliseconds(NOON - days(8)), *asked[1:], milliseconds(NOON - days(1))]
    waits = refusal(facts(company=more, limits=limits), NOON)
    assert waits == NotAsked("company_cap", NOON + days(6)), "until one of the last two is over"


@pytest.mark.parametrize(
    ("email", "contact", "counts"),
    [
        ("bo@shop.example", "1", False),
        ("BO@Mail.Shop.Example", "1", False),
        ("bo@workshop.example", "1", True),
        ("Test@Customer.example", "1", False),
        ("", "777", False),
        ("", "778", True),
    ],
)
def test_staff_and_test_contacts_are_not_asked(email: str, contact: str, counts: bool) -> None:
    limits = Limits(staff_domains=("shop.example",), test_contacts=("test@customer.example", "777"))
    who = someone(email=email, contact=contact)
    held = refusal(facts(who, channel="widget", limits=limits), NOON)
    assert held == (None if counts else NotAsked("test_person"))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("hers", "account", "now", "until"),
    [
        ("Europe/Stockholm", "", "2026-11-20 20:30", "2026-11-21 07:00"),  # 21:30 there
        ("Europe/Stockholm", "", "2026-11-20 19:30", ""),
        ("America/New_York", "Europe/Stockholm", "2026-11-20 20:30", ""),
        ("", "Europe/Stockholm", "2026-11-21 06:59", "2026-11-21 07:00"),
        ("no/such_zone", "", "2026-11-20 21:00", "2026-11-21 08:00"),
        ("../../etc/passwd", "", "2026-11-20 12:00", ""),
        ("Europe/Stockholm", "", "2026-10-24 23:30", "2026-10-25 07:00"),  # clocks go back
        ("Europe/Stockholm", "", "2026-03-28 23:30", "2026-03-29 06:00"),  # clocks go forward
    ],
)
def test_quiet_hours_go_by_the_contact_s_own_clock(
    hers: str, account: str, now: str, until: str
) -> None:
    limits = Limits(quiet_from=21, quiet_until=8)
    held = refusal(facts(someone(time_zone=hers), limits=limits, time_zone=account), at(now))
    assert held == (NotAsked("quiet_hours", at(until)) if until else None)


def test_the_lot_is_the_same_every_time_and_a_larger_share_keeps_the_smaller_one() -> None:
    crowd = [someone(contact=str(n)) for n in range(2000)]
    fifth, half = (
        {p.contact for p in crowd if refusal(facts(p, touchpoint(sample=share)), NOON) is None}
        for share in (20, 50)
    )
    assert 340 < len(fifth) < 460
    assert fifth < half
    assert len({drawn(person, key) for person in crowd[:1] for key in "ab"}) == 2
    assert refusal(facts(about=touchpoint(sample=0)), NOON) == NotAsked("not_sampled")
