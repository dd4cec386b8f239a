"""The store: records in and out inside one transaction, every change audited in that same transaction."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, delete, func, insert, select, update

from bot import errors
from bot.coalition import ids
from bot.coalition.arrivals import Intake
from bot.coalition.outbox import Sorting
from bot.coalition.record import R, Record, pointing, references
from bot.coalition.reminders import Occurrence, Reminder
from bot.coalition.store import Pulse, Records, Stamp, Touched
from bot.coalition.timetable import NEVER, Timetable
from storage import database, forgetting, indexing, links, scheduling, schema
from storage.codes import SqlCodes
from storage.counters import Counters
from storage.database import insert_into
from storage.feeds import SqlFeeds
from storage.interrupted import SqlInterrupted
from storage.kept import Kept
from storage.kinds import kept_of
from storage.listed import SqlListed
from storage.outbox import SqlOutbox
from storage.reader import Reader
from storage.trail import UID, SqlTrail, noted, told

_MOVING: Mapping[type, tuple[str, ...]] = {Reminder: ("state",), Occurrence: ("state", "until")}
"""What the timekeeper changes by itself, beside somebody who has read the record: no change is made that does not know of it."""


class New(NamedTuple):
    """A record to keep: the number that orders it, and the uid by which imports know it. Not `audited`: its history comes with it."""

    record: Record
    seq: int
    uid: str
    audited: bool = True


class SqlStore:
    """The records of one coalition in one database."""

    def __init__(self, engine: Engine, coalition: int = 1) -> None:
        self.engine = engine
        self.coalition = coalition

    @contextmanager
    def transaction(self, stamp: Stamp | None = None) -> Iterator[Records]:
        """One transaction: reading only without a stamp; with one, every change is audited under it."""
        with database.transaction(self.engine, writes=stamp is not None, coalition=self.coalition) as connection:
            yield SqlRecords(connection, self.coalition, stamp)

    @property
    def timetable(self) -> Timetable:
        from storage.timetable import SqlTimetable  # noqa: PLC0415 - it works with the records of a store itself

        return SqlTimetable(self)

    @property
    def sorting(self) -> Sorting:
        from storage.sorting import SqlSorting  # noqa: PLC0415 - it works with the records of a store itself

        return SqlSorting(self)

    @property
    def intake(self) -> Intake:
        from storage.arrivals import SqlIntake  # noqa: PLC0415 - it works with the records of a store itself

        return SqlIntake(self)

    def close(self) -> None:
        self.engine.dispose()


class SqlRecords(Reader):
    """The records of one coalition inside one transaction; see `bot.coalition.store.Records`."""

    def __init__(self, connection: Connection, coalition: int, stamp: Stamp | None) -> None:
        super().__init__(connection, coalition)
        self.trail = SqlTrail(connection, coalition, stamp)
        self._touched: list[Record] = []

    @property
    def counters(self) -> Counters:
        return Counters(self.connection, self.coalition)

    @property
    def outbox(self) -> SqlOutbox:
        return SqlOutbox(self.connection, self.coalition, self.trail.now, lambda: self.trail.begin() if self.trail.stamp else None)

    @property
    def interrupted(self) -> SqlInterrupted:
        return SqlInterrupted(self.connection, self.coalition)

    @property
    def codes(self) -> SqlCodes:
        return SqlCodes(self.connection, self.coalition)

    @property
    def feeds(self) -> SqlFeeds:
        return SqlFeeds(self.connection, self.coalition)

    @property
    def listed(self) -> SqlListed:
        return SqlListed(self.connection, self.coalition)

    def add(self, record: R) -> R:
        given = record.id
        seq, record = self.counters.numbered(record)
        if given and self.find(type(record), given) is not None:
            raise errors.Conflict(f"{record.word.capitalize()} {record.id} exists already.", lines=[f"history {record.id}"])
        links.check(self.connection, self.coalition, references(record))
        uid = self._uid_before(record) if given else ""
        self.keep(kept_of(type(record)), [New(record, seq, uid or uuid.uuid4().hex)])
        return record

    def keep(self, kept: Kept[Any], new: Sequence[New]) -> None:
        """Write new records of one kind whose ids are free and whose targets are there."""
        values = [{column.name: getattr(entry.record, column.name) for column in kept.columns} for entry in new]
        rows = [{"coalition": self.coalition, "seq": entry.seq, "uid": entry.uid, **row} for entry, row in zip(new, values, strict=True)]
        self.connection.execute(insert(kept.table), rows)
        links.add(self.connection, self.coalition, (pair for entry in new for pair in links.of(entry.record)))
        audited = [
            change
            for entry, row in zip(new, values, strict=True)
            if entry.audited
            for change in noted(entry.record, [(name, None, value) for name, value in row.items() if told(name, value)])
        ]
        self.trail.add(audited)
        self._touched += [entry.record for entry in new if entry.audited]
        scheduling.follow_new(self.connection, self.coalition, kept.kind, [entry.record for entry in new])
        indexing.index_new(self.connection, self.coalition, kept, [entry.record for entry in new])

    def change(self, record: R, **fields: Any) -> R:
        kept = kept_of(type(record))
        changed = {name: value for name, value in fields.items() if getattr(record, name) != value}
        if not changed:
            return record
        new = replace(record, **changed)
        links.check(self.connection, self.coalition, ((name, target) for name, target in references(new) if name in changed))
        table = kept.table
        scheduling.hold(self.connection, self.coalition, record)
        result = self.connection.execute(
            update(table)
            .where(table.c.coalition == self.coalition, table.c.id == record.id)
            .where(*(table.c[name].is_not_distinct_from(getattr(record, name)) for name in {*changed, *_MOVING.get(type(record), ())}))
            .values(changed)
        )
        if result.rowcount != 1:
            raise errors.Conflict(
                f"{record.id} was changed by somebody else meanwhile. Look again, then repeat.", lines=[f"history {record.id}"]
            )
        moved = [name for name in changed if name in pointing(type(record))]
        links.drop(self.connection, self.coalition, record, moved)
        links.add(self.connection, self.coalition, (pair for pair in links.of(new) if pair[1] in moved))
        self.trail.add(noted(new, [(name, getattr(record, name), value) for name, value in changed.items()]))
        self._touched.append(new)
        scheduling.follow(self.connection, self.coalition, new)
        indexing.index(self.connection, self.coalition, kept, new)
        return new

    def remove(self, record: Record) -> None:
        kept = kept_of(type(record))
        pointing_here = self.referrers(record.id)
        past = [where for where, field in pointing_here if field == "about" and ids.letter(where) == Occurrence.letter]
        others = [where for where, _ in pointing_here if where not in {record.id, *past}]
        if others:
            raise errors.Refused(
                f"{record.id} cannot go: {', '.join(others[:5])} {'refers' if len(others) == 1 else 'refer'} to it.", lines=others[:3]
            )
        self._let_go(past)
        scheduling.hold(self.connection, self.coalition, record)
        gone = delete(kept.table).where(kept.table.c.coalition == self.coalition, kept.table.c.id == record.id)
        uid = self.connection.scalar(gone.returning(kept.table.c.uid))
        links.drop(self.connection, self.coalition, record, pointing(type(record)))
        values = [(column.name, getattr(record, column.name)) for column in kept.columns]
        self.trail.add(noted(record, [*((name, value, None) for name, value in values if told(name, value)), (UID, uid, None)]))
        self._touched.append(record)
        scheduling.follow_gone(self.connection, self.coalition, record)
        indexing.forget(self.connection, self.coalition, record.id)

    def _let_go(self, occurrences: Sequence[str]) -> None:
        """Have occurrences be about nothing any more: that one was once reminded of a record does not hold it back."""
        if not occurrences:
            return
        table, link = kept_of(Occurrence).table, schema.links.c
        theirs = (table.c.coalition == self.coalition, table.c.id.in_(occurrences))
        self.connection.execute(update(table).where(*theirs, table.c.state == "waiting").values(state="skipped", until=None))
        self.connection.execute(update(table).where(*theirs).values(about=None))
        self.connection.execute(
            delete(schema.links).where(link.coalition == self.coalition, link.record.in_(occurrences), link.field == "about")
        )
        scheduling.drop(self.connection, self.coalition, occurrences)
        self.outbox.withdraw(occurrences)

    def touched(self) -> Touched:
        return Touched(self.trail.begin() if self._touched else 0, tuple(self._touched))

    def pulse(self) -> Pulse:
        beats, entries = schema.beats.c, schema.timetable.c
        heard = self.connection.execute(select(beats.process, beats.at).where(beats.coalition == self.coalition))
        due = select(func.min(entries.at)).where(entries.coalition == self.coalition, entries.at < NEVER)
        return Pulse({row.process: row.at for row in heard}, self.connection.scalar(due))

    def forget(self, member: str) -> None:
        forgetting.forget(self.connection, self.coalition, member, self.outbox, self.interrupted, self.listed)

    def claim(self, key: str) -> bool:
        row = {"coalition": self.coalition, "key": key, "at": self.trail.now}
        query = insert_into(self.connection.dialect.name, schema.events).values(row).on_conflict_do_nothing().returning(schema.events.c.key)
        return self.connection.scalar(query) is not None

    def _uid_before(self, record: Record) -> str:
        """The uid of a record that was removed and comes back, "" for one that never was here. Raises Conflict when an import
        brought it back already."""
        uid, table = self.trail.uid(record.id), kept_of(type(record)).table.c
        twin = uid and self.connection.scalar(select(table.id).where(table.coalition == self.coalition, table.uid == uid))
        if twin:
            raise errors.Conflict(f"{record.id} is here again already, as {twin}.", lines=[f"history {twin}"])
        return uid
