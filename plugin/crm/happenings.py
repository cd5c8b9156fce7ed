"""What happens to contacts in the CRM without us, and what it means here."""

from sqlalchemy.engine import Connection

from connectors.changes import ContactEvent, Happened
from plugin.clock import Clock
from plugin.crm.erasing import erase_person
from plugin.crm.merging import merge
from plugin.people import actions as people


def happened(connection: Connection, clock: Clock, installation: str, event: ContactEvent) -> None:
    """Records *event* and owes what follows from it. Events may come in any order and more than once; one of a
    contact that nobody here ever heard of changes nothing, but for its erasure."""
    now = clock.now()
    if event.happened is Happened.ERASED:
        erase_person(connection, installation, event.contact_id, now, event.at)
        return
    known = people.of_contact(connection, installation, event.contact_id)
    if known is None:
        return
    if event.happened is Happened.MERGED:
        merge(connection, known.id, event.into, event.at, now)
    elif event.happened is Happened.DELETED:
        people.gone(connection, known.id, event.at)
    elif event.happened is Happened.RESTORED:
        people.back(connection, known.id, event.at, now)
        if known.erased_at is not None:  # in the bin nothing could be taken away
            erase_person(connection, installation, event.contact_id, now, known.erased_at)
    else:
        people.aged(connection, people.survivor(connection, known.id).id)
