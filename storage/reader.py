"""Records out: one, several, all of a kind, those that refer to one, those that a search finds."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, select

from bot import errors
from bot.coalition import ids
from bot.coalition.outbox import Card
from bot.coalition.record import R, Record
from bot.coalition.store import Found, Held, Ranked
from bot.request import Place
from storage import rarity, schema, search, selecting
from storage.kept import Kept
from storage.kinds import kept_by, kept_of

HOW_TO_LIST = {
    "M": "members", "N": "names", "O": "organisations", "P": "projects", "S": "sessions", "A": "agendas", "D": "deadlines",
    "W": "programmes", "R": "reminders", "L": "lessons", "T": "tasks", "G": "signposts", "": "cycles",
}  # fmt: skip


class Reader:
    """The records of one coalition inside one transaction, as they are read; see `bot.coalition.store.Records`."""

    def __init__(self, connection: Connection, coalition: int) -> None:
        self.connection = connection
        self.coalition = coalition
        self._touched: list[Record] = []

    def get(self, kind: type[R], identity: str) -> R:
        found = self.find(kind, identity)
        if found is None:
            hint = HOW_TO_LIST.get(ids.letter(identity)[:1] or kind.letter[:1], "")
            raise errors.NotFound(f"There is no {kind.word} {identity}.", lines=[hint] if hint else [])
        return found

    def find(self, kind: type[R], identity: str) -> R | None:
        kept = kept_of(kind)
        return next(self._values(kept, selecting.records(kept, selecting.ONE), {"id": identity}), None)

    def behind(self, via: type[Record], identity: str, field: str, kind: type[R]) -> R | None:
        query = selecting.behind(kept_of(via), field, kept_of(kind))
        return next(self._values(kept_of(kind), query, {"id": identity}), None)

    def any(self, identity: str) -> Record:
        return self.get(self.kind(identity), identity)

    def kind(self, identity: str) -> type[Record]:
        kept = kept_by(identity)
        if kept is None:
            raise errors.NotFound(f"{identity} is not the id of a record.", lines=["help"])
        kind: type[Record] = kept.kind
        return kind

    def many(self, kind: type[R], identities: Collection[str]) -> dict[str, R]:
        if not identities:
            return {}
        kept = kept_of(kind)
        query = selecting.records(kept, selecting.SEVERAL)
        return {record.id: record for record in self._values(kept, query, {"id": sorted(identities)})}

    def uids(self, kind: type[R], identities: Collection[str]) -> dict[str, str]:
        table = kept_of(kind).table.c
        query = select(table.id, table.uid).where(table.coalition == self.coalition, table.id.in_(sorted(identities)))
        return {row.id: row.uid for row in self.connection.execute(query)}

    def all(
        self, kind: type[R], /, *, order: Sequence[str | Ranked] = (), limit: int | None = None, offset: int = 0, **equal: Any
    ) -> list[R]:
        kept = kept_of(kind)
        if limit is None and not offset:
            return list(self._values(kept, selecting.records(kept, selecting.shape(equal), tuple(order)), selecting.values(equal)))
        query = selecting.records(kept, selecting.shape(equal), tuple(order), page=True)
        page = {"limit": selecting.ALL if limit is None else limit, "offset": offset}
        return list(self._values(kept, query, {**selecting.values(equal), **page}))

    def count(self, kind: type[R], /, **equal: Any) -> int:
        query = selecting.number(kept_of(kind), selecting.shape(equal))
        return self.connection.scalar(query, {"coalition": self.coalition, **selecting.values(equal)}) or 0

    def distinct(self, kind: type[R], field: str) -> list[Any]:
        table = kept_of(kind).table
        return list(self.connection.scalars(select(table.c[field]).where(table.c.coalition == self.coalition).distinct()))

    def referring(self, kind: type[R], field: str, identity: str) -> list[R]:
        kept = kept_of(kind)
        link = schema.links.c
        query = (
            select(*kept.columns)
            .join(schema.links, and_(link.coalition == kept.table.c.coalition, link.record == kept.table.c.id))
            .where(link.coalition == bindparam("coalition"), link.target == identity, link.field == field)
            .order_by(kept.table.c.seq)
        )
        return list(self._values(kept, query, {}))

    def referrers(self, identity: str) -> list[tuple[str, str]]:
        link = schema.links.c
        query = select(link.record, link.field).where(link.coalition == self.coalition, link.target == identity)
        return [(record, field) for record, field in self.connection.execute(query.order_by(link.record, link.field))]

    def cards(self, identity: str) -> list[Card]:
        card = schema.cards.c
        rows = self.connection.execute(select(schema.cards).where(card.coalition == self.coalition, card.record == identity))
        return [Card(row.record, Place(row.platform, row.room, row.reference)) for row in rows]

    def carded(self, place: Place) -> str:
        card = schema.cards.c
        here = (card.platform == place.platform, card.room == place.room, card.reference == place.thread)
        query = select(card.record).where(card.coalition == self.coalition, *here).limit(1)
        found = self.connection.scalar(query) if place.thread else None
        return (found or "").partition(".")[0]

    def search(
        self,
        query: str,
        *,
        words: Collection[str] = (),
        every: bool = True,
        need: str = "",
        members: bool = True,
        limit: int = 10,
        offset: int = 0,
        alone: Collection[str] = (),
        places: bool = True,
        total: bool = True,
    ) -> Found:
        return search.search(
            self.connection, self.coalition, query, words=words, every=every, need=need, members=members, limit=limit, offset=offset,
            alone=alone, places=places, total=total,
        )  # fmt: skip

    def spread(self, stems: Collection[str], words: Collection[str], most: int) -> dict[str, int]:
        return rarity.spread(self.connection, self.coalition, stems, words, most)

    def best(self, stems: Collection[str], words: Collection[str], limit: int) -> list[str]:
        return rarity.best(self.connection, self.coalition, stems, words, limit)

    def held(self, identities: Collection[str]) -> dict[str, Held]:
        return rarity.held(self.connection, self.coalition, identities)

    def _values(self, kept: Kept[R], query: Select[Any], given: Mapping[str, Any]) -> Iterator[R]:
        rows = self.connection.execute(query, {"coalition": self.coalition, **given})
        return (kept.kind(**dict(zip(kept.names, row, strict=True))) for row in rows)
