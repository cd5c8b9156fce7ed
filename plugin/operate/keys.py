"""``gensvar keys rotate``: a new key first, the old ones after it, and nothing made with them is lost."""

import argparse
import os
import secrets
from pathlib import Path

from plugin import config
from plugin.command import WrongUse, opened, show
from plugin.config import PREFIX, Settings, write_secret
from plugin.crm.seals import reseal
from plugin.sealing import SealBroken, Sealer
from plugin.services import Services

RESTART = (
    "Restart every running process with the new keys now: what the new key makes, a process that "
    "does not have it cannot open."
)
OLD_KEYS = {
    "signing": "The old keys stay in the list: links made with them live up to 60 days.",
    "encryption": "The old keys stay in the list: earlier backups need them.",
}


class NotSealedByUs(config.BadSetting):
    """Something stored opens with none of the keys, so it could not be sealed again."""


def rotate(args: argparse.Namespace) -> int:
    """Writes the new key list; with encryption keys, seals again what is stored."""
    settings = config.load()
    target = _target(settings, args.which, args.out)
    keys = (secrets.token_urlsafe(32), *getattr(settings, f"{args.which}_keys"))
    with opened(settings) as shared:
        write_secret(target, ",".join(keys))  # first: what is sealed below must never lack its key
        resealed = _reseal(shared, keys) if args.which == "encryption" else 0
    document = {
        "rotated": args.which,
        "file": str(target),
        "keys": len(keys),
        "resealed_installations": resealed,
        "next": _next(settings, args.which, target),
    }
    show(args, document, _lines(document))
    return 0


def _target(settings: Settings, which: str, out: str | None) -> Path:
    """Where the new list goes. Raises ``WrongUse``."""
    if out is None:
        if given := _given(which):
            raise WrongUse(
                f"The {which} keys come from {given} in the environment, which this command cannot "
                "change. Name a file for the new list with --out, then give it to "
                f"{PREFIX}{which.upper()}_KEYS_FILE."
            )
        return settings.instance / f"{which}-keys"
    target = Path(out)
    if target.exists() and not _holds(target, getattr(settings, f"{which}_keys")):
        raise WrongUse(
            f"{target} exists and does not hold the {which} keys in use; name a new file."
        )
    return target


def _given(which: str) -> str:
    """The variable that holds the keys, empty when they are kept in ``instance/``."""
    name = f"{PREFIX}{which.upper()}_KEYS"
    return next((one for one in (name, f"{name}_FILE") if os.environ.get(one)), "")


def _holds(path: Path, keys: tuple[str, ...]) -> bool:
    try:
        return path.read_text(encoding="utf-8").strip() == ",".join(keys)
    except (OSError, UnicodeDecodeError):
        return False


def _reseal(shared: Services, keys: tuple[str, ...]) -> int:
    try:
        with shared.database.write() as connection:
            return reseal(connection, Sealer(keys))
    except SealBroken as broken:
        raise NotSealedByUs(
            f"{broken} Nothing was sealed again. The new list was written and can be used; put the "
            "missing old key at its end, or connect that installation again."
        ) from None


def _next(settings: Settings, which: str, target: Path) -> str:
    if target == settings.instance / f"{which}-keys":
        return RESTART
    return f"Give {target} to {PREFIX}{which.upper()}_KEYS_FILE. {RESTART}"


def _lines(document: dict[str, object]) -> list[str]:
    which = str(document["rotated"])
    resealed = (
        [f"Stored tokens sealed again: {document['resealed_installations']} installations."]
        if which == "encryption"
        else []
    )
    return [
        f"{document['file']} now holds {document['keys']} {which} keys, the newest first.",
        *resealed,
        OLD_KEYS[which],
        str(document["next"]),
    ]
