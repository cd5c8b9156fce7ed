"""What a CRM's sandbox must offer so that the list of cases runs over its connector."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, Protocol

from connectors.accounts import Client, Connection
from connectors.protocol import Connector, Crm
from connectors.watching import Watched

What = Literal["answers", "contacts", "tasks", "completions", "tellings"]


@dataclass(frozen=True)
class SeenTask:
    """A task as a rep sees it; ``text`` without markup."""

    id: str
    subject: str
    text: str
    owner_id: str
    due: datetime
    done: bool
    markup: str = ""


@dataclass(frozen=True)
class SeenAnswer:
    id: str
    text: str
    markup: str = ""


@dataclass
class TokenStore:
    """Tokens as the product keeps them: renewed by the harness, which counts how often."""

    current: str
    next: list[str] = field(default_factory=list)
    renewed: int = 0

    def access(self) -> str:
        return self.current

    def renew(self, failed: str) -> str:
        assert failed == self.current, "a token was renewed that was not the one that failed"
        self.renewed += 1
        self.current = self.next.pop(0)
        return self.current


class Fields(Protocol):
    """Contact fields by the labels that people read."""

    def put(self, contact: str, label: str, raw: Any) -> None:
        """*raw* stands there, whatever the CRM would say to it."""
        ...

    def take(self, label: str) -> None:
        """Nobody connected sees the field any more."""
        ...

    def give_back(self, label: str) -> None: ...


class Harness(Protocol):
    """One sandbox account, empty but for what a case puts there."""

    name: str
    crm: Crm
    client: Client
    tokens: TokenStore
    fields: Fields

    @property
    def connection(self) -> Connection: ...

    def connect(self) -> Connector:
        """A connector to the account as it is; not installed yet, or with what install recorded."""
        ...

    def install(self) -> Connector:
        """Run ``apply`` until it is done, and a connector that knows what was recorded."""
        ...

    def installed(self) -> Connector:
        """The same for a case that is about something else: as an earlier one left an account of this kind."""
        ...

    def add_owner(self, name: str, *, active: bool = True) -> str: ...

    def add_company(self, name: str, *, owner_id: str = "") -> str: ...

    def add_contact(
        self, email: str = "", *, owner_id: str = "", company_id: str = "", opted_out: bool = False
    ) -> str: ...

    def merge(self, winner: str, loser: str) -> str:
        """Merge two contacts and say the survivor's id."""
        ...

    def delete(self, contact_id: str) -> None: ...

    def contact_count(self) -> int: ...

    def values(self, contact_id: str) -> Mapping[str, str]:
        """Our fields on a contact, by neutral key; times as ISO 8601 in UTC; without empty ones."""
        ...

    def answers(self, contact_id: str) -> list[SeenAnswer]: ...

    def tasks(self, contact_id: str) -> list[SeenTask]: ...

    def tellings(self, contact_id: str) -> list[SeenAnswer]:
        """What stands on the timeline of what the contact was told; the subject is the first line."""
        ...

    def whole_account(self) -> str:
        """All that stands in any record, in the bin too."""
        ...

    def finish_task(self, task_id: str) -> None: ...

    def reopen_task(self, task_id: str) -> None: ...

    def give_task(self, task_id: str, owner_id: str) -> None:
        """The task becomes another's."""
        ...

    def judge_task(self, task_id: str, cause: str, outcome: str) -> bool:
        """A rep says why and what came of it; ``False`` where the account keeps no such fields."""
        ...

    def delete_task(self, task_id: str) -> None: ...

    def win_deal(self, *contact_ids: str, at: datetime | None = None) -> str:
        """With its first contact as the primary one, where the CRM tells them apart; the record's id."""
        ...

    def close_case(self, contact_id: str, case_id: str = "") -> str:
        """A new one, or *case_id* again; its id."""
        ...

    def reopen_case(self, case_id: str) -> None: ...

    def set_date(self, contact_id: str, day: date) -> None:
        """When the contact's contract is to be renewed."""
        ...

    def make_list(self, name: str, contact_ids: Sequence[str]) -> str:
        """What chooses it."""
        ...

    def forbid(self, what: Watched) -> None:
        """The connected user may no longer read what this needs."""
        ...

    def lose_reply(self, what: What, times: int = 1) -> None:
        """The next writes of this kind are done, but their replies never arrive."""
        ...

    def answer_with(self, what: What, status: int, times: int = 1) -> None:
        """The next writes of this kind are not done; the CRM answers with *status*."""
        ...

    def refuse_calls(self) -> None:
        """The next call is one too many."""
        ...

    def expire(self, *, renewable: bool) -> None:
        """The token in use ends; *renewable*: the store can get another."""
        ...

    def stop(self) -> None:
        """Nobody listens any more."""
        ...

    def calls(self) -> int:
        """How many calls the account has seen."""
        ...

    def approve(self, url: str) -> str:
        """What an administrator does at the authorize address: the redirect's code."""
        ...
