"""Pipelines of deals and tickets, what HubSpot notes by itself when one is closed, and lists of contacts."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from connectors.sandbox.hubspot.standard import DEALS, TICKETS

WON, LOST = "closedwon", "closedlost"
NEW, CLOSED = "1", "4"
PIPELINES = {
    DEALS: [
        ("default", "Sales", [("qualified", "Qualified", {"isClosed": "false"}),
                              (WON, "Closed won", {"isClosed": "true", "probability": "1.0"}),
                              (LOST, "Closed lost", {"isClosed": "true", "probability": "0.0"})]),
        ("renewals", "Renewals", [("talking", "Talking", {"isClosed": "false"}),
                                  ("renewed", "Renewed", {"isClosed": "true", "probability": "1.0"})]),
    ],
    TICKETS: [
        ("0", "Support", [(NEW, "New", {"ticketState": "OPEN"}), (CLOSED, "Closed", {"ticketState": "CLOSED"})]),
        ("7", "Installation", [("71", "Planned", {"ticketState": "OPEN"}), ("72", "Done", {"ticketState": "CLOSED"})]),
    ],
}  # fmt: skip


@dataclass(slots=True)
class Members:
    """A list of contacts, by the ids of its members in the order in which they joined."""

    name: str
    contacts: list[str] = field(default_factory=list)
    object_type: str = "0-1"


def settle(kind: str, properties: dict[str, str], before: Mapping[str, str], at: str) -> None:
    """What HubSpot fills by itself: when a deal was won, and when a ticket was last closed."""
    if kind == DEALS:
        won = properties.get("dealstage") in _stages(DEALS, "probability", "1.0")
        properties["hs_is_closed_won"] = str(won).lower()
        if won and properties.get("dealstage") != before.get("dealstage"):
            properties["hs_closed_won_date"] = at
            properties.setdefault("closedate", at)
    elif kind == TICKETS:
        stage = properties.get("hs_pipeline_stage")
        if stage in _stages(TICKETS, "ticketState", "CLOSED") and stage != before.get(
            "hs_pipeline_stage"
        ):
            properties["hs_lastclosedate"] = properties["closed_date"] = at


def _stages(kind: str, name: str, value: str) -> set[str]:
    return {
        stage
        for _, _, stages in PIPELINES[kind]
        for stage, _, metadata in stages
        if metadata.get(name) == value
    }
