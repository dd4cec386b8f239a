"""The numbers that ids are made of, none of them given twice."""

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import Connection, func

from bot.coalition import ids
from bot.coalition.record import R
from storage import schema
from storage.database import insert_into


class Counters:
    """The counters of one coalition inside one transaction."""

    def __init__(self, connection: Connection, coalition: int) -> None:
        self._connection = connection
        self._coalition = coalition

    def numbered(self, record: R) -> tuple[int, R]:
        """The record with an id and the number that orders it. A given id is kept, and its number never given again."""
        letter = record.letter
        if not letter:
            return self._number("~" + record.word), record
        counter = f"{getattr(record, record.parent)}.{letter.partition('.')[2]}" if record.parent else letter
        if record.id:
            found = ids.parse(record.id)
            number = (found.child_number or found.number) if found else 0
            return self._number(counter, at_least=number), record
        number = self._number(counter)
        return number, replace(record, id=f"{counter}{number}")

    def note(self, last: Mapping[str, int]) -> None:
        """Note the last numbers that were given, all at once."""
        query = insert_into(self._connection.dialect.name, schema.counters)
        query = query.on_conflict_do_update(index_elements=["coalition", "name"], set_={"last": query.excluded.last})
        if last:
            self._connection.execute(query, [{"coalition": self._coalition, "name": name, "last": number} for name, number in last.items()])

    def give(self, many: Mapping[str, int]) -> dict[str, int]:
        """Give so many numbers of each counter, all at once; the last one of each."""
        query = insert_into(self._connection.dialect.name, schema.counters)
        query = query.on_conflict_do_update(
            index_elements=["coalition", "name"], set_={"last": schema.counters.c.last + query.excluded.last}
        )
        rows = [{"coalition": self._coalition, "name": name, "last": number} for name, number in sorted(many.items())]
        given = self._connection.execute(query.returning(schema.counters.c.name, schema.counters.c.last), rows) if rows else ()
        return {row.name: row.last for row in given}

    def _number(self, counter: str, at_least: int = 0) -> int:
        """The next number of a counter; `at_least` instead notes that this number was given."""
        table = schema.counters
        query = insert_into(self._connection.dialect.name, table).values(coalition=self._coalition, name=counter, last=at_least or 1)
        last = func.max(table.c.last, at_least) if self._connection.dialect.name == "sqlite" else func.greatest(table.c.last, at_least)
        query = query.on_conflict_do_update(index_elements=["coalition", "name"], set_={"last": last if at_least else table.c.last + 1})
        given = self._connection.scalar(query.returning(table.c.last))
        return at_least or int(given)
