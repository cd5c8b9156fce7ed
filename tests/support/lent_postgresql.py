"""One PostgreSQL database per test process, lent to one test after the other and wiped in between: making one and
dropping it again takes longer than most tests.

Each borrower has a role of its own, which may no longer connect when the test ends, so that whatever still runs then
cannot write into the next test's rows. A test that changed the tables themselves is followed by a new database.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from tests.support.kept_connections import kept
from tools.postgres import Cluster

NOTE_CHANGES = """
CREATE TABLE as_made.changed ();
CREATE FUNCTION as_made.note() RETURNS event_trigger LANGUAGE plpgsql
    AS 'BEGIN INSERT INTO as_made.changed DEFAULT VALUES; END';
CREATE EVENT TRIGGER note ON ddl_command_end EXECUTE FUNCTION as_made.note();
"""
WIPE = "CREATE FUNCTION as_made.wipe() RETURNS void LANGUAGE plpgsql AS $$ BEGIN {} END $$"
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
OTHERS = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
 WHERE datname = current_database() AND pid <> pg_backend_pid() AND pid <> ALL(%s::int[])
   AND backend_type = 'client backend'
"""


class Lent:
    def __init__(self, server: Cluster, template: str) -> None:
        self._server, self._template = server, template
        self._make()

    @contextmanager
    def borrowed(self) -> Iterator[str]:
        """Its address, for the length of a test."""
        role = sql.Identifier(name := f"test_{uuid4().hex}")
        self._own.execute(sql.SQL("CREATE ROLE {} LOGIN SUPERUSER").format(role))
        try:
            with kept.serving(name):
                yield str(self._url.set(username=name))
        finally:
            self._reconnect_if_cut()
            self._own.execute(sql.SQL("ALTER ROLE {} NOLOGIN").format(role))
            self._own.execute(OTHERS, (kept.processes,))
            if self._changed():
                self.close()
                self._make()
            else:
                self._wipe()

    def close(self) -> None:
        kept.close()
        self._own.close()

    def _make(self) -> None:
        self._url = make_url(self._server.create_database(template=self._template))
        self._connect()
        self._write_down()
        self._own.execute(NOTE_CHANGES)

    def _connect(self) -> None:
        """For it no reference between tables holds, so that they can be wiped in any order."""
        self._own = psycopg.connect(
            host=str(self._url.query["host"]),
            dbname=self._url.database,
            user="postgres",
            options="-c session_replication_role=replica",
            autocommit=True,
        )

    def _reconnect_if_cut(self) -> None:
        """A test may cut every connection to its database."""
        try:
            self._own.execute("SELECT")
        except psycopg.OperationalError:
            self._own.close()
            self._connect()

    def _changed(self) -> bool:
        return self._own.execute("SELECT FROM as_made.changed LIMIT 1").fetchone() is not None

    def _write_down(self) -> None:
        """How every table comes back to the rows it has after migrating: as a function, which is planned once."""
        self._own.execute("CREATE SCHEMA as_made")
        steps = []
        for (name,) in self._own.execute(TABLES).fetchall():
            table, rows = sql.Identifier("public", name), sql.Identifier("as_made", name)
            steps.append(sql.SQL("DELETE FROM {};").format(table))
            if self._own.execute(sql.SQL("SELECT FROM {} LIMIT 1").format(table)).rowcount:
                self._own.execute(sql.SQL("CREATE TABLE {} AS TABLE {}").format(rows, table))
                steps.append(sql.SQL("INSERT INTO {} SELECT * FROM {};").format(table, rows))
        self._own.execute(sql.SQL(WIPE).format(sql.SQL(" ").join(steps)))

    def _wipe(self) -> None:
        self._own.execute("SELECT as_made.wipe()")
