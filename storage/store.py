"""The store: records in and out inside one transaction, every change audited in that same transaction."""

import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import ColumnElement, Connection, Engine, Select, Table, and_, bindparam, delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import Insert
from sqlalchemy.engine import Row

from bot import errors
from bot.coalition import ids
from bot.coalition.arrivals import Intake
from bot.coalition.outbox import Card, Sorting
from bot.coalition.record import R, Record, hints, personal, pointing, references
from bot.coalition.reminders import Occurrence, Reminder
from bot.coalition.store import Change, Found, Pulse, Records, Stamp, Touched, Transaction
from bot.coalition.timetable import NEVER, Timetable
from bot.request import Account, Place
from storage import database, forgetting, indexing, scheduling, schema, search, selecting
from storage.codes import SqlCodes
from storage.database import insert_into
from storage.interrupted import SqlInterrupted
from storage.kept import Kept
from storage.kinds import BY_LETTER, kept_by, kept_of
from storage.listed import SqlListed
from storage.outbox import SqlOutbox

HOW_TO_LIST = {
    "M": "members", "N": "names", "O": "organisations", "P": "projects", "S": "sessions", "A": "agendas", "D": "deadlines",
    "W": "programmes", "R": "reminders", "L": "lessons", "": "cycles",
}  # fmt: skip


_MOVING: Mapping[type, tuple[str, ...]] = {Reminder: ("state",), Occurrence: ("state", "until")}
"""What the timekeeper changes by itself, beside somebody who has read the record: no change is made that does not know of it."""

UID = "uid"
"""What the trail of a removed record notes beside its fields, so that undo brings back the record that imports know."""


class Noted(NamedTuple):
    """One changed field for the audit trail; the values are JSON texts."""

    record: str
    field: str
    personal: bool
    old: str | None
    new: str | None

    @property
    def secret(self) -> bool:
        """Whether there are values that only the member may see."""
        return self.personal and (self.old is not None or self.new is not None)

    @property
    def shown(self) -> "Noted":
        """The change as everybody may see it."""
        return self._replace(old=None, new=None) if self.personal else self


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


