"""How a kind of record becomes a table: one column a field, read off the dataclass, so that nothing is declared twice.

A single id is a foreign key; a list or an owned value is a JSON text. Every table also holds the coalition, the sequence
number that orders ids, and a `uid` by which an import recognises the record in any store.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from types import NoneType
from typing import Any, Generic, get_args

import msgspec
from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TypeDecorator, TypeEngine

from bot.coalition import ids
from bot.coalition.record import R, hints, single_reference

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


class Instant(TypeDecorator[datetime]):
    """An aware datetime, kept as UTC on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Json(TypeDecorator[Any]):
    """A value of the given type, kept as JSON text."""

    impl = Text
    cache_ok = True

    def __init__(self, hint: Any) -> None:
        super().__init__()
        self.hint = hint
        self._decode = msgspec.json.Decoder(hint).decode

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else msgspec.json.encode(value).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else self._decode(value)


TABLES_OF: dict[Any, tuple[str, ...]] = {
    ids.CycleId: ("cycles",), ids.DeadlineId: ("deadlines",), ids.OrganisationId: ("organisations",),
    ids.NameId: ("published_names",), ids.MemberId: ("members",), ids.ProjectId: ("projects",), ids.ProgrammeId: ("programmes",),
    ids.SessionId: ("sessions",), ids.SlotId: ("role_slots",), ids.ItemId: ("agenda_items",),
    ids.PersonId: ("members", "published_names"), ids.ReminderId: ("reminders",), ids.OccurrenceId: ("occurrences",),
    ids.TaskId: ("tasks",), ids.ReportId: ("reports",),
    ids.SubjectId: ("cycles", "deadlines", "sessions", "role_slots", "projects", "milestones", "tasks", "sign_posts"),
}  # fmt: skip
"""The tables that an id of each type can point into."""

_PLAIN: dict[Any, TypeEngine[Any]] = {
    str: Text(), int: Integer(), bool: Boolean(), date: Date(), datetime: Instant()
}  # fmt: skip


def _column_type(hint: Any) -> TypeEngine[Any]:
    alternatives = [argument for argument in get_args(hint) if argument is not NoneType]
    if hint in _PLAIN:
        return _PLAIN[hint]
    if NoneType in get_args(hint) and len(alternatives) == 1 and alternatives[0] in _PLAIN:
        return _PLAIN[alternatives[0]]
    if single_reference(hint) or (alternatives and all(isinstance(argument, str) for argument in alternatives)):
        return Text()
    return Json(hint)


@dataclass(frozen=True, slots=True)
class Entry:
    """What the search index holds of a record: its title, its other text, and which of its words are proper names.

    `known_as` are all names of one and the same body or person; `root` is the record that lists it as its part, where
    that is not its parent.
    """

    title: str
    body: str = ""
    names: str = ""
    known_as: tuple[str, ...] = ()
    root: str = ""

    @property
    def proper(self) -> str:
        """Every text made of proper names."""
        return " ".join((self.names, *self.known_as))


@dataclass(frozen=True, slots=True)
class Kept(Generic[R]):
    """A kind of record with its table, and what of it can be searched."""

    kind: type[R]
    table: Table
    search: Callable[[R], Entry | None]
    names: tuple[str, ...]
    columns: tuple[Column[Any], ...]
    """The fields of the record, by name and as columns of the table."""


def kept(
    kind: type[R],
    name: str,
    *,
    indexes: Sequence[tuple[str, ...]] = (),
    unique: Sequence[str] = (),
    search: Callable[[R], Entry | None] = lambda _: None,
) -> Kept[R]:
    """Declare the table of a kind of record. `unique` are fields that no two records of a coalition share."""
    columns: list[Column[Any]] = []
    constraints: list[ForeignKeyConstraint] = []
    for field, hint in hints(kind).items():
        columns.append(Column(field, _column_type(hint), primary_key=field == "id", nullable=NoneType in get_args(hint)))
        targets = TABLES_OF.get(single_reference(hint), ())
        if len(targets) == 1:
            own: dict[str, Any] = {"deferrable": True, "initially": "DEFERRED"} if targets[0] == name else {}  # Imported in any order.
            constraints.append(ForeignKeyConstraint(["coalition", field], [f"{targets[0]}.coalition", f"{targets[0]}.id"], **own))
    table = Table(
        name,
        metadata,
        Column("coalition", Integer, ForeignKey("deployments.id"), primary_key=True),
        *columns,
        Column("seq", Integer, nullable=False),
        Column("uid", Text, nullable=False),
        *constraints,
        *(UniqueConstraint("coalition", field) for field in ("uid", *unique)),
        *(Index(f"ix_{name}_{'_'.join(index)}", "coalition", *index) for index in indexes),
    )
    return Kept(kind, table, search, tuple(hints(kind)), tuple(columns))
