"""What is asked of the index, in the words of each engine. Words are quoted, so nothing in them is ever an operator."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Text, bindparam, cast, column, func, literal_column, select, table
from sqlalchemy.dialects.postgresql import TSQUERY

from storage.search_schema import documents

Term = Sequence[tuple[str, ...]]
"""A word of a query: its alternatives, each some stems that a document must all hold."""

_INDEX = table("search_index", column("rowid"), column("rank"))
_VECTOR: ColumnElement[Any] = literal_column("search_documents.vector")
_AND, _OR, _NOT = (
    {"sqlite": " AND ", "postgresql": " & "},
    {"sqlite": " OR ", "postgresql": " | "},
    {"sqlite": " NOT ", "postgresql": " & !"},
)
_QUOTE = {"sqlite": '"', "postgresql": "'"}


def mark(kind: str | int) -> str:
    """The word in each document's index that says of which kind and coalition it is; no text has a word with this sign."""
    return f"§{str(kind).replace(' ', '')}"


def expression(
    connection: Connection,
    coalition: int,
    terms: Collection[Term],
    *,
    every: bool = True,
    need: Collection[Term] = (),
    within: Collection[str] = (),
    without: str = "",
) -> str:
    """A coalition's documents with every term (or any), all that they `need`, of a kind `within` and not of the kind `without`."""
    dialect = connection.dialect.name
    quote, both, either = _QUOTE[dialect], _AND[dialect], _OR[dialect]

    def all_of(stems: Collection[str]) -> str:
        return f"({both.join(f'{quote}{stem}{quote}' for stem in stems)})"

    def any_of(term: Term) -> str:
        return f"({either.join(map(all_of, term))})"

    kinds = [[(mark(word),) for word in within]] if within else []
    asked = f"({(both if every else either).join(map(any_of, terms))})"
    found = both.join([asked, *map(any_of, [*need, *kinds, [(mark(coalition),)]])])
    return unlike(connection, found, all_of([mark(without)])) if without else f"({found})"


def unlike(connection: Connection, one: str, other: str) -> str:
    """What matches the one expression and not the other."""
    return f"({one}){_NOT[connection.dialect.name]}({other})"


def page(connection: Connection, asked: str, limit: int, offset: int) -> Select[Any]:
    """The documents that an expression matches, best first: root, word, title and rank (the lowest is the best)."""
    shown = (documents.c.root, documents.c.word, documents.c.title)
    if connection.dialect.name == "sqlite":
        # The index alone finds and orders; joined to all documents, SQLite would ask it again for each.
        best = _INDEX.select().where(_found(asked)).order_by(_INDEX.c.rank, _INDEX.c.rowid).limit(limit).offset(offset).subquery("best")
        joined = documents.join(best, best.c.rowid == documents.c.id)
        return select(*shown, best.c.rank).select_from(joined).order_by(best.c.rank, documents.c.id)
    rank = (-func.ts_rank(_VECTOR, _query(asked))).label("rank")
    return select(*shown, rank).where(_has(asked)).order_by(rank, documents.c.id).limit(limit).offset(offset)


def any_match(connection: Connection, asked: str) -> Select[Any]:
    """One row if an expression matches any document."""
    if connection.dialect.name == "sqlite":
        return select(_INDEX.c.rowid).where(_found(asked)).limit(1)
    return select(documents.c.id).where(_has(asked)).limit(1)


def counting(connection: Connection, asked: str) -> Select[int]:
    """How many documents an expression matches."""
    if connection.dialect.name == "sqlite":
        return select(func.count()).select_from(_INDEX).where(_found(asked))
    return select(func.count()).select_from(documents).where(_has(asked))


def _found(asked: str) -> ColumnElement[bool]:
    return literal_column("search_index", Text).op("MATCH", is_comparison=True)(bindparam("asked", asked, Text))


def _has(asked: str) -> ColumnElement[bool]:
    return _VECTOR.op("@@", is_comparison=True)(_query(asked))


def _query(asked: str) -> ColumnElement[Any]:
    return cast(bindparam("asked", asked, Text), TSQUERY)
