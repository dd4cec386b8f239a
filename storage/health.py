"""What is wrong with a database: its file, its references and what is derived from its records."""

from sqlalchemy import Connection, Engine

from storage import database

SHOWN = 5
"""Further damage of the same kind helps nobody."""


def damage(engine: Engine) -> list[str]:
    """What the database itself finds broken, a phrase each; empty for a sound one. PostgreSQL watches over itself. Raises StoreError."""
    if engine.dialect.name != "sqlite":
        return []
    with database.transaction(engine, writes=False) as connection:
        return [*_integrity(connection), *_references(connection)]


def _integrity(connection: Connection) -> list[str]:
    found = connection.exec_driver_sql(f"PRAGMA integrity_check({SHOWN})").scalars()
    return [text for text in found if text != "ok"]


def _references(connection: Connection) -> list[str]:
    rows = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(SHOWN)
    return [f"row {row[1]} of {row[0]} points at a missing row of {row[2]}" for row in rows]
