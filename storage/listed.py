"""What `more` stands for; see `bot.coalition.listed.Listed`."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, or_, select

from bot.coalition.listed import KEPT
from bot.request import Account, Place
from storage.schema import lists

_row = lists.c


class SqlListed:
    """The lists of one coalition that go on, inside one transaction."""

    def __init__(self, connection: Connection, coalition: int) -> None:
        self._connection = connection
        self._coalition = coalition

    def rest(self, account: Account, place: Place, now: datetime) -> str:
        fresh = and_(self._seen(account, place), _row.at > now - KEPT)
        return self._connection.scalar(select(_row.line).where(fresh)) or ""

    def keep(self, account: Account, place: Place, line: str, now: datetime) -> None:
        old = or_(self._seen(account, place), _row.at <= now - KEPT)
        self._connection.execute(delete(lists).where(_row.coalition == self._coalition, old))
        if line:
            row = {"account": str(account), "platform": place.platform, "room": place.room, "thread": place.thread}
            self._connection.execute(insert(lists).values({"coalition": self._coalition, **row, "line": line, "at": now}))

    def forget(self, accounts: Collection[str]) -> None:
        """Erase what these accounts asked."""
        self._connection.execute(delete(lists).where(_row.coalition == self._coalition, _row.account.in_(sorted(accounts))))

    def _seen(self, account: Account, place: Place) -> ColumnElement[bool]:
        return and_(
            _row.coalition == self._coalition,
            _row.account == str(account),
            _row.platform == place.platform,
            _row.room == place.room,
            _row.thread == place.thread,
        )
