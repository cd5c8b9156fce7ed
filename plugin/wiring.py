"""What web, worker and commands share, with the doors between rooms plugged in. The web itself is not loaded for it."""

from plugin.clock import Clock
from plugin.config import Settings
from plugin.crm.directory import CrmDirectory
from plugin.crm.watching import CrmSource
from plugin.db import Database
from plugin.overview import doors
from plugin.sealing import Sealer
from plugin.services import Services


def build_services(settings: Settings, clock: Clock | None = None) -> Services:
    """The database is expected to be migrated."""
    shared = Services(
        settings=settings,
        database=Database(settings.database_url),
        clock=clock or Clock(settings.time_scale),
        sealer=Sealer(settings.encryption_keys),
    )
    shared.directory = CrmDirectory(shared)
    shared.source = CrmSource(shared.directory)
    doors.plug_in(shared)
    return shared
