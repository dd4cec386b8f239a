"""What is wrong with a database: its file, its references, and what is derived from its records."""

from datetime import datetime

from sqlalchemy import URL, Connection, func, select

from storage import database, indexing, scheduling
from storage.kinds import KINDS
from storage.schema import events

SHOWN = 5
"""Further damage of the same kind helps nobody."""


def damage(url: str | URL) -> list[str]:
    """What SQLite finds broken, a phrase each; empty for a sound database. PostgreSQL watches over itself. Raises StoreError."""
    url = database.database_url(url)
    if not database.is_sqlite(url):
        return []
    with database.engine_for(url) as engine, database.transaction(engine, writes=False) as connection:
        return [*_integrity(connection), *_references(connection)]


def stale(url: str | URL) -> list[str]:
    """The ids of records that the search does not know as they are, and the kinds whose words it miscounts. Raises StoreError;
    StoreDamaged when its index is broken."""
    url = database.database_url(url)
    with database.engine_for(url) as engine:
        if database.is_sqlite(url):
            with database.transaction(engine, writes=True) as connection:
                connection.exec_driver_sql("INSERT INTO search_index (search_index) VALUES ('integrity-check')")
        with database.transaction(engine, writes=False) as connection:
            return indexing.stale(connection, KINDS)


def untimed(url: str | URL) -> list[str]:
    """The ids of reminders that the timetable lacks, or holds in vain. Raises StoreError."""
    with database.engine_for(database.database_url(url)) as engine, database.transaction(engine, writes=False) as connection:
        return scheduling.stale(connection)


def last_answered(url: str | URL, platform: str) -> datetime | None:
    """When something that was asked on a platform was answered last (aware); None while nothing was, or lately. Raises StoreError."""
    latest = select(func.max(events.c.at)).where(events.c.key.startswith(f"{platform}:", autoescape=True))
    with database.engine_for(database.database_url(url)) as engine, database.transaction(engine, writes=False) as connection:
        found: datetime | None = connection.scalar(latest)
        return found


def reindex(url: str | URL) -> None:
    """Make the search and the timetable of reminders anew from the records. Raises StoreError."""
    with database.engine_for(database.database_url(url)) as engine, database.transaction(engine, writes=True) as connection:
        indexing.rebuild(connection, KINDS)
        scheduling.rebuild(connection)


def _integrity(connection: Connection) -> list[str]:
    found = connection.exec_driver_sql(f"PRAGMA integrity_check({SHOWN})").scalars()
    return [text for text in found if text != "ok"]


def _references(connection: Connection) -> list[str]:
    rows = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(SHOWN)
    return [f"row {row[1]} of {row[0]} points at a missing row of {row[2]}" for row in rows]
