"""The demo's settings, as its own processes and other commands beside it get them."""

import os
from collections.abc import Mapping
from pathlib import Path
from shlex import quote

from plugin import config
from plugin.config import PREFIX, Settings
from plugin.operate.demo.folder import FOLDER
from plugin.operate.demo.ports import Ports
from plugin.operate.sandbox import Sandboxes, environment

KEPT = ("GENSVAR_TIME_SCALE",)  # of the user's own settings: how fast the demo's days pass
FILES = {
    "SIGNING_KEYS_FILE": "signing-keys",
    "ENCRYPTION_KEYS_FILE": "encryption-keys",
    "ADMIN_TOKEN_FILE": "admin-token",
}


def variables(ports: Ports, running: Sandboxes) -> dict[str, str]:
    """Everything that differs from the defaults, without the keys."""
    return {
        "GENSVAR_ENV": "demo",
        "GENSVAR_BASE_URL": ports.url("Gensvar"),
        "GENSVAR_DATABASE_URL": f"sqlite:///{FOLDER.resolve() / 'gensvar.db'}",
        "GENSVAR_ALLOWED_ORIGINS": ports.url("host page"),
        "GENSVAR_MAIL_FROM": "Nordlys <nps@nordlys.example>",
        "GENSVAR_MAIL_REPLY_TO": "care@nordlys.example",
        **{name: os.environ[name] for name in KEPT if name in os.environ},
        **environment(running),
    }


def load(given: Mapping[str, str]) -> Settings:
    """Checked, with keys made into the demo's own folder."""
    return config.load(given, instance=FOLDER)


def with_keys(given: Mapping[str, str]) -> dict[str, str]:
    """*given* with the files in which ``load`` keeps the keys: for processes of their own."""
    folder = FOLDER.resolve()
    return {**given, **{PREFIX + name: str(folder / file) for name, file in FILES.items()}}


def for_child(given: Mapping[str, str]) -> dict[str, str]:
    """This process's environment, with the demo's settings in place of the user's own."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    return {**inherited, **with_keys(given)}


def write_environment(given: Mapping[str, str]) -> Path:
    """A file to read into a shell, so that every other command works on the demo."""
    path = FOLDER / "environment"
    lines = [f"export {name}={quote(value)}" for name, value in with_keys(given).items()]
    config.write_secret(path, "\n".join(lines))
    return path
