"""The administrator's rules of how often people are asked: what they may be, and what a change of them says."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any
from zoneinfo import available_timezones

from plugin.touchpoints.rules import NPS

EVENTS = ("answered", "declined", "silent")
LONGEST_DAYS = 730
MOST_OF_A_COMPANY = 100
LISTED_MOST = 200
DOMAIN = re.compile(r"(?!-)[a-z0-9-]+(?:\.[a-z0-9-]+)+")


@dataclass(frozen=True, slots=True)
class Limits:
    """Days are those that must pass before a question of that kind: after an answer, after a decline, after an ask that
    nobody reacted to. ``quiet_from`` and ``quiet_until`` are hours of the contact's day. ``unseen_opts_out``: where the
    CRM does not show whether somebody has opted out of e-mail, she has."""

    transactional_answered_days: int = 90
    transactional_declined_days: int = 30
    transactional_silent_days: int = 30
    relational_answered_days: int = 90
    relational_declined_days: int = 30
    relational_silent_days: int = 30
    relational_counts_all: bool = True
    company_most: int = 0
    company_days: int = 30
    quiet_from: int | None = None
    quiet_until: int | None = None
    time_zone: str = "UTC"
    unseen_opts_out: bool = True
    staff_domains: tuple[str, ...] = ()
    test_contacts: tuple[str, ...] = ()

    def days(self, kind: str, event: str) -> int:
        """How many days after *event* a question of *kind* has to wait; other measures as transactional ones."""
        counted = kind if kind in NPS else "transactional"
        return int(getattr(self, f"{counted}_{event}_days"))

    def is_test(self, email: str, contact: str) -> bool:
        """Whether this is one of the staff, or a test contact."""
        address = email.strip().casefold()
        domain = address.rpartition("@")[2]
        staff = any(domain == one or domain.endswith(f".{one}") for one in self.staff_domains)
        return (
            bool(domain and staff)
            or contact.casefold() in self.test_contacts
            or (bool(address) and address in self.test_contacts)
        )


NAMES = {
    "transactional_answered_days": "days after an answer, transactional",
    "transactional_declined_days": "days after a decline, transactional",
    "transactional_silent_days": "days after no reaction, transactional",
    "relational_answered_days": "days after an answer, relational",
    "relational_declined_days": "days after a decline, relational",
    "relational_silent_days": "days after no reaction, relational",
    "relational_counts_all": "relational counts all questions",
    "company_most": "asks per company",
    "company_days": "days of the asks per company",
    "quiet_from": "quiet from",
    "quiet_until": "quiet until",
    "time_zone": "time zone",
    "unseen_opts_out": "an opt-out that the CRM does not show counts",
    "staff_domains": "staff domains",
    "test_contacts": "test contacts",
}
QUARANTINES = tuple(f"{kind}_{event}_days" for kind in NPS for event in EVENTS)
WITHOUT_REASON = ("staff_domains", "test_contacts")  # whom nobody counts is no rule about customers


def errors(limits: Limits) -> dict[str, str]:
    """What is wrong, field by field; a number that could not be read is -1."""
    found = dict(_wrong_days(limits))
    if not 0 <= limits.company_most <= MOST_OF_A_COMPANY:
        found["company_most"] = f"Enter a number from 1 to {MOST_OF_A_COMPANY}, or 0 for no limit."
    if not 1 <= limits.company_days <= LONGEST_DAYS:
        found["company_days"] = f"Enter days from 1 to {LONGEST_DAYS}."
    return found | _wrong_hours(limits) | _wrong_lists(limits)


def _wrong_days(limits: Limits) -> Iterator[tuple[str, str]]:
    for name in QUARANTINES:
        if not 0 <= getattr(limits, name) <= LONGEST_DAYS:
            yield name, f"Enter days from 0 to {LONGEST_DAYS}."


def _wrong_hours(limits: Limits) -> dict[str, str]:
    found = {}
    hours = (limits.quiet_from, limits.quiet_until)
    if (hours[0] is None) != (hours[1] is None) or (hours[0] == hours[1] and hours[0] is not None):
        found["quiet_from"] = "Choose two different hours, or none for both."
    elif any(hour is not None and not 0 <= hour <= 23 for hour in hours):
        found["quiet_from"] = "Choose hours from 0 to 23."
    if limits.time_zone not in available_timezones():
        found["time_zone"] = "Enter a time zone like Europe/Stockholm."
    return found


def _wrong_lists(limits: Limits) -> dict[str, str]:
    found = {}
    bad = [one for one in limits.staff_domains if not DOMAIN.fullmatch(one)]
    if bad:
        found["staff_domains"] = f"“{bad[0][:80]}” is no domain. Write it like example.com."
    if any(len(one) > 320 for one in limits.test_contacts):
        found["test_contacts"] = "An e-mail address or record id has at most 320 characters."
    for name in WITHOUT_REASON:
        if len(getattr(limits, name)) > LISTED_MOST:
            found[name] = f"List at most {LISTED_MOST}."
    return found


def changes(old: Limits, new: Limits) -> dict[str, str]:
    """What differs, each in words for the audit log."""
    return {
        one.name: f"{NAMES[one.name]}: {_said(getattr(old, one.name))} to {_said(getattr(new, one.name))}"
        for one in fields(Limits)
        if getattr(old, one.name) != getattr(new, one.name)
    }


def _said(value: Any) -> str:
    """Addresses are personal data: the log says how many, not which."""
    if isinstance(value, tuple):
        return f"{len(value)} listed"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value is None else str(value)
