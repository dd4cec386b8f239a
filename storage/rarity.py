"""How rare words are among the records, and which words records hold, as the index has them."""

from collections.abc import Collection

from sqlalchemy import Connection, Integer, Text, bindparam, select

from bot.coalition.store import Held
from storage import search_match, stems
from storage.search_match import expression, mark
from storage.search_schema import documents

MARKS = 2
"""Words at the beginning of a document's body that say of which kind and coalition it is."""
_HELD = select(documents.c.root, documents.c.title_words, documents.c.body_words).where(
    documents.c.coalition == bindparam("coalition", type_=Integer), documents.c.root.in_(bindparam("records", type_=Text, expanding=True))
)


def spread(connection: Connection, coalition: int, wanted: Collection[str], within: Collection[str], most: int) -> dict[str, int]:
    """See `bot.coalition.store.Records.spread`."""
    every = [mark(coalition, word) for word in within]
    numbers = stems.numbers(connection, coalition, [*filter(None, wanted), *every], within)
    found = {stem: numbers.get(stem, 0) if stem else sum(numbers.get(each, 0) for each in every) for stem in wanted}
    return {stem: min(number, most) for stem, number in found.items()}


def best(connection: Connection, coalition: int, wanted: Collection[str], within: Collection[str], limit: int) -> list[str]:
    """See `bot.coalition.store.Records.best`."""
    asked = expression(connection, coalition, [[(stem,)] for stem in wanted], every=False, within=within)
    rows = connection.execute(search_match.page(connection.dialect.name), {"asked": asked, "limit": limit, "offset": 0})
    return [row.root for row in rows]


def held(connection: Connection, coalition: int, records: Collection[str]) -> dict[str, Held]:
    """See `bot.coalition.store.Records.held`."""
    rows = connection.execute(_HELD, {"coalition": coalition, "records": sorted(records)}) if records else ()
    return {record: Held(tuple(title.split()), tuple(body.split()[MARKS:])) for record, title, body in rows}
