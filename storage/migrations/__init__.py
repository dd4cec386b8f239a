"""The versions of the database, one file each in `versions/`; `storage.upgrading` applies them.

To change a table: change it where it is declared, then add `versions/0009_what_it_adds.py` with `revision = "0009"`,
`down_revision` naming the file before it and an `upgrade()`, and raise HEAD. A version names its tables and columns itself,
never those that are declared, which move on. On SQLite use `op.batch_alter_table`; it rebuilds the table, so triggers on it
must be made again. Owned values are JSON texts that a change compares as they stand: a field added to one is written into
the texts too. The search is filled anew after every move. There is no way down: before SQLite moves up, a copy is kept
beside the file.

`tests/storage/test_migrations.py` compares the migrated tables with the declared ones on both engines, and takes a filled
database of every older version up, once whole and once killed midway.
"""

from sqlalchemy import Connection, inspect, text

from bot import errors

HEAD = "0009"
"""The newest version: compared with a database's own before anything else, so that Alembic is loaded only when they differ."""


def version(connection: Connection) -> str:
    """The version of a database, "" for one without tables.

    Raises ConfigError when it is another program's, StoreDamaged when it has lost its version.
    """
    tables = set(inspect(connection).get_table_names())
    if not tables:
        return ""
    if "deployments" not in tables:
        named = ", ".join(sorted(tables)[:3])
        raise errors.ConfigError(f"Another program keeps its tables in this database ({named}). Name one of the bot's own.")
    found = connection.scalar(text("SELECT version_num FROM alembic_version")) if "alembic_version" in tables else None
    if not found:
        raise errors.StoreDamaged("The database does not say which version it is. Restore a backup: coalition restore FILE")
    if found > HEAD:
        raise errors.StoreNewer(f"The database is of version {found}, and this program knows {HEAD}. Install a newer coalition-bot.")
    return str(found)
