"""The audit trail: what one transaction changes, and what was changed before."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import ColumnElement, Connection, Select, func, insert, select, update
from sqlalchemy.engine import Row

from bot.coalition import ids
from bot.coalition.record import Record, hints, personal
from bot.coalition.store import Change, Revision, Stamp, Transaction
from bot.request import Account
from storage import schema
from storage.kinds import kept_by

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


class SqlTrail:
    """The audit trail of one coalition inside one transaction; see `bot.coalition.store.Trail`."""

    def __init__(self, connection: Connection, coalition: int, stamp: Stamp | None) -> None:
        self._connection = connection
        self._coalition = coalition
        self.stamp = stamp

    def history(self, identity: str, *, limit: int, offset: int = 0, reveal: str | None = None) -> list[Change]:
        audit = schema.audit.c
        newest = self._trail(identity, audit.transaction).group_by(audit.transaction).order_by(audit.transaction.desc())
        query = self._changes().where(*_trail_of(identity), audit.transaction.in_(newest.limit(limit).offset(offset or None)))
        rows = self._connection.execute(query.order_by(audit.transaction.desc(), audit.id))
        return [self._to_change(row, reveal=row.record == reveal) for row in rows]

    def transactions(self, identity: str) -> int:
        return self._connection.scalar(self._trail(identity, func.count(schema.audit.c.transaction.distinct()))) or 0

    def revisions(self, identities: Collection[str]) -> dict[str, Revision]:
        audit, done = schema.audit.c, schema.transactions.c
        query = select(audit.root, func.count(audit.transaction.distinct()), func.max(done.at, type_=done.at.type))
        query = query.join(schema.transactions, done.id == audit.transaction).group_by(audit.root)
        rows = self._connection.execute(query.where(audit.coalition == self._coalition, audit.root.in_(sorted(identities))))
        return {root: Revision(number, at) for root, number, at in rows}

    def removed(self, letter: str, since: datetime) -> list[str]:
        audit, done = schema.audit.c, schema.transactions.c
        last = select(audit.record, func.max(audit.id).label("last")).where(audit.coalition == self._coalition, audit.field == "id")
        last_of = last.where(audit.record.like(f"{letter}%")).group_by(audit.record).subquery()
        query = select(audit.record).join(last_of, last_of.c.last == audit.id).join(schema.transactions, done.id == audit.transaction)
        return [
            found for found in self._connection.scalars(query.where(audit.new.is_(None), done.at > since)) if ids.letter(found) == letter
        ]

    def last_transaction(self, account: Account, member: str | None) -> Transaction | None:
        table = schema.transactions
        mine = table.c.member == member if member else table.c.account == str(account)
        query = select(table).where(table.c.coalition == self._coalition, mine).order_by(table.c.id.desc()).limit(1)
        row = self._connection.execute(query).one_or_none()
        if row is None:
            return None
        changes = self._connection.execute(self._changes().where(schema.audit.c.transaction == row.id).order_by(schema.audit.c.id))
        return Transaction(
            row.id, row.at, row.what, self._first_what(row), row.undoable,
            tuple(self._to_change(change, reveal=True) for change in changes), row.key,
        )  # fmt: skip

    def _first_what(self, row: Row[Any]) -> str:
        """What was done before anything was undone or done again."""
        done = schema.transactions.c
        what, undoes = row.what, row.undoes
        while undoes:
            what, undoes = self._connection.execute(select(done.what, done.undoes).where(done.id == undoes)).one()
        return str(what)

    def changes(self, transaction: int) -> list[Change]:
        rows = self._connection.execute(self._changes().where(schema.audit.c.transaction == transaction).order_by(schema.audit.c.id))
        return [self._to_change(row, reveal=False) for row in rows]

    def latest(self) -> int:
        done = schema.transactions.c
        return self._connection.scalar(select(func.max(done.id)).where(done.coalition == self._coalition)) or 0

    def before(self, identity: str, transaction: int) -> Mapping[str, Any]:
        audit = schema.audit.c
        since = self._changes().where(audit.root == _root(identity), audit.record == identity, audit.transaction > transaction)
        changes = [self._to_change(row, reveal=True) for row in self._connection.execute(since.order_by(audit.id.desc()))]
        return {change.field: change.old for change in changes}

    def last_change(self, member: str | None = None) -> datetime | None:
        table = schema.transactions
        query = select(table.c.at).where(table.c.coalition == self._coalition).order_by(table.c.id.desc()).limit(1)
        return self._connection.scalar(query.where(table.c.member == member) if member else query)

    def undoing(self, transaction: int) -> None:
        self.stamp = replace(self.stamp, undoes=transaction) if self.stamp else None

    def sign(self, member: str) -> None:
        self.stamp = replace(self.stamp, member=member) if self.stamp else None
        if "_number" in self.__dict__:
            done = schema.transactions
            self._connection.execute(update(done).where(done.c.id == self._number).values(member=member))

    def uid(self, identity: str) -> str:
        """The uid of a record that was removed, "" for one that never was here."""
        audit = schema.audit.c
        notes = select(audit.old).where(audit.coalition == self._coalition, audit.root == _root(identity))
        note = self._connection.scalar(notes.where(audit.record == identity, audit.field == UID).order_by(audit.id.desc()).limit(1))
        return _value(note, str) or ""

    @property
    def now(self) -> datetime:
        return self.stamp.at if self.stamp else datetime.now(UTC)

    def begin(self) -> int:
        return self._number

    @cached_property
    def _number(self) -> int:
        if self.stamp is None:
            raise RuntimeError("a transaction without a stamp only reads")
        stamp = self.stamp
        row = {
            "coalition": self._coalition, "at": stamp.at, "account": str(stamp.account), "member": stamp.member, "what": stamp.what,
            "undoable": stamp.undoable, "undoes": stamp.undoes, "key": stamp.key,
        }  # fmt: skip
        number: int = self._connection.scalars(insert(schema.transactions).returning(schema.transactions.c.id), row).one()
        return number

    def add(self, changes: Sequence[Noted]) -> None:
        if changes:
            self.note([(self._number, change) for change in changes])

    def note(self, changes: Sequence[tuple[int, Noted]]) -> None:
        """Write (transaction, change) into the audit trail; personal values stand apart, so that they can be forgotten."""
        rows = [
            {
                "transaction": transaction, "coalition": self._coalition, "root": _root(change.record), "record": change.record,
                "field": change.field, "personal": change.personal, "old": change.shown.old, "new": change.shown.new,
            }
            for transaction, change in changes
        ]  # fmt: skip
        if not any(change.secret for _, change in changes):
            self._connection.execute(insert(schema.audit), rows)
            return
        query = insert(schema.audit).returning(schema.audit.c.id, sort_by_parameter_order=True)
        keys = zip(self._connection.scalars(query, rows), changes, strict=True)
        own = [{"audit": key, "old": change.old, "new": change.new} for key, (_, change) in keys if change.secret]
        if own:
            self._connection.execute(insert(schema.audit_personal), own)

    def _trail(self, identity: str, column: ColumnElement[Any]) -> Select[Any]:
        return select(column).where(schema.audit.c.coalition == self._coalition, *_trail_of(identity))

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
            .where(audit.coalition == self._coalition, audit.field != UID)
        )  # fmt: skip

    def _to_change(self, row: Row[Any], *, reveal: bool) -> Change:
        own = row.personal and reveal
        old, new = (row.own_old, row.own_new) if own else (row.old, row.new)
        hint = _hint(row.record, row.field)
        return Change(
            row.transaction, row.at, Account.parse(row.account), row.member, row.what, row.record, row.field,
            _value(old, hint), _value(new, hint), row.personal,
        )  # fmt: skip


def told(name: str, value: Any) -> bool:
    """Whether a field of a new or removed record stands in the trail: the id always, others unless they are empty."""
    return name == "id" or value not in (None, "", ())


def noted(record: Record, changes: Iterable[tuple[str, Any, Any]]) -> list[Noted]:
    hidden = personal(type(record))
    return [Noted(record.id, name, name in hidden, _json(old), _json(new)) for name, old, new in changes]


def _trail_of(identity: str) -> list[ColumnElement[bool]]:
    """The audit rows of a record: its own and its children's, or a child's alone."""
    root = schema.audit.c.root == _root(identity)
    return [root] if _root(identity) == identity else [root, schema.audit.c.record == identity]


def _root(identity: str) -> str:
    """The record whose history shows this one's: `P3` for `P3.m1`; a private one's is its own."""
    found, kept = ids.parse(identity), kept_by(identity)
    if kept and kept.kind.private:
        return identity
    return f"{found.letter}{found.number}" if found and found.child_number else identity


def _json(value: Any) -> str | None:
    return None if value is None else msgspec.json.encode(value).decode()


def _value(text: str | None, hint: Any) -> Any:
    return None if text is None else msgspec.json.decode(text, type=hint)


def _hint(identity: str, field: str) -> Any:
    """The type of a field of the record with this id; Any for a field that is no more."""
    kept = kept_by(identity)
    return hints(kept.kind).get(field, Any) if kept else Any
