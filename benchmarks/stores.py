"""SQLite stores of invented coalitions, written in bulk: records, links, search index and an audit trail as long as asked for."""

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection, Table, insert

from benchmarks.coalitions import NOW, Size, records
from bot.coalition import ids
from bot.coalition.record import Record, personal, references
from storage import database, indexing, schema
from storage.kinds import KINDS
from storage.opening import open_store
from storage.store import SqlStore

CHUNK = 5_000
"""Rows of one statement."""
CHANGES = 5
"""Changed fields of one transaction of the audit trail."""


def opened(folder: Path, size: Size) -> SqlStore:
    """The store of this size in a folder; made when it is not there yet."""
    path = folder / f"{size.members}-{size.sessions}-{size.audit}.db"
    if not path.exists():
        made = path.with_suffix(".part")
        made.unlink(missing_ok=True)
        _make(made, size)
        made.rename(path)
    return open_store(f"sqlite:///{path}")


def _make(path: Path, size: Size) -> None:
    new = open_store(f"sqlite:///{path}")
    whole: dict[type, list[Record]] = defaultdict(list)
    for record in records(size):
        whole[type(record)].append(record)
    with database.transaction(new.engine, writes=True) as connection:
        for kept in KINDS:
            rows = ({"coalition": 1, "seq": seq, **_values(record)} for seq, record in enumerate(whole[kept.kind], 1))
            _fill(connection, kept.table, rows)
        everything = [record for group in whole.values() for record in group]
        _fill(connection, schema.links, _links(everything))
        _fill(connection, schema.counters, _counters(everything))
        _fill(connection, schema.transactions, _transactions(size.audit // CHANGES))
        _fill(connection, schema.audit, itertools.islice(_changes(everything), size.audit // CHANGES * CHANGES))
        indexing.rebuild(connection, KINDS)
    new.close()


def _values(record: Record) -> dict[str, Any]:
    return {"uid": f"{record.word} {record.id}", **{name: getattr(record, name) for name in record.__dataclass_fields__}}


def _fill(connection: Connection, table: Table, rows: Iterable[dict[str, Any]]) -> None:
    waiting = iter(rows)
    while chunk := list(itertools.islice(waiting, CHUNK)):
        connection.execute(insert(table), chunk)


def _links(whole: Sequence[Record]) -> Iterator[dict[str, Any]]:
    for record in whole:
        for field, target in dict.fromkeys(references(record)):
            yield {"coalition": 1, "record": record.id, "field": field, "target": target}


def _counters(whole: Sequence[Record]) -> Iterator[dict[str, Any]]:
    last: dict[str, int] = {}
    for found in filter(None, (ids.parse(record.id) for record in whole)):
        name = f"{found.letter}{found.number}.{found.child}" if found.child else found.letter
        last[name] = max(last.get(name, 0), found.child_number or found.number)
    yield from ({"coalition": 1, "name": name, "last": number} for name, number in last.items())


def _transactions(count: int) -> Iterator[dict[str, Any]]:
    for number in range(1, count + 1):
        yield {"id": number, "coalition": 1, "at": NOW, "account": "console:chair", "member": "M1", "what": "change", "undoable": True}


def _changes(whole: Sequence[Record]) -> Iterator[dict[str, Any]]:
    """Every field of every record, again and again: as many changes as one wants."""
    fields = ((record, name) for record in itertools.cycle(whole) for name in record.__dataclass_fields__)
    for number, (record, name) in enumerate(fields):
        found = ids.parse(record.id)
        hidden = name in personal(type(record))
        value = None if hidden else msgspec.json.encode(getattr(record, name)).decode()
        yield {
            "transaction": number // CHANGES + 1, "coalition": 1, "root": f"{found.letter}{found.number}" if found else record.id,
            "record": record.id, "field": name, "old": None, "new": value, "personal": hidden,
        }  # fmt: skip
