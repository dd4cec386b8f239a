"""What adapters keep between two runs, in its table, and turns among processes: an advisory lock on PostgreSQL, a locked file on SQLite."""

import zlib
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, and_, select

from bot.errors import StoreReadOnly
from storage import database
from storage.database import insert_into
from storage.schema import notes
from storage.store import SqlStore

TURNS = 2
"""The first half of the advisory locks by which processes take turns."""
_NOTICED = "SET tcp_keepalives_idle = 15; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3; SET tcp_user_timeout = 30000"
"""Within half a minute PostgreSQL notices that a whole machine is gone; by itself it takes hours."""


class SqlNotes:
    """The notes of adapters; see `bot.coalition.footing.Notes`."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    def recall(self, platform: str, name: str) -> str:
        this = and_(notes.c.coalition == self._store.coalition, notes.c.platform == platform, notes.c.name == name)
        with database.transaction(self._store.engine, writes=False) as connection:
            return connection.scalar(select(notes.c.value).where(this)) or ""

    def keep(self, platform: str, name: str, value: str) -> None:
        row = {"coalition": self._store.coalition, "platform": platform, "name": name, "value": value}
        this = insert_into(self._store.engine.dialect.name, notes).values(row)
        with database.transaction(self._store.engine, writes=True, alone=False) as connection:
            connection.execute(this.on_conflict_do_update(index_elements=notes.primary_key, set_={"value": value}))


class AdvisoryTurn:
    """A turn on PostgreSQL: a lock of a session of its own, which ends with the process."""

    def __init__(self, store: SqlStore, name: str) -> None:
        self._engine = store.engine
        self._key = (TURNS, zlib.crc32(f"{store.coalition}:{name}".encode()) - 2**31)
        self._session: Connection | None = None

    def take(self) -> bool:
        if self._session is not None:
            return self.held()
        with database.translated(), ExitStack() as undo:
            session = undo.enter_context(self._engine.connect()).execution_options(isolation_level="AUTOCOMMIT")
            session.exec_driver_sql(_NOTICED)
            if not session.exec_driver_sql("SELECT pg_try_advisory_lock(%s, %s)", self._key).scalar():
                return False
            undo.pop_all()
            self._session = session
        return True

    def held(self) -> bool:
        if self._session is None:
            return False
        try:
            self._session.exec_driver_sql("SELECT 1")
        except Exception:  # Whatever it is, the lock went with the session.
            self.release()
            return False
        return True

    def release(self) -> None:
        session, self._session = self._session, None
        if session is None:
            return
        with suppress(Exception):  # The lock ends with the session all the same, only a moment later.
            session.exec_driver_sql("SELECT pg_advisory_unlock(%s, %s)", self._key)
        session.invalidate()  # Returned to the pool it would keep what was set for it.
        session.close()


class FileTurn:
    """A turn on SQLite: a locked file beside the database, which the system lets go with the process."""

    def __init__(self, store: SqlStore, name: str) -> None:
        self._path = Path(f"{store.engine.url.database}.{name}.lock")
        self._file: IO[bytes] | None = None

    def take(self) -> bool:
        if self._file is not None:
            return True
        import fcntl  # noqa: PLC0415 - not on every system

        try:
            file = self._path.open("ab")
        except OSError as error:
            raise StoreReadOnly(f"{self._path} cannot be written. Make the file and its folder writable for this user.") from error
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            return False
        self._file = file
        return True

    def held(self) -> bool:
        return self._file is not None

    def release(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            file.close()


def turn(store: SqlStore, name: str) -> AdvisoryTurn | FileTurn:
    """A turn of this name on the store's engine; see `bot.coalition.footing.Turn`."""
    return AdvisoryTurn(store, name) if store.engine.dialect.name == "postgresql" else FileTurn(store, name)
