"""What may stand in a file of the exchange format, beyond the types of its fields."""

from collections.abc import Callable
from dataclasses import is_dataclass
from datetime import UTC, datetime
from typing import Any, NoReturn

from bot.coalition import ids, instants, lateness, zones
from bot.coalition.record import Record, hints
from bot.coalition.texts import keepable
from bot.coalition.timing import Timing
from bot.errors import ImportFailed
from storage.kinds import kept_by

LARGEST = 2**31 - 1
"""The largest whole number that every database keeps in an integer column."""
LARGEST_NUMBER = 99_999_999
"""The largest number of an id: the ids that are given after it must still fit the nine digits that are read."""


def named_properly(record: Record) -> bool:
    """Whether the id has the form of its kind: letter and number, under its parent, or the form of an id without a letter."""
    found = kept_by(record.id)
    if found is None or found.kind is not type(record):
        return False
    if record.letter and ids.canonical(record.id) != record.id:
        return False
    short = ids.parse(record.id)
    if short and not all(
        0 < number <= LARGEST_NUMBER for number in ([short.number, short.child_number] if short.child_number else [short.number])
    ):
        return False
    return not record.parent or record.id.startswith(f"{getattr(record, record.parent)}.")


def check_values(where: str, path: str, given: Any, value: Any) -> None:
    """Refuse what no field can hold: unknown fields, instants without a zone, control characters, numbers out of range."""

    def wrong(reason: str) -> NoReturn:
        raise ImportFailed(f"{where}: {path or 'record'}: {reason}.")

    if is_dataclass(value):
        for name, inner in given.items():
            if name not in hints(type(value)):
                wrong(f"there is no field “{name[:40]}” in it")
            check_values(where, f"{path}.{name}".lstrip("."), inner, getattr(value, name))
        if isinstance(value, Timing) and not instants.sound(value):
            wrong("is no timing: it has a start, perhaps with a recurrence rule of hours or longer, or else minutes before an anchor")
    elif isinstance(value, tuple):
        for number, (inner, item) in enumerate(zip(given, value, strict=True)):
            check_values(where, f"{path}[{number}]", inner, item)
    elif isinstance(value, datetime):
        _check_instant(value, wrong)
    elif isinstance(value, str):
        _check_text(value, path, wrong)
    elif isinstance(value, int) and abs(value) > LARGEST:
        wrong(f"{value} is too large a number")


def _check_instant(value: datetime, wrong: Callable[[str], NoReturn]) -> None:
    if value.tzinfo is None:
        wrong("an instant needs its offset, as in 2027-03-31T23:59:00Z")
    try:
        value.astimezone(UTC)
    except OverflowError:
        wrong("is no instant of our calendar")


def _check_text(value: str, path: str, wrong: Callable[[str], NoReturn]) -> None:
    field = path.rpartition(".")[2]
    if not all(map(keepable, value)):
        wrong("holds control characters")
    if field == "zone" and value and zones.canonical(value) != value:
        wrong(f"“{value[:40]}” is not a time zone, as in Europe/Berlin or UTC-11")
    if field == "quiet" and value:
        try:
            lateness.hours(value)
        except ValueError:
            wrong(f"“{value[:40]}” are no hours, as in 22:00-07:00")
