"""Bringing a database to the newest version: in one transaction, so that a crash midway leaves the old one."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import URL, Connection, event, insert

from bot import errors
from storage import database, files, indexing, scheduling, schema
from storage.kinds import KINDS
from storage.migrations import HEAD, version


def upgrade(url: URL, *, to: str = HEAD, before: Callable[[str], object] = lambda _: None) -> str:
    """Migrate, unless another process did so meanwhile; an empty database gets its tables. The version that was found.

    `before` is told that version while nobody else can write, and may refuse. The search and the timetable are made anew
    afterwards: what SQLite rebuilds loses its triggers. Raises StoreError; then nothing was changed.
    """
    with database.engine_for(url) as engine:
        if database.is_sqlite(url):
            event.listen(engine, "connect", _prepare)
        with database.transaction(engine, writes=True) as connection:
            found = version(connection)
            if found < to:
                before(found)
                _migrate(connection, to)
            if found < to == HEAD:
                indexing.rebuild(connection, KINDS)
                scheduling.rebuild(connection)
            if not found:
                connection.execute(insert(schema.deployments).values(id=1, created=datetime.now(UTC)))
            _check_references(connection)
    return found


def _prepare(connection: Any, _record: object) -> None:
    # SQLite rebuilds a table by dropping it, and with foreign keys on the rows that point at it would go too.
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute(f"PRAGMA busy_timeout = {int(files.PATIENCE * 1000)}")  # Another process may be upgrading.


def _migrate(connection: Connection, to: str) -> None:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", "storage:migrations")
    command.upgrade(config, to)


def _check_references(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    broken = {row.table for row in connection.exec_driver_sql("PRAGMA foreign_key_check")}
    if broken:
        raise errors.StoreDamaged(f"References in {', '.join(sorted(broken))} lead nowhere, so nothing was changed. Run: coalition check")
