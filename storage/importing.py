"""Files into a store: `storage.exchange` describes their format."""

import itertools
from collections import Counter as Tally
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec
from sqlalchemy import bindparam, insert, select, update

from bot.coalition import ids
from bot.coalition.record import Record, redirected
from bot.coalition.reminders import Occurrence
from bot.coalition.store import Stamp
from storage import database, exchange, schema
from storage.database import in_chunks
from storage.exchange import Alteration, Content, Counter, Deed, Entry, Tick, quiet
from storage.kept import Kept
from storage.kinds import KINDS, kept_of
from storage.store import New, SqlRecords, SqlStore
from storage.trail import Noted


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


def load(store: SqlStore, content: Content, stamp: Stamp, tick: Tick = quiet, *, dry: bool = False) -> Outcome:
    """Keep what is not there yet, all or nothing in one transaction. `dry`: only say what would be done.

    A record whose uid is known stays as it is. Into an empty store ids stay as written and the audit trail comes along;
    otherwise a taken id is replaced, wherever it is referred to, and the history of what was added begins with this import.
    """
    with database.transaction(store.engine, writes=not dry) as connection:
        records = SqlRecords(connection, store.coalition, stamp)
        plan = _plan(content, records, _counters(records, held=not dry))
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

    last: Mapping[str, int]
    new: Sequence[Entry]
    known: Sequence[Entry]
    renumbered: Mapping[str, str]
    trail: Sequence[Deed] = ()
    counters: Sequence[Counter] = ()

    def outcome(self, records: SqlRecords) -> Outcome:
        added = Tally(entry.record.word for entry in self.new)
        return Outcome(added, len(self.known), tuple(_differing(records, self.known)), self.renumbered, len(self.trail))


def _differing(records: SqlRecords, known: Sequence[Entry]) -> Iterator[str]:
    for kept, entries in _by_kind(known):
        here = records.many(kept.kind, [entry.record.id for entry in entries])
        yield from (entry.record.id for entry in entries if here[entry.record.id] != entry.record)


def _by_kind(entries: Iterable[Entry]) -> Iterator[tuple[Kept[Any], Sequence[Entry]]]:
    """Entries that stand by kind, a statement's worth at a time."""
    for kept, group in itertools.groupby(entries, key=lambda entry: entry.kept):
        yield from ((kept, chunk) for chunk in in_chunks(list(group)))


def _plan(content: Content, records: SqlRecords, last: Mapping[str, int]) -> _Plan:
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
        last,
        [entry for held, entry in entries if not held],
        [entry for held, entry in entries if held],
        {old: new for old, new in moved.items() if old not in known},
        *((content.trail, content.counters) if not last else ()),
    )


def _moved(entry: Entry, moved: Mapping[str, str]) -> Entry:
    if not moved:
        return entry
    record = redirected(entry.record, moved)
    if isinstance(record, Occurrence):
        record = replace(record, key="/".join(moved.get(part, part) for part in record.key.split("/")))
    return replace(entry, record=replace(record, id=moved.get(record.id, record.id)))


def _counters(records: SqlRecords, *, held: bool) -> dict[str, int]:
    """The last number given by each counter; empty in a store that never held anything. `held`: nobody else may count on meanwhile."""
    table = schema.counters.c
    query = select(table.name, table.last).where(table.coalition == records.coalition).order_by(table.name)
    return {row.name: row.last for row in records.connection.execute(query.with_for_update() if held else query)}


def _held(records: SqlRecords, kept: Kept[Any], entries: Sequence[Entry]) -> dict[str, str]:
    """Id in the file -> id here, of the records that are here: by uid, or by an id that is a name (a year, an account)."""
    found = _held_by(records, kept, "uid", {entry.uid: entry.record.id for entry in entries})
    if kept.kind.letter:
        return found
    return _held_by(records, kept, "id", {entry.record.id: entry.record.id for entry in entries}) | found


