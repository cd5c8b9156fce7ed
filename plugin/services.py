"""What the rooms share in one process: settings, database, clock, keys, and the doors that create_app plugs in."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy.engine import Connection

from plugin.accounts import Accounts, no_accounts
from plugin.clock import Clock
from plugin.config import Settings
from plugin.db import Database
from plugin.deliveries.words import Explain, unexplained
from plugin.sealing import Sealer

if TYPE_CHECKING:
    from plugin.asking.noticing import Notices
    from plugin.messages.timeline import Estimate
    from plugin.people.rules import Directory
    from plugin.triggers.source import Source


@dataclass
class Services:
    """One per process. ``wake`` tells the worker of this process that something is due at once."""

    settings: Settings
    database: Database
    clock: Clock
    sealer: Sealer
    accounts: Accounts = no_accounts  # the installations by name; plugged in by build_services
    # whether somebody was asked at a touchpoint; plugged in by build_services
    was_asked: Callable[[Connection, str], bool] = lambda connection, key: False
    # an installation's time_zone or language, empty where its CRM does not say; plugged in by build_services
    account_says: Callable[[Connection, str, str], str] = lambda connection, installation, what: ""
    # what follows, in its transaction, when a change (by its id) went to another state; plugged in by build_services
    change_moved: Callable[[Connection, str, datetime], None] = lambda connection, change, now: None
    # where a contact's record is in its CRM, empty where nobody knows; plugged in by build_services
    record_of: Callable[[Connection, str, str], str] = lambda connection, installation, contact: ""
    # what goes by a segment to the right of it, in words; plugged in by build_services
    uses_of_segment: Callable[[Connection, str], Sequence[str]] = lambda connection, key: ()
    explain: Explain = unexplained  # what a reason's code means; plugged in by build_services
    notice: "Notices | None" = None  # what waits to be told on a page; plugged in by build_services
    wake: threading.Event = field(default_factory=threading.Event)
    directory: "Directory | None" = (
        None  # looks contacts up in their CRM; plugged in by build_services
    )
    timeline_cost: "Estimate | None" = None  # plugged in by build_services
    source: "Source | None" = (
        None  # reads events and audiences from a CRM; plugged in by build_services
    )


def services() -> Services:
    """The services of the app that serves this request. Who serves none need not load the web."""
    from flask import current_app

    found: Services = current_app.extensions["gensvar"]
    return found
