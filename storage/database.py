"""One door to the database: engines, transactions and what their failures mean in a sentence."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Engine, Table, create_engine, event
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from bot import errors

T = TypeVar("T")
BUSY_SECONDS = 1.5
"""How long a transaction waits for another one that writes before the asker is told to try again."""
CONNECT_SECONDS = 10
"""How long a PostgreSQL server may take to answer at all."""
WRITERS = 1
"""The first half of the advisory locks by which the writers of one coalition on PostgreSQL wait for each other."""
CHUNK = 500
"""Items of one statement: far below the variables that a statement may have on every database."""
EXAMPLES = "Write sqlite:///coalition.db or postgresql://user@host/name"


def database_url(text: str | URL) -> URL:
    """Read a SQLAlchemy URL of a database we can use. Raises ConfigError; the text may hold a password, so it is not repeated."""
    try:
        url = make_url(text)
        backend = url.get_backend_name()
    except (ArgumentError, ValueError):
        raise errors.ConfigError(f"database: not a database URL. {EXAMPLES}") from None
    if backend == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    if backend != "sqlite":
        raise errors.ConfigError(f"database: {backend} is not supported. {EXAMPLES}")
    if not url.database or url.database == ":memory:" or "mode=memory" in str(url):
        raise errors.ConfigError("database: an in-memory SQLite database forgets everything. Name a file: sqlite:///coalition.db")
    if url.database.startswith("file:") or url.query:
        raise errors.ConfigError("database: name a plain file, without options: sqlite:///coalition.db")
    return url.set(drivername="sqlite")


def shown_url(text: str | URL) -> str:
    """A database URL as people may see it: without its password, wherever it stands."""
    return database_url(text).difference_update_query(["password"]).render_as_string(hide_password=True)


def is_sqlite(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"


def file_of(url: URL) -> Path:
    """The file of an SQLite URL."""
    return Path(url.database or "")


def url_of(file: Path) -> URL:
    """The URL of an SQLite file."""
    return URL.create("sqlite", database=str(file))


def open_engine(url: URL, *, quick: bool = False) -> Engine:
    """An engine with our settings, which logs no values; nothing is connected yet. Raises ConfigError without the driver for it.

    `quick`: each statement is a transaction of its own that does not wait for the disk. What it wrote is there for everybody at once and
    survives a killed process; when the whole machine goes down the last of it may be lost.
    """
    options: dict[str, Any] = {"isolation_level": "AUTOCOMMIT"} if quick else {}
    try:
        if is_sqlite(url):
            engine = create_engine(url, hide_parameters=True, connect_args={"timeout": BUSY_SECONDS}, **options)
        else:
            connect = {"connect_timeout": CONNECT_SECONDS}
            engine = create_engine(url, hide_parameters=True, pool_pre_ping=True, connect_args=connect, **options)
    except (NoSuchModuleError, ModuleNotFoundError):
        raise errors.ConfigError("database: the PostgreSQL driver is missing. Run: pip install 'coalition-bot[postgresql]'") from None
    event.listen(engine, "connect", _prepare_sqlite if is_sqlite(url) else _prepare_postgresql)
    if quick:
        event.listen(engine, "connect", _hurry_sqlite if is_sqlite(url) else _hurry_postgresql)
    elif is_sqlite(url):
        event.listen(engine, "begin", _begin)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # The driver must not begin by itself: `_begin` says how.
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")  # What a member has forgotten must not stand on in the file's free pages.
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA cache_size = -16000")


def _prepare_postgresql(connection: Any, _record: object) -> None:
    connection.execute(f"SET lock_timeout = {int(BUSY_SECONDS * 1000)}")
    connection.execute("SET random_page_cost = 1.1")  # At 4, for disks that turn, the planner reads all documents past their index.
    connection.commit()


def _hurry_sqlite(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA synchronous = NORMAL")  # In WAL mode: the disk is waited for at a checkpoint only.


def _hurry_postgresql(connection: Any, _record: object) -> None:
    connection.execute("SET synchronous_commit = off")
    connection.commit()


def _begin(connection: Connection) -> None:
    # A deferred transaction that reads and then writes fails at once when another writes meanwhile.
    begin = "BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN"
    connection.connection.cursor().execute(begin)  # Not by way of SQLAlchemy, whose errors nobody needs here: `translated` knows both.


_READS: dict[str, dict[str, Any]] = {
    "sqlite": {"writes": False},
    "postgresql": {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True},
}
_WRITES: dict[str, dict[str, Any]] = {"sqlite": {"writes": True}, "postgresql": {}}


@contextmanager
def engine_for(url: URL) -> Iterator[Engine]:
    """An engine that is closed after use."""
    engine = open_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def transaction(engine: Engine, *, writes: bool, coalition: int = 0, alone: bool = True) -> Iterator[Connection]:
    """One transaction; what the database refuses becomes an error of ours.

    One that reads sees a single moment and is rolled back. One that writes waits until no other writes for the same
    coalition, on both engines, so what it has read still holds when it writes. Not `alone`: on PostgreSQL several such write side
    by side, and beside one that is alone; each locks the rows that it has claimed.
    """
    options = (_WRITES if writes else _READS)[engine.dialect.name]
    with translated(), engine.connect() as connection, connection.execution_options(**options).begin() as begun:
        if writes and alone and engine.dialect.name == "postgresql":
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(%s, %s)", (WRITERS, coalition))
        yield connection
        if not writes:
            begun.rollback()


def in_chunks(items: Sequence[T]) -> Iterator[Sequence[T]]:
    """A statement's worth of items at a time."""
    return (items[start : start + CHUNK] for start in range(0, len(items), CHUNK))


