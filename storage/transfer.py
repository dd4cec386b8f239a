"""Everything out of a store, and files into one: see `storage.exchange` for the format."""

import itertools
from collections import Counter as Tally
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec
from sqlalchemy import Connection, func, insert, select

from bot.coalition import ids
from bot.coalition.record import Record, redirected
from bot.coalition.store import Stamp
from storage import database, exchange, schema
from storage.exchange import Alteration, Content, Counter, Deed, Entry
from storage.kept import Kept
from storage.kinds import KINDS, kept_of
from storage.store import Noted, SqlRecords, SqlStore

CHUNK = 500
"""Rows of one statement: far below the variables that a statement may have on every database."""

Tick = Callable[[int, int], None]
"""Told how many steps are done, of how many."""


def _quiet(done: int, total: int) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import did, or would do.

    `added` counts by word, `known` are records that were there already, `differing` the ids of those that are not as the
    file has them, `renumbered` the new ids of records whose own were taken, `trail` the transactions that came with them.
    """

    added: Mapping[str, int] = field(default_factory=dict)
    known: int = 0
    differing: tuple[str, ...] = ()
    renumbered: Mapping[str, str] = field(default_factory=dict)
    trail: int = 0


def export(store: SqlStore, write: Callable[[bytes], object], tick: Tick = _quiet) -> None:
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


def load(store: SqlStore, content: Content, stamp: Stamp, tick: Tick = _quiet, *, dry: bool = False) -> Outcome:
    """Keep what is not there yet, all or nothing in one transaction. `dry`: only say what would be done.

    A record whose uid is known stays as it is. Into an empty store ids stay as written and the audit trail comes along;
    otherwise a taken id is replaced, wherever it is referred to, and the history of what was added begins with this import.
    """
    with database.transaction(store.engine, writes=not dry) as connection:
        records = SqlRecords(connection, store.coalition, stamp)
        plan = _plan(records, content)
        if not dry and (plan.new or plan.trail):
            _write(records, plan, tick)
        return plan.outcome(records)


def holds(store: SqlStore, kind: type[Record], uid: str) -> bool:
    """Whether a record with this uid is in the store."""
    kept = kept_of(kind)
    with database.transaction(store.engine, writes=False) as connection:
        query = select(kept.table.c.id).where(kept.table.c.coalition == store.coalition, kept.table.c.uid == uid)
        return connection.scalar(query) is not None


@dataclass(frozen=True, slots=True)
class _Plan:
    """What an import will do: the new entries with their ids in this store, and what comes with them into an empty one."""

    new: Sequence[Entry]
    known: Sequence[Entry]
    renumbered: Mapping[str, str]
    trail: Sequence[Deed] = ()
    counters: Sequence[Counter] = ()

    def outcome(self, records: SqlRecords) -> Outcome:
        differing = (entry.record.id for entry in self.known if records.find(entry.kept.kind, entry.record.id) != entry.record)
        added = Tally(entry.record.word for entry in self.new)
        return Outcome(added, len(self.known), tuple(differing), self.renumbered, len(self.trail))


def _plan(records: SqlRecords, content: Content) -> _Plan:
    last = _counters(records)
    ids_to: dict[str, str] = {}
    known: set[str] = set()
    groups: dict[Kept[Any], list[Entry]] = defaultdict(list)
    for entry in content.entries:
        groups[entry.kept].append(entry)
    ordered = [kept for kept in KINDS if kept in groups]
    for kept in ordered:
        here = _held(records, kept, groups[kept])
        known |= here.keys()
        ids_to |= here | _numbered([entry.record for entry in groups[kept] if entry.record.id not in here], last, ids_to)
    moved = {old: new for old, new in ids_to.items() if old != new}
    entries = [(entry.record.id in known, _moved(entry, moved)) for kept in ordered for entry in groups[kept]]
    return _Plan(
        [entry for held, entry in entries if not held],
        [entry for held, entry in entries if held],
        {old: new for old, new in moved.items() if old not in known},
        *((content.trail, content.counters) if not last else ()),
    )


def _moved(entry: Entry, moved: Mapping[str, str]) -> Entry:
    if not moved:
        return entry
    record = redirected(entry.record, moved)
    return replace(entry, record=replace(record, id=moved.get(record.id, record.id)))


def _counters(records: SqlRecords) -> dict[str, int]:
    """The last number given by each counter; empty in a store that never held anything."""
    table = schema.counters.c
    query = select(table.name, table.last).where(table.coalition == records.coalition)
    return {row.name: row.last for row in records.connection.execute(query)}


def _held(records: SqlRecords, kept: Kept[Any], entries: Sequence[Entry]) -> dict[str, str]:
    """Id in the file -> id here, of the records that are here: by uid, or by an id that is a name (a year, an account)."""
    found = _held_by(records, kept, "uid", {entry.uid: entry.record.id for entry in entries})
    if kept.kind.letter:
        return found
    return _held_by(records, kept, "id", {entry.record.id: entry.record.id for entry in entries}) | found


def _held_by(records: SqlRecords, kept: Kept[Any], column: str, wanted: Mapping[str, str]) -> dict[str, str]:
    table = kept.table.c
    found: dict[str, str] = {}
    keys = list(wanted)
    for start in range(0, len(keys), CHUNK):
        query = select(table[column], table.id).where(table.coalition == records.coalition, table[column].in_(keys[start : start + CHUNK]))
        found |= {wanted[key]: identity for key, identity in records.connection.execute(query)}
    return found


def _numbered(new: Iterable[Record], last: Mapping[str, int], ids_to: Mapping[str, str]) -> dict[str, str]:
    """Id in the file -> id here, of new records: their own number where it was never given, else the next free one."""
    found: dict[str, str] = {}
    groups: dict[str, dict[int, str]] = defaultdict(dict)
    for record in new:
        short = ids.parse(record.id) if record.letter else None
        if short is None:
            found[record.id] = record.id
        else:
            parent = f"{ids_to[getattr(record, record.parent)]}." if record.parent else ""
            groups[parent + record.letter[-1]][short.child_number or short.number] = record.id
    for counter, wanted in groups.items():
        given = last.get(counter, 0)
        free = itertools.count(max(given, *wanted) + 1)
        found |= {identity: f"{counter}{number if number > given else next(free)}" for number, identity in sorted(wanted.items())}
    return found


def _write(records: SqlRecords, plan: _Plan, tick: Tick) -> None:
    _write_trail(records, plan.trail)
    records.begin()
    explained = {change.record for deed in plan.trail for change in deed.changes if change.field == "id"}
    for done, entry in enumerate(plan.new):
        seq, record = records.numbered(entry.record)
        records.keep(record, seq, entry.uid, audited=record.id not in explained)
        tick(done, len(plan.new))
    for counter in plan.counters:
        records.number(counter.counter, at_least=counter.last)


def _write_trail(records: SqlRecords, trail: Sequence[Deed]) -> None:
    given: dict[int | None, int] = {}
    for deed in trail:
        row = {
            "coalition": records.coalition, "at": deed.at, "account": deed.account, "member": deed.member, "what": deed.what,
            "undoable": deed.undoable, "undoes": given.get(deed.undoes),
        }  # fmt: skip
        table = schema.transactions
        given[deed.transaction] = records.connection.scalars(insert(table).returning(table.c.id), row).one()
        records.note(given[deed.transaction], [_noted(change) for change in deed.changes])


def _noted(change: Alteration) -> Noted:
    old, new = (None if value is None else msgspec.json.encode(value).decode() for value in (change.old, change.new))
    return Noted(change.record, change.field, exchange.is_personal(change), old, new)
