"""The private calendar addresses of members; see `bot.coalition.feeds.Feeds`."""

from dataclasses import asdict

from sqlalchemy import ColumnElement, Connection, delete, insert, select

from bot.coalition.feeds import Feed
from storage.schema import feeds

_feed = feeds.c


class SqlFeeds:
    """The addresses of one coalition inside one transaction."""

    def __init__(self, connection: Connection, coalition: int) -> None:
        self._connection = connection
        self._coalition = coalition

    def of(self, member: str) -> Feed | None:
        return self._one(_feed.member == member)

    def find(self, hashed: str) -> Feed | None:
        return self._one(_feed.hash == hashed)

    def keep(self, feed: Feed) -> None:
        self.end(feed.member)
        self._connection.execute(insert(feeds).values(coalition=self._coalition, **asdict(feed)))

    def end(self, member: str) -> bool:
        gone = delete(feeds).where(_feed.coalition == self._coalition, _feed.member == member)
        return self._connection.execute(gone).rowcount == 1

    def _one(self, which: ColumnElement[bool]) -> Feed | None:
        row = self._connection.execute(select(feeds).where(_feed.coalition == self._coalition, which)).one_or_none()
        return Feed(row.member, row.hash, row.mine, row.alarm, row.made) if row else None