def insert_into(dialect: str, table: Table) -> sqlite.Insert:
    """The insert of a dialect (its name), which knows `ON CONFLICT`; it is written the same way in both."""
    if dialect == "sqlite":
        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415 - two megabytes, for nothing on SQLite

    return cast(sqlite.Insert, postgresql.insert(table))


@contextmanager
def translated() -> Iterator[None]:
    """Turn the driver's errors into ours, each with a sentence that says what to do. Values never appear in them."""
    try:
        yield
    except DBAPIError as error:
        raise _broken() if error.connection_invalidated else meaning(error.orig) from error
    except sqlite3.Error as error:
        raise meaning(error) from error


_BUSY = errors.StoreBusy, "The database is locked by another process. Nothing was changed; try again in a moment."
_FULL = errors.StoreFull, "The disk is full, so nothing was changed. Free some space, then try again."
_READ_ONLY = errors.StoreReadOnly, "The database cannot be written. Make the file and its folder writable for this user."
_NOT_GRANTED = errors.StoreReadOnly, "This PostgreSQL user may not use every table, so nothing was changed. Grant it the rights."
_CANNOT_OPEN = errors.StoreReadOnly, "The database file cannot be opened. Check that its folder exists and is writable for this user."
_DAMAGED = errors.StoreDamaged, "The file is damaged or no database of the bot. Restore a backup: coalition restore FILE"
_UNWELL = errors.StoreFull, "The disk refused to read or write, so nothing was changed. Check its space and health."
_TOO_MANY = errors.StoreBusy, "The PostgreSQL server takes no more connections. Nothing was changed; try again in a moment."

_MEANINGS: dict[int | str, tuple[type[errors.StoreError], str]] = {
    sqlite3.SQLITE_BUSY: _BUSY,
    sqlite3.SQLITE_LOCKED: _BUSY,
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_PERM: _READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: _CANNOT_OPEN,
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
    sqlite3.SQLITE_IOERR: _UNWELL,
    "40001": _BUSY,  # serialization failure
    "40P01": _BUSY,  # deadlock
    "55P03": _BUSY,  # lock timeout
    "53100": _FULL,
    "53300": _TOO_MANY,
    "25006": _READ_ONLY,
    "42501": _NOT_GRANTED,
}
"""By SQLite's primary result code, or PostgreSQL's SQLSTATE."""


def meaning(error: BaseException | None) -> errors.StoreError:
    """What an error of a driver means for the person who runs the bot."""
    code = getattr(error, "sqlite_errorcode", None)
    state = getattr(error, "sqlstate", None)
    found = _MEANINGS.get(code & 0xFF if isinstance(code, int) else state or "")
    if found:
        kind, sentence = found
        return kind(sentence)
    if type(error).__name__ == "OperationalError" and code is None and state is None:
        return _unreachable(str(error))
    return errors.StoreError(f"The database refused ({type(error).__name__}), so nothing was changed. Run: coalition check")


def _unreachable(text: str) -> errors.StoreError:
    """Why PostgreSQL was not reached, as far as the server says: its words name users and databases, never a password."""
    _, refused, reason = text.partition("FATAL:")
    why = f"refuses: {reason.strip()}" if refused else "cannot be reached"
    return errors.StoreError(f"The PostgreSQL server {why}. Check that it runs, the database URL and PGPASSWORD.")


def _broken() -> errors.StoreError:
    return errors.StoreError("The connection to PostgreSQL broke. Look whether your change is there before you repeat it.")
