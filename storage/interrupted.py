"""Arrivals that were left without an answer, as a transaction sees them."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, insert, select, update

from bot.coalition.arrivals import Arrival
from bot.coalition.interviews import KEPT
from bot.request import Account, Place
from storage.drafts import theirs, undone
from storage.schema import arrivals, events, interviews

FORGOTTEN: dict[str, Any] = {"account": "", "room": "", "thread": "", "line": "", "values": {}, "holder": None, "until": None, "code": None}
"""What makes an arrival a settled one, of which its key is left, and when it came."""

_row = arrivals.c


class SqlInterrupted:
    """The arrivals that were left without an answer; see `bot.coalition.arrivals.Interrupted`."""

    def __init__(self, connection: Connection, coalition: int) -> None:
        self._connection = connection
        self._coalition = coalition

    def asked(self, code: str, accounts: Collection[str]) -> Arrival | None:
        found = self.told([code]).get(code)
        return found if found and str(found.account) in accounts else None

    def told(self, codes: Collection[str]) -> dict[str, Arrival]:
        query = select(arrivals).where(_row.coalition == self._coalition, _row.until.is_not(None), _row.code.in_(sorted(codes)))
        return {row.code: _arrival(row) for row in self._connection.execute(query)}

    def carried_out(self, key: str) -> bool:
        query = select(events.c.key).where(events.c.coalition == self._coalition, events.c.key == key)
        return self._connection.scalar(query) is not None

    def move_forms(self, old: Place, new: Place, now: datetime) -> int:
        here = and_(interviews.c.coalition == self._coalition, interviews.c.platform == old.platform, interviews.c.room == old.room)
        waits = and_(here, undone(), interviews.c.at > now - KEPT)
        moved = self._connection.execute(select(interviews.c.account, interviews.c.thread).where(waits)).all()
        rows = [
            {"coalition": self._coalition, "key": f"{new.platform}:moved:{new.room}:{row.thread}:{row.account}", "account": row.account,
             "room": new.room, "thread": row.thread, "private": False, "line": "", "values": {}, "at": now, "holder": "", "until": now}
            for row in moved
        ]  # fmt: skip
        if rows:
            self._connection.execute(update(interviews).where(waits).values(platform=new.platform, room=new.room))
            self._connection.execute(insert(arrivals), rows)
        return len(rows)

    def form_waits(self, arrival: Arrival) -> bool:
        fresh = interviews.c.at > arrival.at - KEPT
        query = select(interviews.c.line).where(theirs(self._coalition, arrival.account, arrival.place), undone(), fresh)
        return self._connection.scalar(query) is not None

    def forget(self, accounts: Collection[str]) -> None:
        """Erase what these accounts asked."""
        theirs = and_(_row.coalition == self._coalition, _row.account.in_(sorted(accounts)))
        self._connection.execute(update(arrivals).where(theirs).values(FORGOTTEN))


def _arrival(row: Row[Any]) -> Arrival:
    account = Account.parse(row.account)
    place = Place(account.platform, row.room, row.thread, row.private)
    return Arrival(row.key, account, place, row.line, row.values, row.at, row.code or "")
