"""One door to the database: engines, transactions and what their failures mean in a sentence."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from bot import errors

BUSY_SECONDS = 1.5
"""How long a transaction waits for SQLite's one writer before the asker is told to try again."""


def database_url(text: str) -> URL:
    """Read a SQLAlchemy URL of a database we can use. Raises ConfigError."""
    try:
        url = make_url(text)
        backend = url.get_backend_name()
    except (ArgumentError, ValueError):
        raise errors.ConfigError("database: not a database URL. Write sqlite:///coalition.db or postgresql://user@host/name") from None
    if backend == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    if backend != "sqlite":
        raise errors.ConfigError(f"database: {backend} is not supported. Write sqlite:///coalition.db or postgresql://user@host/name")
    if not url.database or url.database == ":memory:" or "mode=memory" in str(url):
        raise errors.ConfigError("database: an in-memory SQLite database forgets everything. Name a file: sqlite:///coalition.db")
    return url


def shown_url(text: str) -> str:
    """A database URL as people may see it: without its password."""
    return database_url(text).render_as_string(hide_password=True)


def open_engine(url: URL) -> Engine:
    """An engine with our settings; nothing is connected yet."""
    try:
        if url.get_backend_name() != "sqlite":
            return create_engine(url, pool_pre_ping=True)
        engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS})
    except (NoSuchModuleError, ModuleNotFoundError):
        raise errors.ConfigError("database: the PostgreSQL driver is missing. Run: pip install 'coalition-bot[postgresql]'") from None
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # The driver must not begin by itself: `_begin` says how.
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.close()


def _begin(connection: Connection) -> None:
    # A deferred transaction that reads and then writes fails at once when another writes meanwhile.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN")


@contextmanager
def transaction(engine: Engine, *, writes: bool, snapshot: bool = False) -> Iterator[Connection]:
    """One transaction; what the database refuses becomes an error of ours. One that only reads is rolled back.

    `snapshot`: all its statements see the store as it was at one instant, as on SQLite they always do.
    """
    options = {"isolation_level": "REPEATABLE READ"} if snapshot and engine.name == "postgresql" else {}
    with translated(), engine.connect() as connection, connection.execution_options(writes=writes, **options).begin() as begun:
        yield connection
        if not writes:
            begun.rollback()


@contextmanager
def translated() -> Iterator[None]:
    """Turn the driver's errors into ours, each with a sentence that says what to do. Values never appear in them."""
    try:
        yield
    except DBAPIError as error:
        raise meaning(error.orig) from error
    except sqlite3.Error as error:
        raise meaning(error) from error


def meaning(error: BaseException | None) -> errors.StoreError:
    """What an error of a driver means for the person who runs the bot."""
    code = getattr(error, "sqlite_errorcode", None)
    primary = code & 0xFF if isinstance(code, int) else None
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return errors.StoreBusy("The database is locked by another process. Nothing was changed; try again in a moment.")
    if primary == sqlite3.SQLITE_FULL:
        return errors.StoreFull("The disk is full, so nothing was changed. Free some space, then try again.")
    if primary in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM):
        return errors.StoreReadOnly("The database cannot be written. Make the file and its folder writable for this user.")
    if primary == sqlite3.SQLITE_CANTOPEN:
        return errors.StoreReadOnly("The database file cannot be opened. Check that its folder exists and is writable for this user.")
    if primary in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return errors.StoreDamaged("The file is damaged or no database of the bot. Restore a backup: coalition restore FILE")
    if primary == sqlite3.SQLITE_IOERR:
        return errors.StoreFull("The disk refused to read or write, so nothing was changed. Check its space and health.")
    return errors.StoreError(f"The database refused ({type(error).__name__}), so nothing was changed. Run: coalition check")
