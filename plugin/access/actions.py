"""What administrators do with each other and with themselves: one function per verb, all audited."""

from plugin.access import administrators, limits, passkeys, passwords, sessions, ways_in
from plugin.access.audit import audit
from plugin.access.passkeys import NewPasskey
from plugin.access.rules import CLI, INVITATION, NAME_LENGTH, Who, plain
from plugin.errors import Problem
from plugin.mailboxes import is_address
from plugin.services import Services


def invite(services: Services, who: Who, note: str) -> str:
    """The secret of a link that makes one more administrator, for 48 hours."""
    note = plain(note)[:NAME_LENGTH]
    if not note:
        raise Problem("field_invalid", fields={"note": "Say whom the invitation is for."})
    with services.database.write() as connection:
        audit(connection, who, "invited", note)
        return ways_in.make(connection, services.clock, "invitation", INVITATION, who, note)


def withdraw(services: Services, who: Who, invitation: str) -> None:
    with services.database.write() as connection:
        if gone := ways_in.withdraw(connection, invitation):
            audit(connection, who, "withdrew", f"the invitation for {gone.note}")


def admin_link(services: Services) -> str:
    """The address of a one-time way in for whoever has the command line, for 48 hours."""
    with services.database.write() as connection:
        audit(connection, CLI, "made", "a one-time way in")
        secret = ways_in.make(connection, services.clock, "rescue", INVITATION, CLI)
    return welcome_address(services, secret)


def welcome_address(services: Services, secret: str) -> str:
    return f"{services.settings.address()}/admin/welcome/{secret}"


def remove(services: Services, who: Who, administrator: str) -> None:
    """Takes an administrator's access away at once; raises ``Problem``: never the last one."""
    with services.database.write() as connection:
        found = administrators.get(connection, administrator)
        if not administrators.remove_unless_last(connection, administrator):
            raise Problem("forbidden", "The last administrator stays. Invite somebody else first.")
        audit(connection, who, "removed", f"administrator {found.name}")


def rename(services: Services, who: Who, typed: str) -> None:
    with services.database.write() as connection:
        name = administrators.checked_name(connection, typed, keep=who.id)
        if name != who.name:
            administrators.rename(connection, who.id, name)
            audit(connection, who, "took the name", name)


def set_email(services: Services, who: Who, typed: str) -> None:
    """Where alerts go; an empty one stops them. Raises ``Problem("field_invalid")``."""
    email = typed.strip()
    if email and not is_address(email):
        raise Problem("field_invalid", fields={"email": "Write it like anna@example.com."})
    with services.database.write() as connection:
        administrators.set_email(connection, who.id, email)
        audit(connection, who, "set" if email else "took away", "an e-mail address for alerts")


def change_password(
    services: Services, session: sessions.Session, current: str, password: str, address: str
) -> None:
    """Sets a password and ends the other sessions; raises ``Problem("field_invalid")``."""
    limits.take(services, address, total=False)
    with services.database.read() as connection:
        found = administrators.get(connection, session.administrator)
    if found.password_hash and not passwords.matches(current, found.password_hash):
        raise Problem("field_invalid", fields={"current": "This is not your password."})
    administrators.checked_password(password, found.name)
    hash_ = passwords.hash_of(password)
    with services.database.write() as connection:
        limits.forgive_address(connection, services, address)
        administrators.set_password(connection, found.id, hash_)
        sessions.end_others(connection, found.id, keep=session.id)
        audit(connection, session.who, "set", "a new password")


def end_session(services: Services, who: Who, session_id: str) -> None:
    with services.database.write() as connection:
        if sessions.end(connection, who.id, session_id):
            audit(connection, who, "ended", "another session")


def end_other_sessions(services: Services, session: sessions.Session) -> int:
    with services.database.write() as connection:
        ended = sessions.end_others(connection, session.administrator, keep=session.id)
        if ended:
            audit(connection, session.who, "ended", f"{ended} other sessions")
    return ended


def add_passkey(services: Services, who: Who, new: NewPasskey, name: str) -> None:
    name = plain(name)[:NAME_LENGTH] or "Passkey"
    with services.database.write() as connection:
        passkeys.keep(connection, new, who.id, name, services.clock.now())
        audit(connection, who, "added", f"passkey {name}")


def remove_passkey(services: Services, who: Who, passkey_id: str) -> None:
    """Raises ``Problem("forbidden")`` when it is the only way left to sign in."""
    with services.database.write() as connection:
        found = administrators.get(connection, who.id)
        if not found.password_hash and found.passkeys < 2:
            raise Problem(
                "forbidden", "It is your only way to sign in. Set a password or add another first."
            )
        if name := passkeys.remove(connection, who.id, passkey_id):
            audit(connection, who, "removed", f"passkey {name}")
