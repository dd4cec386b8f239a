"""What a deployment leaves behind, to look for what must not be there."""

from pathlib import Path

from sqlalchemy import inspect, text

from storage.store import SqlStore


def everything_in(store: SqlStore) -> str:
    """All rows of all tables; with SQLite also the bytes of the file and its log, where deleted rows would still stand."""
    with store.engine.connect() as connection:
        tables = inspect(connection).get_table_names()
        rows = [str(connection.execute(text(f'SELECT * FROM "{table}"')).all()) for table in tables]
        if connection.dialect.name == "sqlite":
            file = Path(str(store.engine.url.database))
            rows += [path.read_bytes().decode("latin-1") for path in sorted(file.parent.glob(f"{file.name}*"))]
    return "\n".join(rows)
