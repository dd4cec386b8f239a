"""In how many records each stem stands: counted as the documents of the index change, so that nobody has to count when it is asked."""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    JSON,
    Column,
    ColumnElement,
    Connection,
    Integer,
    Select,
    Text,
    any_,
    bindparam,
    cast,
    delete,
    func,
    literal,
    select,
    true,
)
from sqlalchemy.sql.selectable import TableValuedAlias

from storage.database import insert_into
from storage.search_schema import counts, documents

Tally = Mapping[str, Counter[str]]
"""For each kind of record, how many of its documents hold a stem; or how many more."""
Row = Mapping[Any, Any]
"""A row of the documents."""
_OWN, _GIVEN = bindparam("own", type_=Integer), bindparam("given", type_=Text)
_OF = counts.c.coalition == _OWN
_WORDS = ("title_words", "name_words", "body_words")


def held(document: Row) -> frozenset[str]:
    """The different stems of a document, with the marks that say whose it is."""
    return frozenset(" ".join(document[name] for name in _WORDS).split())


def tally(rows: Iterable[Row]) -> dict[str, Counter[str]]:
    """In how many of these documents each stem stands, by their kind."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        found[row["word"]].update(held(row))
    return found


def follow(connection: Connection, coalition: int, before: Iterable[Row], after: Iterable[Row]) -> None:
    """Count documents as they are now, which were counted as they were `before`."""
    was, now = tally(before), tally(after)
    for word in sorted(was.keys() | now.keys()):
        more = Counter(now.get(word, ()))
        more.subtract(was.get(word, ()))
        _add(connection, coalition, word, {stem: number for stem, number in sorted(more.items()) if number})


def _add(connection: Connection, coalition: int, word: str, more: Mapping[str, int]) -> None:
    if not more:
        return
    dialect = connection.dialect.name
    connection.execute(_adding(dialect), {"own": coalition, "kind": word, "given": json.dumps(more)})
    if less := [stem for stem, number in more.items() if number < 0]:
        connection.execute(_ending(dialect), {"own": coalition, "given": listed(dialect, less)})


def numbers(connection: Connection, coalition: int, wanted: Collection[str], within: Collection[str]) -> dict[str, int]:
    """In how many documents of the kinds `within` each of these stems stands; nothing of one that stands in none."""
    dialect = connection.dialect.name
    rows = connection.execute(_numbers(dialect), {"own": coalition, "given": listed(dialect, wanted), "within": [*within]})
    return {stem: number for stem, number in rows}  # noqa: C416 - rows are no pairs to mypy.


def wrong(connection: Connection) -> list[str]:
    """The kinds of records whose stems are not counted as they stand in the documents, of every coalition; not the stems, which people
    wrote."""
    query = select(counts.c.coalition, counts.c.word, counts.c.stem, counts.c.number)
    kept = {tuple(row) for row in connection.execute(query)}
    return sorted({word for _, word, _, _ in kept ^ set(_counted(connection))})


def _counted(connection: Connection) -> Iterator[tuple[int, str, str, int]]:
    every: dict[int, list[Row]] = defaultdict(list)
    for row in connection.execute(select(documents)).mappings():
        every[row["coalition"]].append(row)
    for coalition, rows in every.items():
        yield from ((coalition, word, stem, number) for word, found in tally(rows).items() for stem, number in found.items())


def rows(connection: Connection) -> Iterator[dict[str, Any]]:
    """What the documents hold, counted from scratch, as rows of the table."""
    for coalition, word, stem, number in sorted(_counted(connection)):
        yield {"coalition": coalition, "stem": stem, "word": word, "number": number}


def listed(dialect: str, wanted: Collection[str]) -> Any:
    """Stems as the parameter `given` of `among` takes them."""
    return json.dumps([*wanted]) if dialect == "sqlite" else [*wanted]


def among(dialect: str, column: Column[str]) -> ColumnElement[bool]:
    """Whether a column holds one of the stems that are `given`, however many: one statement for all lengths."""
    if dialect == "sqlite":
        return column.in_(select(func.json_each(_GIVEN).table_valued("value", name="given").c.value))
    return column == any_(bindparam("given", type_=ARRAY(Text)))


def _pairs(dialect: str) -> TableValuedAlias:
    """The stems with their numbers that are given as a JSON object."""
    each = func.json_each(_GIVEN) if dialect == "sqlite" else func.json_each_text(cast(_GIVEN, JSON))
    return each.table_valued("key", "value", name="given")


@cache
def _adding(dialect: str) -> Any:
    given = _pairs(dialect)
    counted = select(_OWN, given.c.key, bindparam("kind", type_=Text), cast(given.c.value, Integer))
    # Without a condition SQLite takes ON CONFLICT for the one of a join.
    query = insert_into(dialect, counts).from_select(["coalition", "stem", "word", "number"], counted.where(true()))
    return query.on_conflict_do_update(index_elements=counts.primary_key, set_={"number": counts.c.number + query.excluded.number})


@cache
def _ending(dialect: str) -> Any:
    return delete(counts).where(_OF, among(dialect, counts.c.stem), counts.c.number == literal(0))


@cache
def _numbers(dialect: str) -> Select[Any]:
    kinds = counts.c.word.in_(bindparam("within", type_=Text, expanding=True))
    return select(counts.c.stem, func.sum(counts.c.number)).where(_OF, among(dialect, counts.c.stem), kinds).group_by(counts.c.stem)
