"""What is asked of the index, in the words of each engine. Words are quoted, so nothing in them is ever an operator."""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, FromClause, Text, bindparam, cast, column, func, literal_column, select, table
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


class Match(NamedTuple):
    """The documents that an expression matches: where from, which, and how well (the lowest first)."""

    source: FromClause
    where: ColumnElement[bool]
    rank: ColumnElement[Any]


def mark(word: str) -> str:
    """The word in each document's index that says what kind it is; no text has a word with this sign."""
    return f"§{word.replace(' ', '')}"


def expression(
    connection: Connection,
    terms: Collection[Term],
    *,
    every: bool = True,
    need: Collection[Term] = (),
    within: Collection[str] = (),
    without: str = "",
) -> str:
    """Documents with every term (or any), with all that they `need`, of a kind `within` and not of the kind `without`."""
    dialect = connection.dialect.name
    quote, both, either = _QUOTE[dialect], _AND[dialect], _OR[dialect]

    def all_of(stems: Collection[str]) -> str:
        return f"({both.join(f'{quote}{stem}{quote}' for stem in stems)})"

    def any_of(term: Term) -> str:
        return f"({either.join(map(all_of, term))})"

    kinds = [[(mark(word),) for word in within]] if within else []
    asked = f"({(both if every else either).join(map(any_of, terms))})"
    found = both.join([asked, *map(any_of, [*need, *kinds])])
    return f"({found}){_NOT[dialect]}{all_of([mark(without)])}" if without else found


def matching(connection: Connection, asked: str) -> Match:
    """The documents that an expression matches."""
    if connection.dialect.name == "sqlite":
        return Match(documents.join(_INDEX, _INDEX.c.rowid == documents.c.id), _found(asked, "asked"), _INDEX.c.rank)
    return Match(documents, holds(connection, asked, "asked"), -func.ts_rank(_VECTOR, _query(asked, "asked")))


def holds(connection: Connection, asked: str, name: str) -> ColumnElement[bool]:
    """Whether a document matches an expression; `name` tells it from others of the same statement."""
    if connection.dialect.name == "sqlite":
        return documents.c.id.in_(select(_INDEX.c.rowid).where(_found(asked, name)))
    return _VECTOR.op("@@", is_comparison=True)(_query(asked, name))


def _found(asked: str, name: str) -> ColumnElement[bool]:
    return literal_column("search_index", Text).op("MATCH", is_comparison=True)(bindparam(name, asked, Text))


def _query(asked: str, name: str) -> ColumnElement[Any]:
    return cast(bindparam(name, asked, Text), TSQUERY)
