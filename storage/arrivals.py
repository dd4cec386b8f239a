"""Arrivals in their table: in flight while they have a holder, told of while they have a code, and only a key when they are settled."""

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Engine, Row, Update, and_, bindparam, or_, select, update
from sqlalchemy.sql.dml import ReturningInsert

from bot.coalition.arrivals import GIVEN_UP, INTERRUPTED, KEPT, Arrival
from bot.coalition.members import AccountLink
from bot.coalition.outbox import LEASE, Letter
from bot.coalition.reaching import direct
from bot.coalition.store import Stamp
from bot.request import Account
from storage import database
from storage.database import in_chunks, insert_into
from storage.interrupted import FORGOTTEN
from storage.schema import arrivals
from storage.store import SqlRecords, SqlStore

"""The letter to somebody whose question was left without an answer."""
BOT = Account("bot", INTERRUPTED)
_CODE = "bcdfghjkmnpqrstvwxz", 6
"""The letters of a code, and how many it has: neither a word nor an id."""

NOBODY = ""
"""Who holds what was given back."""

_row = arrivals.c


class SqlIntake:
    """The inbox's side of the store; see `bot.coalition.arrivals.Intake`. By one thread at a time, but for `sweep` and `release`."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store
        self._coalition = store.coalition

    @cached_property
    def _quick(self) -> Engine:
        return database.open_engine(self._store.engine.url, quick=True)

    @cached_property
    def _keeping(self) -> ReturningInsert[tuple[str]]:
        """Made once, for SQLAlchemy takes longer over it than the database does."""
        return insert_into(self._store.engine.dialect.name, arrivals).on_conflict_do_nothing().returning(_row.key)

    @cached_property
    def _settling(self) -> Update:
        these = and_(_row.coalition == self._coalition, _row.key.in_(bindparam("settled", expanding=True)))
        return update(arrivals).where(these).values(FORGOTTEN)

    def keep(self, arrivals_: Sequence[Arrival], holder: str) -> set[str]:
        rows = [{"coalition": self._coalition, "holder": holder, "until": each.at + LEASE, **_columns(each)} for each in arrivals_]
        with database.translated(), self._quick.connect() as connection:
            return set(connection.scalars(self._keeping, rows))

    def settle(self, keys: Collection[str]) -> None:
        with database.translated(), self._quick.connect() as connection:
            for some in in_chunks(sorted(keys)):
                connection.execute(self._settling, {"settled": some})

    def release(self, key: str) -> None:
        with database.transaction(self._store.engine, writes=True, coalition=self._coalition) as connection:
            connection.execute(update(arrivals).where(self._open(_row.key == key)).values(holder=NOBODY, until=_row.at))

    def renew(self, holder: str, now: datetime) -> None:
        held = and_(self._open(_row.holder == holder), _row.at > now - GIVEN_UP)
        with database.translated(), self._quick.connect() as connection:
            connection.execute(update(arrivals).where(held).values(until=now + LEASE))

    def sweep(self, holder: str, now: datetime) -> int:
        over = self._over(holder, now)
        with database.transaction(self._store.engine, writes=False) as connection:
            if connection.execute(select(_row.key).where(over).limit(1)).one_or_none() is None:
                return 0
        stamp = Stamp(BOT, None, now, INTERRUPTED, undoable=False)
        with database.transaction(self._store.engine, writes=True, coalition=self._coalition) as connection:
            records = SqlRecords(connection, self._coalition, stamp)
            found = connection.execute(select(arrivals).where(over).with_for_update(skip_locked=True)).all()
            told = [row for row in found if row.code is None and row.at > now - KEPT]
            records.outbox.post([self._told(records, row, now) for row in told])
            for some in in_chunks([row.key for row in found if row not in told]):
                connection.execute(self._settling, {"settled": some})
        return len(told)

    def close(self) -> None:
        if "_quick" in self.__dict__:
            self._quick.dispose()

    def _open(self, *which: ColumnElement[bool]) -> ColumnElement[bool]:
        """Arrivals in flight, of this coalition."""
        return and_(_row.coalition == self._coalition, _row.until.is_not(None), _row.code.is_(None), *which)

    def _over(self, holder: str, now: datetime) -> ColumnElement[bool]:
        """Arrivals whose lease is over, and those told of so long ago that they are to be forgotten. What this process holds itself is
        in flight though its lease may be over, as that of a machine that slept."""
        released = or_(_row.until <= now, _row.until > now + 2 * LEASE)
        ours = or_(_row.holder != holder, _row.at <= now - GIVEN_UP)
        told = and_(_row.coalition == self._coalition, _row.until <= now, _row.code.is_not(None))
        return or_(self._open(released, ours), told)

    def _told(self, records: SqlRecords, row: Row[Any], now: datetime) -> Letter:
        """Give an arrival a code; the letter that names it."""
        code = "".join(secrets.choice(_CODE[0]) for _ in range(_CODE[1]))
        this = and_(_row.coalition == self._coalition, _row.key == row.key)
        records.connection.execute(update(arrivals).where(this).values(code=code, until=now + KEPT))
        link = records.find(AccountLink, row.account)
        return Letter(f"{INTERRUPTED}:{row.key}", direct(Account.parse(row.account)), INTERRUPTED, code, link.member if link else None)


def _columns(arrival: Arrival) -> dict[str, Any]:
    place = arrival.place
    return {
        "key": arrival.key, "account": str(arrival.account), "room": place.room, "thread": place.thread, "private": place.private,
        "line": arrival.line, "values": dict(arrival.values), "at": arrival.at,
    }  # fmt: skip
