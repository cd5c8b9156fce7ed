"""A mail to a customer at the moment at which it would leave: everything is looked at once more, and it goes alone."""

from abc import abstractmethod
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy.engine import Row

from plugin.asking.fresh import Flags
from plugin.deliveries.trouble import DATABASE_TROUBLE
from plugin.deliveries.verdicts import Delivery, NotYet, Unsure, Verdict, Void, Wait
from plugin.errors import Problem
from plugin.mail import letters
from plugin.mail.office import Office
from plugin.mail.singly import Singly
from plugin.mail.words import DOUBT
from plugin.services import Services


class AboutHer(Protocol):
    """What a mail is about: ``her`` row of ``person``, and more."""

    @property
    def her(self) -> Row[Any]: ...


Case = TypeVar("Case", bound=AboutHer)


class Leaving(Singly, Generic[Case]):
    def __init__(self, services: Services, office: Office) -> None:
        self._services = services
        self._office = office
        self._flags = Flags(services)

    def _one(self, row: Delivery, within: float) -> Verdict:
        if row.in_doubt:
            return self._doubtful(row)
        ends = self._services.clock.monotonic() + within
        try:
            found = self._wanted(row)
        except DATABASE_TROUBLE:  # nothing was handed over yet
            raise Wait("storage_unavailable") from None
        if isinstance(found, Verdict):
            return found
        to = letters.deliverable(found.her.email)
        if not to:
            return self._stopped(row, found, Void("no_address"))
        return self._send(row, found, to, ends - self._services.clock.monotonic())

    def _wanted(self, row: Delivery) -> Case | Verdict:
        """The case when all speaks for sending it now, else what becomes of the row."""
        found = self._load(row)
        if isinstance(found, Verdict):
            return found
        if self._flags.stale(found.her):
            try:
                self._flags.read(row.lane, found.her)
            except Problem as problem:
                return self._unread(found, problem.code)
            found = self._load(row)
            if isinstance(found, Verdict):
                return found
        verdict = self._stands(found)
        return found if verdict is None else self._stopped(row, found, verdict)

    def _doubtful(self, row: Delivery) -> Verdict:
        """It may have left: nobody knows."""
        return Unsure(DOUBT)

    @abstractmethod
    def _load(self, row: Delivery) -> Case | Verdict:
        """The case as it stands in the database, or what ends it whatever the CRM says."""

    @abstractmethod
    def _unread(self, case: Case, code: str) -> Verdict:
        """The person's flags cannot be read: they count as opted out until they can."""

    @abstractmethod
    def _stands(self, case: Case) -> Void | NotYet | None:
        """What the person's flags say against it."""

    @abstractmethod
    def _stopped(self, row: Delivery, case: Case, verdict: Void | NotYet) -> Verdict:
        """It does not leave now: *verdict* with what follows from it."""

    @abstractmethod
    def _send(self, row: Delivery, case: Case, to: str, within: float) -> Verdict:
        """Writes it and hands it over, in *within* seconds."""


class MailOff(Singly):
    """Any kind of mail in a process that has no mail server: what is owed waits for one that has."""

    def _one(self, row: Delivery, within: float) -> Verdict:
        raise Wait("mail_off")
