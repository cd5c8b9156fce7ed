"""A fresh database for every test, on SQLite and on PostgreSQL.

A test that asks for `database_url` runs twice. Migrating takes longer than most tests, so one
database per kind is migrated; SQLite's is copied, PostgreSQL's lent and wiped. Both are careless of power cuts.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from plugin import engines
from tests.support.lent_postgresql import Lent
from tests.support.shared_postgresql import Shared
from tools.postgres import Cluster

BOTH = [
    pytest.param("sqlite", marks=pytest.mark.sqlite),
    pytest.param("postgresql", marks=pytest.mark.postgresql),
]
SHARED = pytest.StashKey[Shared]()
CAREFUL = engines._PRAGMAS
engines._PRAGMAS = (*CAREFUL, "synchronous=OFF")


def pytest_configure(config: pytest.Config) -> None:
    worker = getattr(config, "workerinput", None)
    home = worker["postgresql"] if worker else tempfile.mkdtemp(prefix="gensvar-postgresql-")
    config.stash[SHARED] = Shared(Path(home))


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node) -> None:
    """Tells a test process of pytest-xdist where the server of this run lives."""
    node.workerinput["postgresql"] = str(node.config.stash[SHARED].home)


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        config.stash[SHARED].remove()


@pytest.fixture(scope="session")
def postgresql(pytestconfig: pytest.Config) -> Cluster:
    """The PostgreSQL of this test run. It is careless of power cuts; a test that pulls the plug
    starts one of its own with `tools.postgres.cluster()`."""
    return pytestconfig.stash[SHARED].server()


@pytest.fixture(scope="session")
def postgresql_template(pytestconfig: pytest.Config, postgresql: Cluster) -> str:
    return pytestconfig.stash[SHARED].template()


@pytest.fixture(scope="session")
def lent_postgresql(postgresql: Cluster, postgresql_template: str) -> Iterator[Lent]:
    with closing(Lent(postgresql, postgresql_template)) as lent:
        yield lent


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from plugin.revisions import migrate

    path = tmp_path_factory.mktemp("template") / "migrated.db"
    migrate(f"sqlite:///{path}")
    assert not path.with_name(f"{path.name}-wal").exists()
    return path


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database at the newest migration."""
    if request.param == "sqlite":
        template = request.getfixturevalue("sqlite_template")
        yield copied(template, tmp_path / "gensvar.db")
    else:
        with request.getfixturevalue("lent_postgresql").borrowed() as url:
            yield url


@pytest.fixture(params=BOTH)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database with nothing in it."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
    else:
        with request.getfixturevalue("postgresql").database() as url:
            yield url


def copied(template: Path, path: Path) -> str:
    """Nobody has the template open, so all of it stands in its file."""
    shutil.copy(template, path)
    return f"sqlite:///{path}"
