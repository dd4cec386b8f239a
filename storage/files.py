"""SQLite files: what can be one, and copying one that is in use."""

import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from bot import errors
from storage import database

PRIVATE = 0o600
"""The rights of a new file: it holds personal data."""
PATIENCE = 10.0
"""How many seconds work on the whole file waits for another process."""

Progress = Callable[[int, int, int], None]
"""What `sqlite3.Connection.backup` calls after each step: with the result code, the pages that remain, and all of them."""


def check(file: Path) -> None:
    """Whether a database can be kept there. Raises ConfigError or StoreReadOnly, naming the path."""
    try:
        if file.is_dir():
            raise errors.ConfigError(f"database: {file} is a folder. Name a file in it: sqlite:///{file / 'coalition.db'}")
        if not file.parent.is_dir():
            raise errors.ConfigError(f"database: the folder {file.parent} does not exist. Make it, or name a file elsewhere.")
        if file.exists() and not file.is_file():
            raise errors.ConfigError(f"database: {file} is not a file. Name another one.")
    except (OSError, ValueError) as error:
        raise errors.ConfigError(f"database: {file} cannot be used ({getattr(error, 'strerror', error)}). Name another file.") from error
    for path in (file.parent, file):
        if path.exists() and not os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids):
            raise errors.StoreReadOnly(f"{path} cannot be written. Make it writable for this user, or name another database.")


def prepare(file: Path) -> None:
    """Make an empty file where there is none, for its owner alone. Raises ConfigError or StoreReadOnly."""
    check(file)
    try:
        file.touch(PRIVATE)
    except OSError as error:
        raise errors.StoreReadOnly(f"{file} cannot be made ({error.strerror}). Make its folder writable for this user.") from error


def write_ahead(file: Path) -> None:
    """Let readers and the one writer not wait for each other; a file stays so once it was told. Raises StoreError."""
    until = time.monotonic() + PATIENCE
    with database.translated(), closing(sqlite3.connect(file)) as connection:
        while not _told_to_write_ahead(connection):
            if time.monotonic() > until:
                raise errors.StoreBusy("Another process keeps the database. Nothing was changed; try again later.")
            time.sleep(0.01)


def _told_to_write_ahead(connection: sqlite3.Connection) -> bool:
    try:
        connection.execute("PRAGMA journal_mode = WAL")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise
        return False  # SQLite's own waiting does not cover this statement.
    return True


def beside(file: Path, what: str, now: datetime) -> Path:
    """A name for a copy beside the file: `coalition-backup-20261121T120000Z.db`."""
    return file.with_name(f"{file.stem}-{what}-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}{file.suffix}")


def copy(source: Path, target: Path) -> None:
    """Copy a database as it is at one moment, while others write to it. The target is there whole, or not at all."""
    partial = target.with_name(f"{target.name}.partial")
    partial.unlink(missing_ok=True)
    try:
        partial.touch(PRIVATE)
        with database.translated(), closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(partial)) as kept:
            live.backup(kept, progress=waiting())
            kept.execute("PRAGMA journal_mode = DELETE")  # One file, also where it can only be read.
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def pour(source: Path, target: Path, *, before: Callable[[], None]) -> None:
    """Put the content of one database into another that is in use; those who use it see the old or the new, nothing between.

    `before` is called when nobody else can write to the target any more, and before anything of it is changed.
    """
    wait = waiting()
    called = False

    def progress(status: int, remaining: int, total: int) -> None:
        nonlocal called
        wait(status, remaining, total)
        if not called and status == sqlite3.SQLITE_OK:
            called = True
            before()

    with database.translated(), closing(sqlite3.connect(source)) as new, closing(sqlite3.connect(target)) as live:
        new.backup(live, pages=1, progress=progress)  # The first page takes the lock; all appear with the last.


def waiting() -> Progress:
    """Raises StoreBusy when another process keeps the lock for longer than our patience: SQLite's own copying waits for ever."""
    until = time.monotonic() + PATIENCE

    def progress(status: int, remaining: int, total: int) -> None:
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) and time.monotonic() > until:
            raise errors.StoreBusy("Another process is writing to the database all the time. Nothing was changed; try again later.")

    return progress