def _held_by(records: SqlRecords, kept: Kept[Any], column: str, wanted: Mapping[str, str]) -> dict[str, str]:
    table = kept.table.c
    found: dict[str, str] = {}
    for keys in in_chunks(list(wanted)):
        query = select(table[column], table.id).where(table.coalition == records.coalition, table[column].in_(keys))
        found |= {wanted[key]: identity for key, identity in records.connection.execute(query)}
    return found


def _numbered(new: Iterable[Record], last: Mapping[str, int], ids_to: Mapping[str, str]) -> dict[str, str]:
    """Id in the file -> id here, of new records: their own number where it was never given, else the next free one."""
    found: dict[str, str] = {}
    groups: dict[str, dict[int, str]] = defaultdict(dict)
    for record in new:
        counter, number = _place(record.id)
        if not number:
            found[record.id] = record.id
        else:
            parent = f"{ids_to[getattr(record, record.parent)]}." if record.parent else ""
            groups[parent + counter.rpartition(".")[2]][number] = record.id
    for counter, wanted in groups.items():
        given = last.get(counter, 0)
        free = itertools.count(max(given, *wanted) + 1)
        found |= {identity: f"{counter}{number if number > given else next(free)}" for number, identity in sorted(wanted.items())}
    return found


def _place(identity: str) -> tuple[str, int]:
    """The counter of an id and its number by it: `P3.m`, 1; the number is 0 for an id without a letter."""
    short = ids.parse(identity)
    if short is None:
        return "", 0
    return (f"{short.letter}{short.number}.{short.child}", short.child_number) if short.child_number else (short.letter, short.number)


def _write(records: SqlRecords, plan: _Plan, tick: Tick) -> None:
    total = len(plan.trail) + len(plan.new)
    for done in _write_trail(records, plan.trail):
        tick(done, total)
    records.trail.begin()
    explained = {change.record for deed in plan.trail for change in deed.changes if change.field == "id"}
    last = defaultdict(int, plan.last)
    done = len(plan.trail)
    for kept, entries in _by_kind(plan.new):
        records.keep(kept, [_new(entry, last, explained) for entry in entries])
        done += len(entries)
        tick(done, total)
    for counter in plan.counters:
        last[counter.counter] = max(last[counter.counter], counter.last)
    records.counters.note({name: number for name, number in last.items() if number != plan.last.get(name)})


def _new(entry: Entry, last: dict[str, int], explained: Collection[str]) -> New:
    """An entry with the number that orders it, which is noted in `last`."""
    counter, number = _place(entry.record.id)
    counter = counter or f"~{entry.record.word}"
    number = number or last[counter] + 1
    last[counter] = max(last[counter], number)
    return New(entry.record, number, entry.uid, entry.record.id not in explained)


def _write_trail(records: SqlRecords, trail: Sequence[Deed]) -> Iterator[int]:
    """Write the trail; how many transactions are written, now and again."""
    table = schema.transactions
    given: dict[int, int] = {}
    query = insert(table).returning(table.c.id, sort_by_parameter_order=True)
    for chunk in in_chunks(trail):
        rows = [
            {
                "coalition": records.coalition, "at": deed.at, "account": deed.account, "member": deed.member, "what": deed.what,
                "undoable": deed.undoable,
            }
            for deed in chunk
        ]  # fmt: skip
        given |= zip((deed.transaction for deed in chunk), records.connection.scalars(query, rows), strict=True)
        records.trail.note([(given[deed.transaction], _noted(change)) for deed in chunk for change in deed.changes])
        yield len(given)
    undone = [{"this": given[deed.transaction], "other": given[deed.undoes]} for deed in trail if deed.undoes]
    if undone:
        records.connection.execute(update(table).where(table.c.id == bindparam("this")).values(undoes=bindparam("other")), undone)


def _noted(change: Alteration) -> Noted:
    old, new = (None if value is None else msgspec.json.encode(value).decode() for value in (change.old, change.new))
    return Noted(change.record, change.field, exchange.is_personal(change), old, new)
