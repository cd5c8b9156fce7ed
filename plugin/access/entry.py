"""Coming in and going out: the token, one-time links, passwords and passkeys, each one transaction."""

import hmac
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from plugin.access import administrators, limits, passkeys, passwords, sessions, ways_in
from plugin.access.audit import audit
from plugin.access.passkeys import NewPasskey
from plugin.access.rules import FIRST_STEP, Who, hashed, password_error, plain
from plugin.access.ways_in import WayIn
from plugin.db import new_id
from plugin.errors import Problem
from plugin.services import Services

WRONG = "That did not work. Check what you typed and try again."
LINK_USED = "This link was used already, has expired or was withdrawn. Ask for a new one."


@dataclass(frozen=True, slots=True)
class Newcomer:
    """What somebody behind a one-time link gives us: a name, and a password or a passkey."""

    name: str
    password: str = ""
    passkey: NewPasskey | None = None
    id: str = ""  # the one the passkey was made for


def open_with_token(services: Services, token: str, address: str) -> str:
    """The administrator's token leads to the first set-up, as long as nobody was set up."""
    limits.take(services, address)
    right = hmac.compare_digest(hashed(token.strip()), hashed(services.settings.admin_token))
    with services.database.write() as connection:
        if not right or administrators.there_are(connection):
            raise Problem("field_invalid", fields={"token": WRONG})
        limits.forgive(connection, services, address)
        return ways_in.make(connection, services.clock, "first", FIRST_STEP, Who("token", "Token"))


def sign_in(services: Services, name: str, password: str, address: str, device: str) -> str:
    """A new session's secret; raises ``Problem``: ``field_invalid`` or ``rate_limited``."""
    limits.take(services, address)
    with services.database.read() as connection:
        found = administrators.by_name(connection, name)
    if not passwords.matches(password, found.password_hash if found else None) or found is None:
        raise Problem("field_invalid", fields={"name": WRONG})
    with services.database.write() as connection:
        if passwords.outdated(found.password_hash or ""):
            administrators.set_password(connection, found.id, passwords.hash_of(password))
        return _enter(connection, services, found.who, "password", device, address)


def sign_in_with_passkey(
    services: Services, ceremony: str, answer: str, address: str, device: str
) -> str:
    """A new session's secret; raises ``Problem``: ``field_invalid`` or ``rate_limited``."""
    limits.take(services, address, total=False)
    used = passkeys.signed(services, ceremony, answer)
    with services.database.write() as connection:
        found = administrators.get(connection, used.administrator)
        return _enter(connection, services, found.who, "passkey", device, address)


def sign_out(services: Services, session: sessions.Session) -> None:
    with services.database.write() as connection:
        sessions.end(connection, session.administrator, session.id)
        audit(connection, session.who, "signed out", session.device)


def look_at(services: Services, secret: str) -> WayIn:
    """The one-time link; raises ``Problem("link_invalid")``. Looking does not use it up."""
    with services.database.read() as connection:
        found = ways_in.find(connection, services.clock, secret)
        if found is None or (found.kind == "first" and administrators.there_are(connection)):
            raise Problem("link_invalid", LINK_USED)
    return found


def count_visit(services: Services, address: str) -> None:
    """Asking for a passkey's challenge writes a row, so it counts; raises ``Problem``."""
    limits.take(services, address, total=False)


def check_name(services: Services, typed: str) -> str:
    """The name as it will be kept; raises ``Problem("field_invalid")``."""
    with services.database.read() as connection:
        return administrators.checked_name(connection, typed)


def check_newcomer(services: Services, newcomer: Newcomer) -> str:
    """The name as it will be kept; raises ``Problem("field_invalid")`` with all that is wrong."""
    errors: dict[str, str] = {}
    try:
        check_name(services, newcomer.name)
    except Problem as problem:
        errors |= problem.fields
    if newcomer.passkey is None and (wrong := password_error(newcomer.password, newcomer.name)):
        errors["password"] = wrong
    if errors:
        raise Problem("field_invalid", fields=errors)
    return plain(newcomer.name)


def welcome(services: Services, secret: str, newcomer: Newcomer, device: str) -> str:
    """Uses a one-time link up for a new administrator; returns her session's secret.

    Raises ``Problem``: ``field_invalid`` (the link stays good) or ``link_invalid``.
    """
    name = check_newcomer(services, newcomer)
    hash_ = passwords.hash_of(newcomer.password) if newcomer.password else None
    with services.database.write() as connection:
        link = _used(connection, services, secret)
        name = administrators.checked_name(connection, name)
        who = administrators.add(
            connection, newcomer.id or new_id(), name, hash_, services.clock.now()
        )
        if newcomer.passkey is not None:
            passkeys.keep(connection, newcomer.passkey, who.id, "Passkey", services.clock.now())
        audit(connection, who, "became", "an administrator", _how(link))
        way = "password" if hash_ else "passkey"
        return sessions.start(connection, services.clock, who.id, way=way, device=device)


def rescue(services: Services, secret: str, administrator: str, password: str, device: str) -> str:
    """Uses a way in for an administrator there is, with a new password; her other sessions end."""
    with services.database.write() as connection:
        found = administrators.find(connection, administrator)
        if found is None:
            raise Problem("field_invalid", fields={"administrator": "Choose who you are."})
        administrators.checked_password(password, found.name)
        link = ways_in.use(connection, services.clock, secret)
        if link is None or link.kind != "rescue":
            raise Problem("link_invalid", LINK_USED)
        administrators.set_password(connection, found.id, passwords.hash_of(password))
        sessions.end_others(connection, found.id)
        audit(connection, found.who, "set a new password", "", "with a one-time way in")
        return sessions.start(connection, services.clock, found.id, way="link", device=device)


def _enter(
    connection: Connection, services: Services, who: Who, way: str, device: str, address: str
) -> str:
    limits.forgive(connection, services, address)
    audit(connection, who, "signed in", "", f"with a {way}, {device}")
    return sessions.start(connection, services.clock, who.id, way=way, device=device)


def _used(connection: Connection, services: Services, secret: str) -> WayIn:
    link = ways_in.use(connection, services.clock, secret)
    if link is None or (link.kind == "first" and administrators.there_are(connection)):
        raise Problem("link_invalid", LINK_USED)
    return link


def _how(link: WayIn) -> str:
    return {
        "first": "the first one, with the administrator's token",
        "invitation": f"invited by {link.made_by} for {link.note}",
        "rescue": "with a one-time way in from the command line",
    }[link.kind]
