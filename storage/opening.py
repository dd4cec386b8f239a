"""Opening a store: the file is checked, made or brought up to date before the first question."""

from datetime import UTC, datetime

from sqlalchemy import insert, select

from storage import database, schema
from storage.kept import metadata
from storage.store import SqlStore


def open_store(text: str) -> SqlStore:
    """The store at a database URL. Raises ConfigError or StoreError."""
    engine = database.open_engine(database.database_url(text))
    with database.transaction(engine, writes=True) as connection:
        metadata.create_all(connection)
        if connection.scalar(select(schema.deployments.c.id)) is None:
            connection.execute(insert(schema.deployments).values(id=1, created=datetime.now(UTC)))
    return SqlStore(engine)
