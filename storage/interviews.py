"""Drafts of forms in their table."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import msgspec
from sqlalchemy import ColumnElement, Connection, and_, delete, insert, select

from bot.coalition.interviews import KEPT, Draft
from bot.coalition.store import Stamp
from bot.request import Account, Place
from storage import database
from storage.schema import interviews
from storage.store import SqlRecords, SqlStore


class SqlInterviews:
    """The forms that are being filled in; see `bot.coalition.interviews.Interviews`."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    def open(self, account: Account, place: Place, now: datetime) -> Draft | None:
        fresh = and_(self._theirs(account, place), interviews.c.at > now - KEPT)
        with database.transaction(self._store.engine, writes=False) as connection:
            row = connection.execute(select(interviews).where(fresh)).one_or_none()
        if row is None:
            return None
        values = msgspec.json.decode(row.values, type=dict[str, str])
        return Draft(account=account, place=place, line=row.line, values=values, asked=row.asked, at=row.at, reviewing=row.reviewing)

    def keep(self, draft: Draft, key: str = "") -> bool:
        with self._claimed(draft, key) as connection:
            if connection is None:
                return False
            old = interviews.c.at <= draft.at - KEPT
            connection.execute(delete(interviews).where(interviews.c.coalition == self._store.coalition, old))
            connection.execute(delete(interviews).where(self._theirs(draft.account, draft.place)))
            connection.execute(insert(interviews).values(self._row(draft)))
        return True

    def end(self, draft: Draft, key: str = "") -> bool:
        with self._claimed(draft, key) as connection:
            if connection is None:
                return False
            connection.execute(delete(interviews).where(self._theirs(draft.account, draft.place)))
        return True

    @contextmanager
    def _claimed(self, draft: Draft, key: str) -> Iterator[Connection | None]:
        """A writing transaction that notes the platform event; None when the event was answered before."""
        with database.transaction(self._store.engine, writes=True, coalition=self._store.coalition) as connection:
            records = SqlRecords(connection, self._store.coalition, Stamp(draft.account, None, draft.at, draft.line))
            yield connection if not key or records.claim(key) else None

    def _theirs(self, account: Account, place: Place) -> ColumnElement[bool]:
        return and_(
            interviews.c.coalition == self._store.coalition,
            interviews.c.account == str(account),
            interviews.c.platform == place.platform,
            interviews.c.room == place.room,
            interviews.c.thread == place.thread,
        )

    def _row(self, draft: Draft) -> dict[str, object]:
        return {
            "coalition": self._store.coalition, "account": str(draft.account), "platform": draft.place.platform,
            "room": draft.place.room, "thread": draft.place.thread, "line": draft.line,
            "values": msgspec.json.encode(dict(draft.values)).decode(), "asked": draft.asked, "reviewing": draft.reviewing,
            "at": draft.at,
        }  # fmt: skip
