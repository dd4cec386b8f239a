"""Opening a store: the database is checked, made or brought up to date before the first question."""

from datetime import UTC, datetime

from sqlalchemy import URL, Engine

from bot import errors
from storage import database, files
from storage.migrations import HEAD, version
from storage.store import SqlStore


def open_store(text: str) -> SqlStore:
    """The store at a database URL, of the newest version. An SQLite file is made, or brought up to date.

    Raises ConfigError or StoreError; StoreOutdated on PostgreSQL, where `upgrade_store` is called by hand.
    """
    url = _prepared(text)
    engine = database.open_engine(url)
    try:
        _make_ready(url, engine)
    except BaseException:
        engine.dispose()
        raise
    return SqlStore(engine)


def upgrade_store(text: str | URL, *, keep_old: bool = True) -> str:
    """Bring a database to the newest version; the version that it had, "" for an empty one. Raises ConfigError or StoreError.

    `keep_old`: an SQLite file is copied before, to a name beside it that says the old version and the time.
    """
    return _upgrade(_prepared(text), keep_old=keep_old)


def found_version(text: str | URL) -> str:
    """The version of the database at a URL, "" for an empty one and for a file that is not there. Raises ConfigError or StoreError."""
    url = database.database_url(text)
    if database.is_sqlite(url) and not database.file_of(url).is_file():
        files.check(database.file_of(url))
        return ""
    with database.engine_for(url) as engine:
        return _version_of(engine)


def _prepared(text: str | URL) -> URL:
    """The URL of a database that can be opened."""
    url = database.database_url(text)
    if database.is_sqlite(url):
        files.prepare(database.file_of(url))
    return url


def _make_ready(url: URL, engine: Engine) -> None:
    found = _version_of(engine)
    if not database.is_sqlite(url):
        if found != HEAD:
            what = f"is of version {found}, and this program needs {HEAD}" if found else "has no tables yet"
            raise errors.StoreOutdated(f"The database {what}. Run: coalition db upgrade")
        return
    if found != HEAD:
        _upgrade(url)
    files.write_ahead(database.file_of(url))


def _version_of(engine: Engine) -> str:
    """The version of a database, "" for one without tables. Raises ConfigError or StoreError."""
    with database.transaction(engine, writes=False) as connection:
        return version(connection)


def _upgrade(url: URL, *, keep_old: bool = True) -> str:
    from storage.upgrading import upgrade  # noqa: PLC0415 - Alembic takes a quarter of a second, and is seldom needed.

    if not database.is_sqlite(url):
        return upgrade(url)
    file = database.file_of(url)

    def copy(old: str) -> None:
        if old and keep_old:
            files.copy(file, files.beside(file, f"version-{old}", datetime.now(UTC)))

    return upgrade(url, before=copy)
