"""Everything out of a store; `storage.exchange` describes the format."""

import itertools
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec
from sqlalchemy import Connection, func, select

from storage import database, exchange, schema
from storage.database import CHUNK
from storage.exchange import Alteration, Counter, Deed, Tick, quiet
from storage.kinds import KINDS
from storage.store import SqlStore


def export(store: SqlStore, write: Callable[[bytes], object], tick: Tick = quiet) -> None:
    """Write every line of an export, as the store is at one instant."""
    with database.transaction(store.engine, writes=False) as connection:
        total = _size(connection, store.coalition)
        for done, line in enumerate(_lines(connection, store.coalition)):
            write(line + b"\n")
            tick(done, total)


def _size(connection: Connection, coalition: int) -> int:
    tables = [*(kept.table for kept in KINDS), schema.counters, schema.transactions]
    counts = (select(func.count()).select_from(table).where(table.c.coalition == coalition) for table in tables)
    return sum(connection.scalar(count) or 0 for count in counts)


def _lines(connection: Connection, coalition: int) -> Iterator[bytes]:
    yield exchange.header_line()
    for kept in KINDS:
        query = select(kept.table.c.uid, *kept.columns).where(kept.table.c.coalition == coalition)
        for uid, *values in _streamed(connection, query.order_by(kept.table.c.seq, kept.table.c.id)):
            yield exchange.record_line(kept.kind(**dict(zip(kept.names, values, strict=True))), uid)
    for deed in _trail(connection, coalition):
        yield exchange.line(deed)
    counters = select(schema.counters.c.name, schema.counters.c.last).where(schema.counters.c.coalition == coalition)
    for name, last in _streamed(connection, counters.order_by(schema.counters.c.name)):
        yield exchange.line(Counter(name, last))


def _streamed(connection: Connection, query: Any) -> Iterable[Any]:
    return connection.execute(query, execution_options={"yield_per": CHUNK})


def _trail(connection: Connection, coalition: int) -> Iterator[Deed]:
    """The transactions that changed something, numbered from 1."""
    done, audit, own = schema.transactions.c, schema.audit.c, schema.audit_personal.c
    query = (
        select(
            done.id, done.at, done.account, done.what, done.member, done.undoable, done.undoes,
            audit.record, audit.field, audit.personal, func.coalesce(own.old, audit.old), func.coalesce(own.new, audit.new),
        )
        .join(schema.audit, audit.transaction == done.id)
        .outerjoin(schema.audit_personal, own.audit == audit.id)
        .where(done.coalition == coalition)
        .order_by(done.id, audit.id)
    )  # fmt: skip
    numbers: dict[int, int] = {}
    for key, rows in itertools.groupby(_streamed(connection, query), lambda row: row[:7]):
        identity, at, account, what, member, undoable, undoes = key
        numbers[identity] = len(numbers) + 1
        changes = [
            Alteration(record, name, _raw(old), _raw(new), bool(personal))
            for *_, record, name, personal, old, new in (row[7:] for row in rows)
        ]
        yield Deed(numbers[identity], at, account, what, changes, member, undoable, numbers.get(undoes))


def _raw(text: str | None) -> msgspec.Raw | None:
    return None if text is None else msgspec.Raw(text.encode())
