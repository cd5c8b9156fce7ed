"""Opportunities, cases and campaigns: their objects, and what the org fills in by itself."""

from datetime import datetime
from typing import Any

from connectors.sandbox.salesforce.schema import (
    Field,
    SObject,
    flag,
    owner,
    reference,
    sobject,
    text,
)

STAGES = {"Prospecting": (False, False), "Closed Won": (True, True), "Closed Lost": (True, False)}
CASE_STATUSES = {"New": False, "Working": False, "Closed": True, "Solved by phone": True}
Row = dict[str, Any]


def objects() -> list[SObject]:
    contact = reference("ContactId", ("Contact",), "Contact")
    return [
        sobject(
            "Case", "Case", "500",
            text("Subject"), Field("Status", "picklist", values=tuple(CASE_STATUSES)), contact, owner(),
            flag("IsClosed", readonly=True), Field("ClosedDate", "datetime", readonly=True),
        ),
        sobject(
            "Opportunity", "Opportunity", "006",
            text("Name", required=True), Field("StageName", "picklist", values=tuple(STAGES)), owner(),
            flag("IsWon", readonly=True), flag("IsClosed", readonly=True), Field("CloseDate", "date"),
            Field("LastStageChangeDate", "datetime", readonly=True),
        ),
        sobject(
            "OpportunityContactRole", "Opportunity Contact Role", "00K",
            reference("OpportunityId", ("Opportunity",), "Opportunity"),
            reference("ContactId", ("Contact",), "Contact"), flag("IsPrimary"),
        ),
        sobject(
            "Campaign", "Campaign", "701", text("Name", 80, required=True), flag("IsActive"),
            Field("NumberOfContacts", "int", readonly=True),
        ),
        sobject(
            "CampaignMember", "Campaign Member", "00v",
            reference("CampaignId", ("Campaign",), "Campaign"),
            reference("ContactId", ("Contact",), "Contact"),
        ),
        *(
            sobject(
                name, label, prefix, text("ApiName", readonly=True), text("MasterLabel", readonly=True),
                *(flag(one, readonly=True) for one in flags), Field("SortOrder", "int", readonly=True),
            )
            for name, label, prefix, flags in (
                ("CaseStatus", "Case Status Value", "01J", ("IsClosed",)),
                ("OpportunityStage", "Opportunity Stage", "01J", ("IsActive", "IsClosed", "IsWon")),
            )
        ),
    ]  # fmt: skip


def complete(name: str, row: Row) -> None:
    """What follows from a status or a stage; when it was reached stays until it is left."""
    if name == "Case":
        row["Status"] = row.get("Status") or next(iter(CASE_STATUSES))
        row["IsClosed"] = CASE_STATUSES.get(row["Status"], False)
        if not row["IsClosed"]:
            row["ClosedDate"] = None
        elif row.get("ClosedDate") is None:
            row["ClosedDate"] = row["SystemModstamp"]
    elif name == "Opportunity":
        row["StageName"] = row.get("StageName") or next(iter(STAGES))
        row["IsClosed"], row["IsWon"] = STAGES.get(row["StageName"], (False, False))
        if row.get("_stage") != row["StageName"]:
            row["_stage"], row["LastStageChangeDate"] = row["StageName"], _stamp(row)


def joined(campaign: Row, by: int = 1) -> None:
    """A contact became a member, or with *by* -1 is none any more."""
    campaign["NumberOfContacts"] = (campaign["NumberOfContacts"] or 0) + by


def values() -> list[tuple[str, Row]]:
    """The rows in which an org says what its statuses and stages mean."""
    statuses = [
        ("CaseStatus", {**_named(name, order), "IsClosed": closed})
        for order, (name, closed) in enumerate(CASE_STATUSES.items(), 1)
    ]
    stages = [
        (
            "OpportunityStage",
            {**_named(name, order), "IsActive": True, "IsClosed": closed, "IsWon": won},
        )
        for order, (name, (closed, won)) in enumerate(STAGES.items(), 1)
    ]
    return [*statuses, *stages]


def _named(name: str, order: int) -> Row:
    return {"ApiName": name, "MasterLabel": name, "SortOrder": order}


def _stamp(row: Row) -> datetime:
    stamp: datetime = row["SystemModstamp"]
    return stamp
