"""The form of the rules: from what was typed to limits, and back."""

from collections.abc import Mapping

from plugin.access.rules import plain
from plugin.asking.limits import QUARANTINES, Limits

NUMBERS = (*QUARANTINES, "company_most", "company_days")
HOURS = [("", "no quiet hours"), *((str(hour), f"{hour:02}:00") for hour in range(24))]


def limits_of(form: Mapping[str, str]) -> Limits:
    """What was typed; what is no number becomes one that is refused."""
    numbers = {name: _number(form.get(name, "")) for name in NUMBERS}
    return Limits(
        **numbers,
        quiet_from=_hour(form.get("quiet_from", "")),
        quiet_until=_hour(form.get("quiet_until", "")),
        relational_counts_all=form.get("relational_counts_all") != "no",
        unseen_opts_out=form.get("unseen_opts_out") != "no",
        time_zone=plain(form.get("time_zone", "")),
        staff_domains=tuple(one.lstrip("@") for one in _lines(form.get("staff_domains", ""))),
        test_contacts=_lines(form.get("test_contacts", "")),
    )


def values_of(limits: Limits) -> dict[str, str]:
    """The form's fields."""
    plainly = {name: str(getattr(limits, name)) for name in (*NUMBERS, "time_zone")}
    hours = {"quiet_from": limits.quiet_from, "quiet_until": limits.quiet_until}
    return plainly | {
        **{name: "" if hour is None else str(hour) for name, hour in hours.items()},
        "relational_counts_all": "yes" if limits.relational_counts_all else "no",
        "unseen_opts_out": "yes" if limits.unseen_opts_out else "no",
        "staff_domains": "\n".join(limits.staff_domains),
        "test_contacts": "\n".join(limits.test_contacts),
    }


def _number(text: str) -> int:
    amount = text.strip()
    return int(amount) if amount.isascii() and amount.isdigit() and len(amount) < 5 else -1


def _hour(text: str) -> int | None:
    return _number(text) if text else None


def _lines(text: str) -> tuple[str, ...]:
    """One a line, or between commas; each once."""
    found = (plain(one).casefold() for one in text.replace(",", "\n").splitlines())
    return tuple(dict.fromkeys(one for one in found if one))
