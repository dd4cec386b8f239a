"""What is asked of the index, in the words of each engine. Words are quoted, so nothing in them is ever an operator."""

from collections.abc import Collection, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    Text,
    bindparam,
    cast,
    column,
    func,
    literal_column,
    select,
    table,
)
from sqlalchemy.types import UserDefinedType

from storage.search_schema import documents

Term = Sequence[tuple[str, ...]]
"""A word of a query: its alternatives, each some stems that a document must all hold."""


class _Query(UserDefinedType[str]):
    """PostgreSQL's own type of a query; its dialect is not loaded for that."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "TSQUERY"


_INDEX = table("search_index", column("rowid"), column("rank"))
_VECTOR: ColumnElement[Any] = literal_column("search_documents.vector")
_ASKED = bindparam("asked", type_=Text)
"""What is asked, as `expression` writes it."""
_LIMIT, _OFFSET = bindparam("limit", type_=Integer), bindparam("offset", type_=Integer)
_FOUND: ColumnElement[bool] = literal_column("search_index", Text).op("MATCH", is_comparison=True)(_ASKED)
_QUERY: ColumnElement[Any] = cast(_ASKED, _Query)
_HAS: ColumnElement[bool] = _VECTOR.op("@@", is_comparison=True)(_QUERY)
_AND, _OR, _NOT = (
    {"sqlite": " AND ", "postgresql": " & "},
    {"sqlite": " OR ", "postgresql": " | "},
    {"sqlite": " NOT ", "postgresql": " & !"},
)
_QUOTE = {"sqlite": '"', "postgresql": "'"}


def mark(coalition: int, kind: str = "") -> str:
    """The word in each document's index that says whose it is, or whose and of which kind; no text has a word with this sign.

    One word for both, since ranking counts every document that holds a word of the query.
    """
    return f"§{kind.replace(' ', '')}{coalition}"


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

    marks = [(mark(coalition, word),) for word in within or [""]]
    asked = f"({(both if every else either).join(map(any_of, terms))})"
    found = both.join([asked, *map(any_of, [*need, marks])])
    return unlike(connection, found, all_of([mark(coalition, without)])) if without else f"({found})"


def unlike(connection: Connection, one: str, other: str) -> str:
    """What matches the one expression and not the other."""
    return f"({one}){_NOT[connection.dialect.name]}({other})"


@cache
def page(dialect: str) -> Select[Any]:
    """A page of the documents that match `asked`, best first: root, word, title and rank (the lowest is the best)."""
    shown = (documents.c.root, documents.c.word, documents.c.title)
    if dialect == "sqlite":
        # The index alone finds and orders; joined to all documents, SQLite would ask it again for each.
        best = _INDEX.select().where(_FOUND).order_by(_INDEX.c.rank, _INDEX.c.rowid).limit(_LIMIT).offset(_OFFSET).subquery("best")
        joined = documents.join(best, best.c.rowid == documents.c.id)
        return select(*shown, best.c.rank).select_from(joined).order_by(best.c.rank, documents.c.id)
    rank = (-func.ts_rank(_VECTOR, _QUERY)).label("rank")
    return select(*shown, rank).where(_HAS).order_by(rank, documents.c.id).limit(_LIMIT).offset(_OFFSET)


@cache
def counting(dialect: str) -> Select[int]:
    """How many documents match `asked`."""
    if dialect == "sqlite":
        return select(func.count()).select_from(_INDEX).where(_FOUND)
    return select(func.count()).select_from(documents).where(_HAS)