class SqlRecords:
    """The records of one coalition inside one transaction; see `bot.coalition.store.Records`."""

    def __init__(self, connection: Connection, coalition: int, stamp: Stamp | None) -> None:
        self.connection = connection
        self.coalition = coalition
        self._stamp = stamp
        self._touched: list[Record] = []

    @property
    def outbox(self) -> SqlOutbox:
        return SqlOutbox(self.connection, self.coalition, self._now, lambda: self._transaction if self._stamp else None)

    @property
    def interrupted(self) -> SqlInterrupted:
        return SqlInterrupted(self.connection, self.coalition)

    @property
    def codes(self) -> SqlCodes:
        return SqlCodes(self.connection, self.coalition)

    @property
    def listed(self) -> SqlListed:
        return SqlListed(self.connection, self.coalition)

    def get(self, kind: type[R], identity: str) -> R:
        found = self.find(kind, identity)
        if found is None:
            hint = HOW_TO_LIST.get(ids.letter(identity)[:1] or kind.letter[:1], "")
            raise errors.NotFound(f"There is no {kind.word} {identity}.", lines=[hint] if hint else [])
        return found

    def find(self, kind: type[R], identity: str) -> R | None:
        kept = kept_of(kind)
        return next(self._values(kept, selecting.records(kept, selecting.ONE), {"id": identity}), None)

    def behind(self, via: type[Record], identity: str, field: str, kind: type[R]) -> R | None:
        query = selecting.behind(kept_of(via), field, kept_of(kind))
        return next(self._values(kept_of(kind), query, {"id": identity}), None)

    def any(self, identity: str) -> Record:
        return self.get(self.kind(identity), identity)

    def kind(self, identity: str) -> type[Record]:
        kept = kept_by(identity)
        if kept is None:
            raise errors.NotFound(f"{identity} is not the id of a record.", lines=["help"])
        kind: type[Record] = kept.kind
        return kind

    def many(self, kind: type[R], identities: Collection[str]) -> dict[str, R]:
        if not identities:
            return {}
        kept = kept_of(kind)
        query = selecting.records(kept, selecting.SEVERAL)
        return {record.id: record for record in self._values(kept, query, {"id": sorted(identities)})}

    def all(self, kind: type[R], /, *, order: Sequence[str] = (), limit: int | None = None, offset: int = 0, **equal: Any) -> list[R]:
        kept = kept_of(kind)
        if limit is None and not offset:
            return list(self._values(kept, selecting.records(kept, selecting.shape(equal), tuple(order)), selecting.values(equal)))
        query = selecting.records(kept, selecting.shape(equal), tuple(order), page=True)
        page = {"limit": selecting.ALL if limit is None else limit, "offset": offset}
        return list(self._values(kept, query, {**selecting.values(equal), **page}))

    def count(self, kind: type[R], /, **equal: Any) -> int:
        query = selecting.number(kept_of(kind), selecting.shape(equal))
        return self.connection.scalar(query, {"coalition": self.coalition, **selecting.values(equal)}) or 0

    def distinct(self, kind: type[R], field: str) -> list[Any]:
        table = kept_of(kind).table
        return list(self.connection.scalars(select(table.c[field]).where(table.c.coalition == self.coalition).distinct()))

    def referring(self, kind: type[R], field: str, identity: str) -> list[R]:
        kept = kept_of(kind)
        link = schema.links.c
        query = (
            select(*kept.columns)
            .join(schema.links, and_(link.coalition == kept.table.c.coalition, link.record == kept.table.c.id))
            .where(link.coalition == bindparam("coalition"), link.target == identity, link.field == field)
            .order_by(kept.table.c.seq)
        )
        return list(self._values(kept, query, {}))

    def referrers(self, identity: str) -> list[tuple[str, str]]:
        link = schema.links.c
        query = select(link.record, link.field).where(link.coalition == self.coalition, link.target == identity)
        return [(record, field) for record, field in self.connection.execute(query.order_by(link.record, link.field))]

    def add(self, record: R) -> R:
        given = record.id
        seq, record = self._numbered(record)
        if given and self.find(type(record), given) is not None:
            raise errors.Conflict(f"{record.word.capitalize()} {record.id} exists already.", lines=[f"history {record.id}"])
        self._check_targets(references(record))
        uid = self._uid_before(record) if given else ""
        self.keep(kept_of(type(record)), [New(record, seq, uid or uuid.uuid4().hex)])
        return record

    def keep(self, kept: Kept[Any], new: Sequence[New]) -> None:
        """Write new records of one kind whose ids are free and whose targets are there."""
        values = [{column.name: getattr(entry.record, column.name) for column in kept.columns} for entry in new]
        rows = [{"coalition": self.coalition, "seq": entry.seq, "uid": entry.uid, **row} for entry, row in zip(new, values, strict=True)]
        self.connection.execute(insert(kept.table), rows)
        self._link(pair for entry in new for pair in _links(entry.record))
        audited = [
            noted
            for entry, row in zip(new, values, strict=True)
            if entry.audited
            for noted in _noted(entry.record, [(name, None, value) for name, value in row.items() if _told(name, value)])
        ]
        self._audit(audited)
        self._touched += [entry.record for entry in new if entry.audited]
        scheduling.follow_new(self.connection, self.coalition, kept.kind, [entry.record for entry in new])
        indexing.index_new(self.connection, self.coalition, kept, [entry.record for entry in new])

    def change(self, record: R, **fields: Any) -> R:
        kept = kept_of(type(record))
        changed = {name: value for name, value in fields.items() if getattr(record, name) != value}
        if not changed:
            return record
        new = replace(record, **changed)
        self._check_targets((name, target) for name, target in references(new) if name in changed)
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
        self._unlink(record, moved)
        self._link(pair for pair in _links(new) if pair[1] in moved)
        self._audit(_noted(new, [(name, getattr(record, name), value) for name, value in changed.items()]))
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
        self._unlink(record, pointing(type(record)))
        values = [(column.name, getattr(record, column.name)) for column in kept.columns]
        self._audit(_noted(record, [*((name, value, None) for name, value in values if _told(name, value)), (UID, uid, None)]))
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

    def history(self, identity: str, *, limit: int, offset: int = 0, reveal: str | None = None) -> list[Change]:
        audit = schema.audit.c
        newest = self._trail(identity, audit.transaction).group_by(audit.transaction).order_by(audit.transaction.desc())
        query = self._changes().where(*_trail_of(identity), audit.transaction.in_(newest.limit(limit).offset(offset or None)))
        rows = self.connection.execute(query.order_by(audit.transaction.desc(), audit.id))
        return [self._to_change(row, reveal=row.record == reveal) for row in rows]

    def transactions(self, identity: str) -> int:
        return self.connection.scalar(self._trail(identity, func.count(schema.audit.c.transaction.distinct()))) or 0

    def last_transaction(self, account: Account, member: str | None) -> Transaction | None:
        table = schema.transactions
        mine = table.c.member == member if member else table.c.account == str(account)
        query = select(table).where(table.c.coalition == self.coalition, mine).order_by(table.c.id.desc()).limit(1)
        row = self.connection.execute(query).one_or_none()
        if row is None:
            return None
        changes = self.connection.execute(self._changes().where(schema.audit.c.transaction == row.id).order_by(schema.audit.c.id))
        return Transaction(
            row.id, row.at, row.what, self._first_what(row), row.undoable, tuple(self._to_change(change, reveal=True) for change in changes)
        )

    def _first_what(self, row: Row[Any]) -> str:
        """What was done before anything was undone or done again."""
        done = schema.transactions.c
        what, undoes = row.what, row.undoes
        while undoes:
            what, undoes = self.connection.execute(select(done.what, done.undoes).where(done.id == undoes)).one()
        return str(what)

    def touched(self) -> Touched:
        return Touched(self._transaction if self._touched else 0, tuple(self._touched))

    def changes(self, transaction: int) -> list[Change]:
        rows = self.connection.execute(self._changes().where(schema.audit.c.transaction == transaction).order_by(schema.audit.c.id))
        return [self._to_change(row, reveal=False) for row in rows]

    def cards(self, identity: str) -> list[Card]:
        card = schema.cards.c
        rows = self.connection.execute(select(schema.cards).where(card.coalition == self.coalition, card.record == identity))
        return [Card(row.record, Place(row.platform, row.room, row.reference)) for row in rows]

    def latest(self) -> int:
        done = schema.transactions.c
        return self.connection.scalar(select(func.max(done.id)).where(done.coalition == self.coalition)) or 0

    def before(self, identity: str, transaction: int) -> Mapping[str, Any]:
        audit = schema.audit.c
        since = self._changes().where(audit.root == _root(identity), audit.record == identity, audit.transaction > transaction)
        changes = [self._to_change(row, reveal=True) for row in self.connection.execute(since.order_by(audit.id.desc()))]
        return {change.field: change.old for change in changes if change.field != "id"}

    def last_change(self, member: str | None = None) -> datetime | None:
        table = schema.transactions
        query = select(table.c.at).where(table.c.coalition == self.coalition).order_by(table.c.id.desc()).limit(1)
        return self.connection.scalar(query.where(table.c.member == member) if member else query)

    def pulse(self) -> Pulse:
        beats, entries = schema.beats.c, schema.timetable.c
        heard = self.connection.execute(select(beats.process, beats.at).where(beats.coalition == self.coalition))
        due = select(func.min(entries.at)).where(entries.coalition == self.coalition, entries.at < NEVER)
        return Pulse({row.process: row.at for row in heard}, self.connection.scalar(due))

    def search(
        self,
        query: str,
        *,
        words: Collection[str] = (),
        every: bool = True,
        need: str = "",
        members: bool = True,
        limit: int = 10,
        offset: int = 0,
    ) -> Found:
        return search.search(
            self.connection, self.coalition, query, words=words, every=every, need=need, members=members, limit=limit, offset=offset
        )

    def undoing(self, transaction: int) -> None:
        self._stamp = replace(self._stamp, undoes=transaction) if self._stamp else None

    def sign(self, member: str) -> None:
        self._stamp = replace(self._stamp, member=member) if self._stamp else None
        if "_transaction" in self.__dict__:
            done = schema.transactions
            self.connection.execute(update(done).where(done.c.id == self._transaction).values(member=member))

    def forget(self, member: str) -> None:
        forgetting.forget(self.connection, self.coalition, member, self.outbox, self.interrupted, self.listed)

    def claim(self, key: str) -> bool:
        row = {"coalition": self.coalition, "key": key, "at": self._now}
        query = self._insert(schema.events).values(row).on_conflict_do_nothing().returning(schema.events.c.key)
        return self.connection.scalar(query) is not None

    @property
    def _now(self) -> datetime:
        return self._stamp.at if self._stamp else datetime.now(UTC)

    def _insert(self, table: Table) -> Insert:
        return insert_into(self.connection.dialect.name, table)

    def _values(self, kept: Kept[R], query: Select[Any], given: Mapping[str, Any]) -> Iterator[R]:
        rows = self.connection.execute(query, {"coalition": self.coalition, **given})
        return (kept.kind(**dict(zip(kept.names, row, strict=True))) for row in rows)

    def _numbered(self, record: R) -> tuple[int, R]:
        """The record with an id and the number that orders it. A given id is kept, and its number never given again."""
        letter = record.letter
        if not letter:
            return self._number("~" + record.word), record
        counter = f"{getattr(record, record.parent)}.{letter.partition('.')[2]}" if record.parent else letter
        if record.id:
            found = ids.parse(record.id)
            number = (found.child_number or found.number) if found else 0
            return self._number(counter, at_least=number), record
        number = self._number(counter)
        return number, replace(record, id=f"{counter}{number}")

    def _uid_before(self, record: Record) -> str:
        """The uid of a record that was removed and comes back, "" for one that never was here. Raises Conflict when an import
        brought it back already."""
        audit, table = schema.audit.c, kept_of(type(record)).table.c
        notes = select(audit.old).where(audit.coalition == self.coalition, audit.root == _root(record.id))
        note = self.connection.scalar(notes.where(audit.record == record.id, audit.field == UID).order_by(audit.id.desc()).limit(1))
        uid: str = _value(note, str) or ""
        twin = uid and self.connection.scalar(select(table.id).where(table.coalition == self.coalition, table.uid == uid))
        if twin:
            raise errors.Conflict(f"{record.id} is here again already, as {twin}.", lines=[f"history {twin}"])
        return uid

    def raise_counters(self, last: Mapping[str, int]) -> None:
        """Note the last numbers that were given, all at once."""
        query = self._insert(schema.counters)
        query = query.on_conflict_do_update(index_elements=["coalition", "name"], set_={"last": query.excluded.last})
        if last:
            self.connection.execute(query, [{"coalition": self.coalition, "name": name, "last": number} for name, number in last.items()])

    def raise_counters_by(self, many: Mapping[str, int]) -> dict[str, int]:
        """Give so many numbers of each counter, all at once; the last one of each."""
        query = self._insert(schema.counters)
        query = query.on_conflict_do_update(
            index_elements=["coalition", "name"], set_={"last": schema.counters.c.last + query.excluded.last}
        )
        rows = [{"coalition": self.coalition, "name": name, "last": number} for name, number in sorted(many.items())]
        given = self.connection.execute(query.returning(schema.counters.c.name, schema.counters.c.last), rows) if rows else ()
        return {row.name: row.last for row in given}

    def _number(self, counter: str, at_least: int = 0) -> int:
        """The next number of a counter; `at_least` instead notes that this number was given."""
        table = schema.counters
        query = self._insert(table).values(coalition=self.coalition, name=counter, last=at_least or 1)
        last = func.max(table.c.last, at_least) if self.connection.dialect.name == "sqlite" else func.greatest(table.c.last, at_least)
        query = query.on_conflict_do_update(index_elements=["coalition", "name"], set_={"last": last if at_least else table.c.last + 1})
        given = self.connection.scalar(query.returning(table.c.last))
        return at_least or int(given)

    def _check_targets(self, targets: Iterable[tuple[str, str]]) -> None:
        wanted: dict[Kept[Any], set[str]] = {}
        for _, target in targets:
            kept = BY_LETTER.get(ids.letter(target))
            if kept is not None:
                wanted.setdefault(kept, set()).add(target)
        for kept, identities in wanted.items():
            query = select(kept.table.c.id).where(kept.table.c.coalition == self.coalition, kept.table.c.id.in_(sorted(identities)))
            for missing in sorted(identities.difference(self.connection.scalars(query))):
                raise errors.NotFound(f"There is no {kept.kind.word} {missing}.", lines=[HOW_TO_LIST.get(missing[0], "help")])

    def _link(self, pairs: Iterable[tuple[str, str, str]]) -> None:
        """Note who points at whom: (record, field, target)."""
        rows = [{"coalition": self.coalition, "record": record, "field": field, "target": target} for record, field, target in pairs]
        if rows:
            self.connection.execute(insert(schema.links), rows)

    def _unlink(self, record: Record, fields: Collection[str]) -> None:
        link = schema.links.c
        if fields:
            self.connection.execute(
                delete(schema.links).where(link.coalition == self.coalition, link.record == record.id, link.field.in_(sorted(fields)))
            )

    def begin(self) -> int:
        """Begin the audit transaction, which otherwise begins with the first change; its id."""
        return self._transaction

    @cached_property
    def _transaction(self) -> int:
        if self._stamp is None:
            raise RuntimeError("a transaction without a stamp only reads")
        stamp = self._stamp
        row = {
            "coalition": self.coalition, "at": stamp.at, "account": str(stamp.account), "member": stamp.member, "what": stamp.what,
            "undoable": stamp.undoable, "undoes": stamp.undoes,
        }  # fmt: skip
        number: int = self.connection.scalars(insert(schema.transactions).returning(schema.transactions.c.id), row).one()
        return number

    def _audit(self, changes: Sequence[Noted]) -> None:
        if changes:
            self.note([(self._transaction, change) for change in changes])

    def note(self, changes: Sequence[tuple[int, Noted]]) -> None:
        """Write (transaction, change) into the audit trail; personal values stand apart, so that they can be forgotten."""
        rows = [
            {
                "transaction": transaction, "coalition": self.coalition, "root": _root(change.record), "record": change.record,
                "field": change.field, "personal": change.personal, "old": change.shown.old, "new": change.shown.new,
            }
            for transaction, change in changes
        ]  # fmt: skip
        if not any(change.secret for _, change in changes):
            self.connection.execute(insert(schema.audit), rows)
            return
        query = insert(schema.audit).returning(schema.audit.c.id, sort_by_parameter_order=True)
        keys = zip(self.connection.scalars(query, rows), changes, strict=True)
        own = [{"audit": key, "old": change.old, "new": change.new} for key, (_, change) in keys if change.secret]
        if own:
            self.connection.execute(insert(schema.audit_personal), own)

    def _trail(self, identity: str, column: ColumnElement[Any]) -> Select[Any]:
        return select(column).where(schema.audit.c.coalition == self.coalition, *_trail_of(identity))

    def _changes(self) -> Select[Any]:
        audit, hidden, done = schema.audit.c, schema.audit_personal.c, schema.transactions.c
        return (
            select(
                audit.transaction, audit.record, audit.field, audit.personal, audit.old, audit.new,
                hidden.old.label("own_old"), hidden.new.label("own_new"), done.at, done.account, done.member, done.what,
            )
            .select_from(schema.audit)
            .join(schema.transactions, done.id == audit.transaction)
            .outerjoin(schema.audit_personal, hidden.audit == audit.id)
            .where(audit.coalition == self.coalition, audit.field != UID)
        )  # fmt: skip

    def _to_change(self, row: Row[Any], *, reveal: bool) -> Change:
        own = row.personal and reveal
        old, new = (row.own_old, row.own_new) if own else (row.old, row.new)
        hint = _hint(row.record, row.field)
        return Change(
            row.transaction, row.at, Account.parse(row.account), row.member, row.what, row.record, row.field,
            _value(old, hint), _value(new, hint), row.personal,
        )  # fmt: skip


