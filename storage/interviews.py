"""Drafts of forms in their table."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

import msgspec
from sqlalchemy import ColumnElement, Connection, bindparam, delete, insert, select, update

from bot.coalition.arrivals import Arrival
from bot.coalition.interviews import KEPT, MISSED, Draft
from bot.coalition.store import Stamp
from bot.request import Account, Place
from storage import database
from storage.drafts import theirs, undone
from storage.interrupted import SqlInterrupted
from storage.schema import interviews
from storage.store import SqlRecords, SqlStore

_row = interviews.c
_KEY = ("coalition", "account", "platform", "room", "thread")
_OPEN = select(interviews).where(*(_row[name] == bindparam(name) for name in _KEY), _row.at > bindparam("kept"), undone())
"""Made once, for whatever is said asks it, and SQLAlchemy takes longer over it than the database does."""


class SqlInterviews:
    """The forms that are being filled in; see `bot.coalition.interviews.Interviews`."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    def open(self, account: Account, place: Place, now: datetime) -> Draft | None:
        wanted = {**_named(account, place), "coalition": self._store.coalition, "kept": now - KEPT - MISSED}
        with database.transaction(self._store.engine, writes=False) as connection:
            row = connection.execute(_OPEN, wanted).one_or_none()
        if row is None:
            return None
        draft = Draft(
            account=account, place=place, line=row.line, values=msgspec.json.decode(row.values, type=dict[str, str]), asked=row.asked,
            at=row.at, reviewing=row.reviewing, writing=row.writing, sent=row.sent,
        )  # fmt: skip
        return draft if draft.waits(now) else replace(draft, values={})

    def anybody(self, place: Place, now: datetime) -> bool:
        here = (_row.platform == place.platform, _row.room == place.room, _row.thread == place.thread, _row.at > now - KEPT)
        with database.transaction(self._store.engine, writes=False) as connection:
            return connection.scalar(select(_row.line).where(_row.coalition == self._store.coalition, *here, undone()).limit(1)) is not None

    def keep(self, draft: Draft, key: str = "") -> bool:
        with self._claimed(draft, key) as connection:
            if connection is None:
                return False
            self._forget(connection, draft.at)
            connection.execute(delete(interviews).where(self._theirs(draft.account, draft.place)))
            connection.execute(insert(interviews).values(self._columns(draft)))
        return True

    def end(self, draft: Draft, key: str = "") -> bool:
        with self._claimed(draft, key) as connection:
            if connection is None:
                return False
            connection.execute(delete(interviews).where(self._theirs(draft.account, draft.place)))
        return True

    def interrupted(self, account: Account, code: str) -> Arrival | None:
        with database.transaction(self._store.engine, writes=False) as connection:
            return SqlInterrupted(connection, self._store.coalition).asked(code, {str(account)})

    def _forget(self, connection: Connection, now: datetime) -> None:
        """Empty what waits no more, and drop it a while later."""
        ours = _row.coalition == self._store.coalition
        connection.execute(delete(interviews).where(ours, _row.at <= now - KEPT - MISSED))
        connection.execute(update(interviews).where(ours, _row.at <= now - KEPT).values({"values": "{}"}))

    @contextmanager
    def _claimed(self, draft: Draft, key: str) -> Iterator[Connection | None]:
        """A writing transaction that notes the platform event; None when the event was answered before."""
        with database.transaction(self._store.engine, writes=True, coalition=self._store.coalition) as connection:
            records = SqlRecords(connection, self._store.coalition, Stamp(draft.account, None, draft.at, draft.line))
            yield connection if not key or records.claim(key) else None

    def _theirs(self, account: Account, place: Place) -> ColumnElement[bool]:
        return theirs(self._store.coalition, account, place)

    def _columns(self, draft: Draft) -> dict[str, object]:
        return {
            **_named(draft.account, draft.place), "coalition": self._store.coalition, "line": draft.line,
            "values": msgspec.json.encode(dict(draft.values)).decode(), "asked": draft.asked, "reviewing": draft.reviewing,
            "at": draft.at, "writing": draft.writing, "sent": draft.sent,
        }  # fmt: skip


def _named(account: Account, place: Place) -> dict[str, str]:
    """Whose form it is, and where."""
    return {"account": str(account), "platform": place.platform, "room": place.room, "thread": place.thread}
