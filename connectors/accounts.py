"""Which account of a CRM we speak to, as whom, and what its set-up came to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Client:
    """The OAuth client an installation was made with; ``host`` is where people sign in (authorize) and, with
    Salesforce, where tokens are refreshed and revoked."""

    id: str
    secret: str = field(repr=False)
    host: str = ""


@dataclass(frozen=True, slots=True)
class Connection:
    """Which account a connector talks to, and what was found out about it at install.

    ``api_url`` has no trailing slash. ``loopback`` allows plain http and loopback hosts (demo and tests only).
    ``capabilities`` is what ``Connector.apply`` recorded, for example ``{"task_key": "unique"}``.
    ``client`` is the OAuth client the account was connected with, ``None`` for a ready token.
    """

    crm: str
    account_id: str
    api_url: str
    api_version: str
    loopback: bool = False
    capabilities: Mapping[str, str] = field(default_factory=dict)
    client: Client | None = None


@dataclass(frozen=True, slots=True)
class Grant:
    """What a token endpoint gave. ``expires_at`` is ``None`` where the CRM does not say (Salesforce);
    ``refresh_token`` is ``None`` where it did not change or none was given."""

    access_token: str = field(repr=False)
    refresh_token: str | None = field(repr=False)
    expires_at: datetime | None
    account_id: str
    user_id: str
    api_url: str
    scopes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Account:
    """The account as its owner knows it. ``ui_url`` is the root of links to records."""

    id: str
    name: str
    ui_url: str
    user_id: str = ""
    user_name: str = ""
    scopes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that differs between manifest and CRM, or is missing to work, and what to do about it."""

    code: str
    what: str
    do: str
    fatal: bool = True


@dataclass(frozen=True, slots=True)
class Step:
    """One line of an install plan: what would be made, changed or granted."""

    action: str
    what: str


@dataclass(frozen=True, slots=True)
class Setup:
    """How far an install has come. ``state`` is the connector's own resumable mark (a deploy's id), kept by us
    between calls; ``done`` ends it and ``capabilities`` is then what was found out."""

    done: bool
    state: str = ""
    capabilities: Mapping[str, str] = field(default_factory=dict)
    words: str = ""