def _links(record: Record) -> list[tuple[str, str, str]]:
    """(record, field, target) of every reference, once."""
    return sorted({(record.id, field, target) for field, target in references(record)})


def _told(name: str, value: Any) -> bool:
    """Whether a field of a new or removed record stands in the trail: the id always, others unless they are empty."""
    return name == "id" or value not in (None, "", ())


def _noted(record: Record, changes: Iterable[tuple[str, Any, Any]]) -> list[Noted]:
    hidden = personal(type(record))
    return [Noted(record.id, name, name in hidden, _json(old), _json(new)) for name, old, new in changes]


def _trail_of(identity: str) -> list[ColumnElement[bool]]:
    """The audit rows of a record: its own and its children's, or a child's alone."""
    root = schema.audit.c.root == _root(identity)
    return [root] if _root(identity) == identity else [root, schema.audit.c.record == identity]


def _root(identity: str) -> str:
    """The record whose history shows this one's: `P3` for `P3.m1`."""
    found = ids.parse(identity)
    return f"{found.letter}{found.number}" if found and found.child_number else identity


def _json(value: Any) -> str | None:
    return None if value is None else msgspec.json.encode(value).decode()


def _value(text: str | None, hint: Any) -> Any:
    return None if text is None else msgspec.json.decode(text, type=hint)


def _hint(identity: str, field: str) -> Any:
    """The type of a field of the record with this id; Any for a field that is no more."""
    kept = kept_by(identity)
    return hints(kept.kind).get(field, Any) if kept else Any
