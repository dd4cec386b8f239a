"""The timetable as the timekeeper works with it: rounds side by side, each with entries of its own."""

import itertools
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import Connection, Select, Text, bindparam, delete, func, insert, literal, select, union_all, update

from bot.coalition.outbox import Letter
from bot.coalition.record import pointing
from bot.coalition.reminders import Occurrence
from bot.coalition.store import Records
from bot.coalition.timetable import NEVER, Entry
from storage import database, scheduling
from storage.database import in_chunks, insert_into
from storage.outbox import SqlOutbox
from storage.reminders import OCCURRENCES, REMINDERS
from storage.rewinding import rewind
from storage.schema import beats, links, timetable
from storage.store import SqlRecords, SqlStore

HEARD = timedelta(days=1)
"""For how long a process that is not heard of is still spoken of."""

_time, _entry = OCCURRENCES.table.c, timetable.c

_NEW = (_time.coalition == bindparam("coalition"), _time.id.in_(bindparam("several", expanding=True)))
_LINK = insert(links).from_select(
    ["coalition", "record", "field", "target"],
    union_all(
        *(
            select(_time.coalition, _time.id, literal(name, Text), _time[name]).where(*_NEW, _time[name].is_not(None))
            for name in pointing(Occurrence)
        )
    ),
)


class SqlTimetable:
    """The timekeeper's side of the store; see `bot.coalition.timetable.Timetable`."""

    def __init__(self, store: SqlStore) -> None:
        self._engine = store.engine
        self._coalition = store.coalition

    @contextmanager
    def round(self, now: datetime, *, limit: int) -> Iterator["SqlRound"]:
        """On PostgreSQL what another process has claimed is passed over; on SQLite one writes at a time."""
        with database.transaction(self._engine, writes=True, coalition=self._coalition, alone=False) as connection:
            due = self._entries().where(_entry.at <= now).limit(limit).with_for_update(skip_locked=True)
            found = [Entry(row.record, row.at, row.since) for row in connection.execute(due)]
            yield SqlRound(connection, self._coalition, now, found)

    def next_at(self) -> datetime | None:
        with database.transaction(self._engine, writes=False) as connection:
            first = connection.execute(self._entries().where(_entry.at < NEVER).limit(1)).one_or_none()
        return first.at if first else None

    def _entries(self) -> Select[tuple[str, datetime, datetime]]:
        return select(_entry.record, _entry.at, _entry.since).where(_entry.coalition == self._coalition).order_by(_entry.at)

    def beat(self, process: str, now: datetime) -> None:
        query = insert_into(self._engine.dialect.name, beats)
        query = query.on_conflict_do_update(index_elements=["coalition", "process"], set_={"at": query.excluded.at})
        with database.transaction(self._engine, writes=True, alone=False) as connection:
            if connection.scalar(select(beats.c.at).where(beats.c.coalition == self._coalition, beats.c.at > now + HEARD).limit(1)):
                rewind(connection, self._coalition, now)
            connection.execute(query, {"coalition": self._coalition, "process": process, "at": now})
            connection.execute(delete(beats).where(beats.c.coalition == self._coalition, beats.c.at < now - HEARD))


