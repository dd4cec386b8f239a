"""What every record has, and the generic facts that the store, the import and the audit read off its fields."""

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import NoneType
from typing import Any, ClassVar, TypeVar, get_args, get_type_hints

from bot.coalition import ids

R = TypeVar("R", bound="Record")

PERSONAL = {"personal": True}
"""Field metadata: the audit log names the field, never its value."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """A frozen value with an id. `letter` is the id's letter; a child's `parent` is the field that names its parent.
    `private`: nobody learns of one from the history or the thread of its parent; `aside`: it says nothing of how its parent stands."""

    letter: ClassVar[str] = ""
    parent: ClassVar[str] = ""
    word: ClassVar[str] = ""
    private: ClassVar[bool] = False
    aside: ClassVar[bool] = False

    id: str = ""

    @property
    def called(self) -> str:
        """What people are told that it is: its id, or what it says of a record whose id they know."""
        return self.id


_REFERENCES = {
    ids.CycleId, ids.DeadlineId, ids.OrganisationId, ids.NameId, ids.MemberId, ids.ProjectId, ids.ProgrammeId,
    ids.SessionId, ids.SlotId, ids.ItemId, ids.PersonId, ids.ReminderId, ids.OccurrenceId, ids.SubjectId,
    ids.TaskId, ids.ReportId,
}  # fmt: skip


def _hints(cls: type) -> dict[str, Any]:
    found = get_type_hints(cls)
    return {field.name: found[field.name] for field in dataclasses.fields(cls)}


hints: Callable[[type], dict[str, Any]] = cache(_hints)
"""The resolved type of each dataclass field of `cls`."""


def single_reference(hint: Any) -> Any:
    """The id type of a field that holds one id or None; None for any other field."""
    if hint in _REFERENCES:
        return hint
    arguments = [argument for argument in get_args(hint) if argument is not NoneType]
    return arguments[0] if len(arguments) == 1 and arguments[0] in _REFERENCES and NoneType in get_args(hint) else None


@cache
def _points(hint: Any) -> bool:
    """Whether a value of this type can hold an id of another record."""
    if hint in _REFERENCES:
        return True
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return any(_points(inner) for inner in hints(hint).values())
    return any(_points(argument) for argument in get_args(hint) if argument is not Ellipsis)


def _pointing(cls: type) -> tuple[str, ...]:
    return tuple(name for name, hint in hints(cls).items() if _points(hint))


pointing: Callable[[type], tuple[str, ...]] = cache(_pointing)
"""The fields of `cls` that can point at other records."""


def _personal(cls: type) -> frozenset[str]:
    return frozenset(field.name for field in dataclasses.fields(cls) if field.metadata.get("personal"))


personal: Callable[[type], frozenset[str]] = cache(_personal)
"""The fields of `cls` whose values are personal."""


def _targets(value: Any, hint: Any) -> Iterator[tuple[str, Any]]:
    if value is None or not _points(hint):
        return
    if hint in _REFERENCES:
        yield value, hint
    elif dataclasses.is_dataclass(hint) and isinstance(hint, type):
        for name, inner in hints(hint).items():
            yield from _targets(getattr(value, name), inner)
    elif isinstance(value, tuple):
        for item in value:
            yield from _targets(item, get_args(hint)[0])
    else:
        yield from _targets(value, next(argument for argument in get_args(hint) if argument is not NoneType))


def pointers(record: Record) -> Iterator[tuple[str, str, Any]]:
    """(field, id, type of id) for every id of another record that `record` holds."""
    for name in pointing(type(record)):
        for target, kind in _targets(getattr(record, name), hints(type(record))[name]):
            yield name, target, kind


def references(record: Record) -> Iterator[tuple[str, str]]:
    """(field, id) for every id of another record that `record` holds."""
    return ((name, target) for name, target, _ in pointers(record))


def _mapped(value: Any, hint: Any, ids_to: Mapping[str, str]) -> Any:
    if value is None or not _points(hint):
        return value
    if hint in _REFERENCES:
        return ids_to.get(value, value)
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return dataclasses.replace(value, **{name: _mapped(getattr(value, name), inner, ids_to) for name, inner in hints(hint).items()})
    if isinstance(value, tuple):
        return tuple(_mapped(item, get_args(hint)[0], ids_to) for item in value)
    return _mapped(value, next(argument for argument in get_args(hint) if argument is not NoneType), ids_to)


def redirected(record: R, ids_to: Mapping[str, str]) -> R:
    """The record with every id that `ids_to` names replaced, wherever it stands in its fields."""
    changes = {name: _mapped(getattr(record, name), hints(type(record))[name], ids_to) for name in pointing(type(record))}
    return dataclasses.replace(record, **changes)
