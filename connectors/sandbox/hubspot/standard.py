"""The properties every portal has, as far as we touch them."""

from dataclasses import replace

from connectors.sandbox.hubspot.definitions import Definition

CONTACTS, NOTES, TASKS, COMPANIES = "contacts", "notes", "tasks", "companies"
DEALS, TICKETS = "deals", "tickets"
TYPES = (CONTACTS, NOTES, TASKS, COMPANIES, DEALS, TICKETS)
TYPE_IDS = {"0-1": CONTACTS, "0-2": COMPANIES, "0-46": NOTES, "0-27": TASKS, "0-3": DEALS, "0-5": TICKETS,
            "contact": CONTACTS, "company": COMPANIES, "note": NOTES, "task": TASKS,
            "deal": DEALS, "ticket": TICKETS}  # fmt: skip
ASSOCIATION_IDS = {
    (NOTES, CONTACTS): {202}, (TASKS, CONTACTS): {204}, (CONTACTS, COMPANIES): {279, 1},
    (TASKS, COMPANIES): {192}, (NOTES, COMPANIES): {190}, (DEALS, CONTACTS): {3}, (TICKETS, CONTACTS): {16},
}  # fmt: skip
RETURNED = {
    CONTACTS: ("createdate", "email", "firstname", "hs_object_id", "lastmodifieddate", "lastname"),
    NOTES: ("hs_createdate", "hs_lastmodifieddate", "hs_object_id"),
    TASKS: ("hs_createdate", "hs_lastmodifieddate", "hs_object_id"),
    COMPANIES: ("createdate", "domain", "hs_lastmodifieddate", "hs_object_id", "name"),
    DEALS: (
        "createdate",
        "dealname",
        "dealstage",
        "hs_lastmodifieddate",
        "hs_object_id",
        "pipeline",
    ),
    TICKETS: (
        "createdate",
        "hs_lastmodifieddate",
        "hs_object_id",
        "hs_pipeline",
        "hs_pipeline_stage",
    ),
}
LANGUAGES = ("ar", "da", "de", "en", "en-gb", "en-us", "es", "fi", "fr", "nl", "no", "pl", "sv")


def definitions() -> dict[str, dict[str, Definition]]:
    lists = {
        CONTACTS: _contacts(),
        NOTES: _notes(),
        TASKS: _tasks(),
        COMPANIES: _companies(),
        DEALS: _deals(),
        TICKETS: _tickets(),
    }
    return {kind: {made.name: made for made in defined} for kind, defined in lists.items()}


def _text(name: str, label: str, *, read_only: bool = False, unique: bool = False) -> Definition:
    return Definition(name, label, read_only=read_only, unique=unique)


def _time(name: str, label: str, *, read_only: bool = False) -> Definition:
    return Definition(name, label, "datetime", "date", read_only=read_only)


def _date(name: str, label: str) -> Definition:
    return Definition(name, label, "date", "date")


def _number(name: str, label: str) -> Definition:
    return Definition(name, label, "number", "number", read_only=True)


def _bool(name: str, label: str) -> Definition:
    return Definition(name, label, "bool", "booleancheckbox")


def _choice(name: str, label: str, *values: str) -> Definition:
    options = [
        {"label": value, "value": value, "displayOrder": order, "hidden": False}
        for order, value in enumerate(values)
    ]
    return Definition(name, label, "enumeration", "select", options=options)


def _contacts() -> list[Definition]:
    return [
        _text("email", "Email", unique=True), _text("firstname", "First name"),
        _text("lastname", "Last name"), _text("company", "Company name"), _text("phone", "Phone"),
        _text("hubspot_owner_id", "Contact owner"), _choice("hs_language", "Language", *LANGUAGES),
        _text("hs_timezone", "Time zone"),
        _bool("hs_email_optout", "Unsubscribed from all email"),
        _bool("hs_email_bad_address", "Invalid email address"),
        _number("associatedcompanyid", "Primary associated company"),
        _text("hs_merged_object_ids", "Merged record ids", read_only=True),
        _time("createdate", "Created", read_only=True),
        _time("lastmodifieddate", "Changed", read_only=True),
        _number("hs_object_id", "Record id"),
        _date("renewal_date", "Renewal date"), _date("first_use_date", "First use"),
        *_customers(),
    ]  # fmt: skip


def _customers() -> list[Definition]:
    """What the account itself keeps of its customers."""
    return [
        Definition("customer_since", "Customer since", "date", "date", builtin=False),
        replace(_choice("customer_value", "Customer value", "A", "B", "C"), builtin=False),
        Definition("annual_revenue", "Annual revenue", "number", "number", builtin=False),
        replace(_choice("plan", "Plan", "Basic", "Team", "Business"), builtin=False),
    ]


def _notes() -> list[Definition]:
    return [_text("hs_note_body", "Body"), *_activity()]


def _tasks() -> list[Definition]:
    return [
        _text("hs_task_subject", "Title"), _text("hs_task_body", "Notes"),
        _choice("hs_task_status", "Status", "NOT_STARTED", "IN_PROGRESS", "WAITING", "DEFERRED",
                "COMPLETED"),
        _choice("hs_task_priority", "Priority", "NONE", "LOW", "MEDIUM", "HIGH"),
        _choice("hs_task_type", "Type", "EMAIL", "CALL", "TODO"),
        *_activity(),
    ]  # fmt: skip


def _activity() -> list[Definition]:
    return [
        _time("hs_timestamp", "Date"), _text("hubspot_owner_id", "Owner"),
        _time("hs_createdate", "Created", read_only=True),
        _time("hs_lastmodifieddate", "Changed", read_only=True), _number("hs_object_id", "Id"),
    ]  # fmt: skip


def _companies() -> list[Definition]:
    return [
        _text("name", "Company name"), _text("domain", "Domain"),
        _text("hubspot_owner_id", "Company owner"),
        _time("createdate", "Created", read_only=True),
        _time("hs_lastmodifieddate", "Changed", read_only=True), _number("hs_object_id", "Id"),
    ]  # fmt: skip


def _deals() -> list[Definition]:
    return [
        _text("dealname", "Deal name"), _text("pipeline", "Pipeline"), _text("dealstage", "Stage"),
        _time("closedate", "Close date"),
        _bool("hs_is_closed_won", "Is closed won"), _time("hs_closed_won_date", "Won on", read_only=True),
        _time("createdate", "Created", read_only=True),
        _time("hs_lastmodifieddate", "Changed", read_only=True), _number("hs_object_id", "Id"),
    ]  # fmt: skip


def _tickets() -> list[Definition]:
    return [
        _text("subject", "Ticket name"), _text("hs_pipeline", "Pipeline"),
        _text("hs_pipeline_stage", "Status"),
        _time("closed_date", "Close date"), _time("hs_lastclosedate", "Last closed", read_only=True),
        _time("createdate", "Created", read_only=True),
        _time("hs_lastmodifieddate", "Changed", read_only=True), _number("hs_object_id", "Id"),
    ]  # fmt: skip
