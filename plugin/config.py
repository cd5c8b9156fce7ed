"""Settings: the environment, prefix ``GENSVAR_``. A bad or unknown one stops the start and is named."""

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from plugin import addresses, mailboxes

PREFIX = "GENSVAR_"
MODES = ("production", "demo", "test")
SECRETS = (
    "SIGNING_KEYS", "ENCRYPTION_KEYS", "ADMIN_TOKEN", "DATABASE_URL", "HUBSPOT_CLIENT_SECRET",
    "SALESFORCE_CLIENT_SECRET", "MAIL_URL", "BOUNCE_URL", "METRICS_TOKEN",
)  # fmt: skip


class BadSetting(Exception):
    """A setting that cannot be used; the message names it and says what it should be."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything an installation of Gensvar can be told. Names and defaults: docs/settings.md."""

    env: str = "production"
    database_url: str = field(default="sqlite:///instance/gensvar.db", repr=False)
    base_url: str = ""
    signing_keys: tuple[str, ...] = field(default=(), repr=False)
    encryption_keys: tuple[str, ...] = field(default=(), repr=False)
    admin_token: str = field(default="", repr=False)
    hubspot_client_id: str = ""
    hubspot_client_secret: str = field(default="", repr=False)
    hubspot_api_url: str = "https://api.hubapi.com"
    hubspot_authorize_url: str = "https://app.hubspot.com/oauth/authorize"
    hubspot_api_version: str = ""
    salesforce_client_id: str = ""
    salesforce_client_secret: str = field(default="", repr=False)
    salesforce_login_url: str = "https://login.salesforce.com"
    salesforce_api_version: str = ""
    mail_url: str = field(default="", repr=False)
    mail_from: str = ""
    mail_reply_to: str = ""
    bounce_url: str = field(default="", repr=False)
    allowed_origins: tuple[str, ...] = ()
    trusted_proxies: int = 0
    metrics_token: str = field(default="", repr=False)
    time_scale: float = 1.0
    log_level: str = "info"
    instance: Path = Path("instance")

    @property
    def relaxed(self) -> bool:
        """Demo and tests: loopback CRMs over plain http, keys made on the spot, TIME_SCALE."""
        return self.env != "production"

    @property
    def embedded(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def secure(self) -> bool:
        """Whether customers and administrators reach us over https."""
        return self.base_url.startswith("https://")

    @property
    def sends_mail(self) -> bool:
        """Whether all is set that a mail to customers needs."""
        return bool(self.mail_url and self.mail_from and self.mail_reply_to and self.base_url)

    def address(self) -> str:
        """``BASE_URL``; raises ``BadSetting`` where a link has to be built and there is none."""
        if not self.base_url:
            raise BadSetting(
                "GENSVAR_BASE_URL is not set. It is the public address of this server, for example "
                "https://nps.example.com; every link is built from it."
            )
        return self.base_url


def load(environ: Mapping[str, str] | None = None, **overrides: Any) -> Settings:
    """Reads and checks the environment; raises ``BadSetting``. Makes keys where the mode allows it."""
    return _with_keys(read(environ, **overrides))


def read(environ: Mapping[str, str] | None = None, **overrides: Any) -> Settings:
    """As ``load``, but writes nothing: keys that were not given are missing."""
    given = _given(os.environ if environ is None else environ)
    unknown = sorted(set(given) - set(_READ))
    if unknown:
        raise BadSetting(
            f"Unknown setting {PREFIX}{unknown[0]}. Known: " + ", ".join(PREFIX + n for n in _READ)
        )
    values: dict[str, Any] = {name.lower(): _read(name, text) for name, text in given.items()}
    settings = Settings(**(values | overrides))
    _check_together(settings)
    return settings


def _given(environ: Mapping[str, str]) -> dict[str, str]:
    given: dict[str, str] = {}
    for variable, text in environ.items():
        name = variable.removeprefix(PREFIX)
        if name == variable or (not text and name.removesuffix("_FILE") in _READ):
            continue
        if name.endswith("_FILE") and name.removesuffix("_FILE") in SECRETS:
            name, text = name.removesuffix("_FILE"), _secret_file(variable, text)
        if name in given:
            raise BadSetting(f"{PREFIX}{name} and {PREFIX}{name}_FILE are both set; keep one.")
        given[name] = text
    return given


def _secret_file(variable: str, path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise BadSetting(f"{variable}: {path} cannot be read ({error.strerror}).") from None
    except UnicodeDecodeError:
        raise BadSetting(f"{variable}: {path} is not text.") from None


def _read(name: str, text: str) -> Any:
    try:
        return _READ[name](text.strip())
    except ValueError as error:
        shown = "" if name in SECRETS else f" is {text!r} but"
        raise BadSetting(f"{PREFIX}{name}{shown} must be {error}.") from None


def _plain(text: str) -> str:
    return text


def _one_of(*choices: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in choices:
            raise ValueError("one of " + ", ".join(choices))
        return text

    return read


def _database(text: str) -> str:
    try:
        backend = make_url(text).drivername
    except ArgumentError:
        backend = ""
    if backend not in ("sqlite", "postgresql+psycopg"):
        raise ValueError(
            "sqlite:///path/to/gensvar.db or postgresql+psycopg://user:password@host/name"
        )
    return text


def _keys(text: str) -> tuple[str, ...]:
    keys = tuple(part.strip() for part in text.split(",") if part.strip())
    if not keys or any(len(key.encode()) < 32 for key in keys):
        raise ValueError("keys of at least 32 bytes each, newest first, separated by commas")
    return keys


def _whole(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > 10:
        raise ValueError("a whole number from 0 to 10")
    return int(text)


def _scale(text: str) -> float:
    try:
        scale = float(text)
    except ValueError:
        scale = 0
    if not 1 <= scale <= 1_000_000:
        raise ValueError("a number from 1 to 1000000")
    return scale


def _token(text: str) -> str:
    if len(text) < 16:
        raise ValueError("at least 16 characters")
    return text


def _version(text: str) -> str:
    if not text or not all(c.isdigit() or c in ".-" for c in text):
        raise ValueError("a version like 2026-03 or 66.0")
    return text


_READ: dict[str, Callable[[str], Any]] = {
    "ENV": _one_of(*MODES),
    "DATABASE_URL": _database,
    "BASE_URL": addresses.url,
    "SIGNING_KEYS": _keys,
    "ENCRYPTION_KEYS": _keys,
    "ADMIN_TOKEN": _token,
    "HUBSPOT_CLIENT_ID": _plain,
    "HUBSPOT_CLIENT_SECRET": _plain,
    "HUBSPOT_API_URL": addresses.url,
    "HUBSPOT_AUTHORIZE_URL": addresses.url,
    "HUBSPOT_API_VERSION": _version,
    "SALESFORCE_CLIENT_ID": _plain,
    "SALESFORCE_CLIENT_SECRET": _plain,
    "SALESFORCE_LOGIN_URL": addresses.url,
    "SALESFORCE_API_VERSION": _version,
    "MAIL_URL": mailboxes.smtp_url,
    "MAIL_FROM": mailboxes.sender,
    "MAIL_REPLY_TO": mailboxes.reply_to,
    "BOUNCE_URL": mailboxes.imap_url,
    "ALLOWED_ORIGINS": addresses.origins,
    "TRUSTED_PROXIES": _whole,
    "METRICS_TOKEN": _token,
    "TIME_SCALE": _scale,
    "LOG_LEVEL": _one_of("debug", "info", "warning", "error"),
}


def _check_together(settings: Settings) -> None:
    if not settings.relaxed:
        if settings.time_scale != 1:
            raise BadSetting("GENSVAR_TIME_SCALE works only with GENSVAR_ENV=demo or test.")
        for name in (
            "base_url",
            "hubspot_api_url",
            "hubspot_authorize_url",
            "salesforce_login_url",
        ):
            value = getattr(settings, name)
            if value and not value.startswith("https://"):
                raise BadSetting(
                    f"{PREFIX}{name.upper()} is {value!r} but must be an https address in production."
                )
    if not settings.embedded:
        for name in ("signing_keys", "encryption_keys", "admin_token"):
            if not getattr(settings, name) and not settings.relaxed:
                raise BadSetting(
                    f"{PREFIX}{name.upper()} is required with PostgreSQL: every host must use the same."
                )


def _with_keys(settings: Settings) -> Settings:
    """Keys not given are made once into ``instance/``, readable by this user only."""
    kept = settings.instance
    return replace(
        settings,
        signing_keys=settings.signing_keys or _kept_keys(kept / "signing-keys"),
        encryption_keys=settings.encryption_keys or _kept_keys(kept / "encryption-keys"),
        admin_token=settings.admin_token or _kept(kept / "admin-token"),
    )


def _kept_keys(path: Path) -> tuple[str, ...]:
    text = _kept(path)
    try:
        return _keys(text)
    except ValueError as error:
        raise BadSetting(
            f"{path} is damaged: it must hold {error}. Restore it from a backup."
        ) from None


def _kept(path: Path) -> str:
    if not path.exists():
        write_secret(path, secrets.token_urlsafe(32))
    text = path.read_text(encoding="ascii", errors="ignore").strip()
    if len(text) < 32:
        raise BadSetting(
            f"{path} is damaged: it must hold at least 32 characters. Restore it from a backup."
        )
    return text


def write_secret(path: Path, text: str) -> None:
    """Mode 600 from the first byte; the name appears only once the whole text is on disk."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
