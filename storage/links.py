"""Who points at whom: every reference of every record."""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from bot import errors
from bot.coalition import ids
from bot.coalition.record import Record, references
from storage import schema
from storage.kept import Kept
from storage.kinds import BY_LETTER
from storage.reader import HOW_TO_LIST


def of(record: Record) -> list[tuple[str, str, str]]:
    """(record, field, target) of every reference, once."""
    return sorted({(record.id, field, target) for field, target in references(record)})


def check(connection: Connection, coalition: int, targets: Iterable[tuple[str, str]]) -> None:
    wanted: dict[Kept[Any], set[str]] = {}
    for _, target in targets:
        kept = BY_LETTER.get(ids.letter(target))
        if kept is not None:
            wanted.setdefault(kept, set()).add(target)
    for kept, identities in wanted.items():
        query = select(kept.table.c.id).where(kept.table.c.coalition == coalition, kept.table.c.id.in_(sorted(identities)))
        for missing in sorted(identities.difference(connection.scalars(query))):
            raise errors.NotFound(f"There is no {kept.kind.word} {missing}.", lines=[HOW_TO_LIST.get(missing[0], "help")])


def add(connection: Connection, coalition: int, pairs: Iterable[tuple[str, str, str]]) -> None:
    """Note who points at whom: (record, field, target)."""
    rows = [{"coalition": coalition, "record": record, "field": field, "target": target} for record, field, target in pairs]
    if rows:
        connection.execute(insert(schema.links), rows)


def drop(connection: Connection, coalition: int, record: Record, fields: Collection[str]) -> None:
    link = schema.links.c
    if fields:
        connection.execute(
            delete(schema.links).where(link.coalition == coalition, link.record == record.id, link.field.in_(sorted(fields)))
        )
