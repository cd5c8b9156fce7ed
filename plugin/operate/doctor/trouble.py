"""What a database that does not answer is taken to suffer from: its own text may name people, ours does not."""

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from plugin.operate.doctor.finding import Finding, bad

_FILE = "See GENSVAR_DATABASE_URL; file and folder must belong to the user who runs Gensvar."
_ADDRESS = "See GENSVAR_DATABASE_URL."
_OWNER = "Let the user in GENSVAR_DATABASE_URL be the one that ran `gensvar migrate`."
_DAMAGED = "Stop Gensvar and put a backup in its place; docs/operating.md says how."
_FULL = "Raise max_connections: every web process and every worker may use up to 30."
# A piece of what PostgreSQL or SQLite says, what that means, and what to do.
_SAID = (
    ("password authentication failed", "It does not take our password.", _ADDRESS),
    ("does not exist", "It knows no such database or user.", _ADDRESS),
    ("permission denied", "This user may not use what is in it.", _OWNER),
    ("too many", "All its connections are in use.", _FULL),
    ("connection slots", "All its connections are in use.", _FULL),
    ("readonly database", "It can be read but not written.", _FILE),
    ("read-only transaction", "It can be read but not written.", _ADDRESS),
    ("unable to open database file", "Its file cannot be opened.", _FILE),
    ("database is locked", "Another program keeps it locked.", "End that program."),
    ("disk is full", "There is no room left on its disk.", "Make room; nothing else is needed."),
    ("not a database", "Its file is no database.", _DAMAGED),
    ("malformed", "Its file is damaged.", _DAMAGED),
)


def trouble(error: SQLAlchemyError) -> Finding:
    said = str(error.orig).lower() if isinstance(error, DBAPIError) else ""
    for piece, words, do in _SAID:
        if piece in said:
            return bad("database", words, do)
    words = f"It does not answer ({type(error).__name__})."
    return bad("database", words, "See that it runs, and that GENSVAR_DATABASE_URL is right.")