class SqlRound:
    """One transaction of the timekeeper; see `bot.coalition.timetable.Round`.

    Nothing of it is audited: the trail tells what people did.
    """

    def __init__(self, connection: Connection, coalition: int, now: datetime, due: Sequence[Entry]) -> None:
        self.due = due
        self._now = now
        self._records = SqlRecords(connection, coalition, None)
        self._outbox = SqlOutbox(connection, coalition, now, lambda: None)
        self._connection = connection
        self._coalition = coalition
        self._postponed: set[str] = set()

    @property
    def records(self) -> Records:
        return self._records

    def last(self, reminders: Collection[str]) -> dict[str, datetime]:
        newest = select(_time.reminder, func.max(_time.due, type_=_time.due.type)).group_by(_time.reminder)
        found: dict[str, datetime] = {}
        for some in in_chunks(sorted(reminders)):
            query = newest.where(_time.coalition == self._coalition, _time.reminder.in_(some))
            found.update((reminder, due) for reminder, due in self._connection.execute(query))
        return found

    def enter(self, occurrences: Sequence[Occurrence]) -> list[Occurrence]:
        fresh = self._fresh(occurrences)
        many = Counter(f"{occurrence.reminder}." for occurrence in fresh)
        last = self._records.counters.give(many)
        next_ = {counter: itertools.count(last[counter] - many[counter] + 1) for counter in many}
        numbers = [next(next_[f"{occurrence.reminder}."]) for occurrence in fresh]
        kept = [replace(occurrence, id=f"{occurrence.reminder}.{number}") for occurrence, number in zip(fresh, numbers, strict=True)]
        if kept:
            self._keep(kept, numbers)
        return kept

    def _keep(self, new: Sequence[Occurrence], numbers: Sequence[int]) -> None:
        """Write new occurrences, which come by the thousand, so that the database itself notes who points at whom."""
        rows = [
            {"coalition": self._coalition, "seq": number, "uid": uuid4().hex, **{name: getattr(each, name) for name in OCCURRENCES.names}}
            for each, number in zip(new, numbers, strict=True)
        ]
        self._connection.execute(insert(OCCURRENCES.table), rows)
        for some in in_chunks([each.id for each in new]):
            self._connection.execute(_LINK, {"coalition": self._coalition, "several": some})
        scheduling.follow_new(self._connection, self._coalition, Occurrence, new)

    def _fresh(self, occurrences: Sequence[Occurrence]) -> list[Occurrence]:
        """Those whose key is new, each key once."""
        first = {occurrence.key: occurrence for occurrence in reversed(occurrences)}
        query = select(_time.key).where(_time.coalition == self._coalition)
        for some in in_chunks(list(first)):
            for key in self._connection.scalars(query.where(_time.key.in_(some))):
                del first[key]
        return [occurrence for occurrence in occurrences if first.get(occurrence.key) is occurrence]

    def move(self, occurrences: Sequence[Occurrence]) -> None:
        names = ("state", "until", "why", "at", "topic")
        query = update(OCCURRENCES.table).where(_time.coalition == self._coalition, _time.id == bindparam("this"))
        rows = [{"this": occurrence.id, **{name: getattr(occurrence, name) for name in names}} for occurrence in occurrences]
        if rows:
            self._connection.execute(query.values({name: bindparam(name) for name in names}), rows)
            scheduling.follow_new(self._connection, self._coalition, Occurrence, occurrences)
        self._postponed |= {occurrence.id for occurrence in occurrences if occurrence.state == "waiting"}

    def end(self, reminders: Collection[str]) -> None:
        rule = REMINDERS.table.c
        for some in in_chunks(sorted(reminders)):
            ended = update(REMINDERS.table).where(rule.coalition == self._coalition, rule.id.in_(some))
            self._connection.execute(ended.values(state="over"))

    def post(self, letters: Sequence[Letter]) -> None:
        self._outbox.post(letters)

    def settle(self, entries: Sequence[Entry]) -> None:
        query = insert_into(self._connection.dialect.name, timetable)
        query = query.on_conflict_do_update(
            index_elements=["coalition", "record"], set_={"at": query.excluded.at, "since": query.excluded.since}
        )
        if entries:
            rows = [{"coalition": self._coalition, "record": entry.record, "at": entry.at, "since": entry.since} for entry in entries]
            self._connection.execute(query, rows)
        named = self._postponed.union(entry.record for entry in entries)
        self._leave([entry.record for entry in self.due if entry.record not in named])

    def _leave(self, records: Sequence[str]) -> None:
        """Take entries out, or, where their rules are still on, put them off until something changes."""
        rule = REMINDERS.table.c
        for some in in_chunks(records):
            theirs = (_entry.coalition == self._coalition, _entry.record.in_(some))
            lasting = select(rule.id).where(rule.coalition == self._coalition, rule.id.in_(some), rule.state == "on")
            self._connection.execute(delete(timetable).where(*theirs, _entry.record.not_in(lasting)))
            self._connection.execute(update(timetable).where(*theirs).values(at=NEVER, since=self._now))
