"""What an administrator would have chosen by now for segments: fields of the customers and a list of each CRM."""

from plugin.access.rules import CLI
from plugin.crm.directory import connections
from plugin.crm.keeping.offers import offer
from plugin.segments import choosing
from plugin.services import Services

FIELDS = ("Customer since", "Customer value", "Annual revenue", "Plan", "Renewal date")
LISTS = ("Customer advisory board",)


def keep(shared: Services, installation: str) -> None:
    """They are read when the worker starts, of whoever is known by then."""
    known = connections(shared)
    offered, now = offer(known, known.row(installation)), shared.clock.now()
    with shared.database.write() as connection:
        for one in offered.fields:
            if one.label.removeprefix("Account: ") in FIELDS:
                choosing.keep_field(
                    connection, CLI, installation, one.value, one.label, one.kind, now
                )
        for choice in offered.lists:
            if choice.label in LISTS:
                choosing.follow_list(connection, CLI, installation, choice.value, choice.label, now)
