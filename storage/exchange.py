"""The exchange format: JSON Lines that hold everything a store knows, for an export, an import, or a hand.

One JSON object a line: first a header, then records, transactions of the audit trail, and counters. `docs/exchange.md`
describes it for people who write such files by hand.
"""

import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, fields
from datetime import datetime
from pathlib import PurePath
from typing import Any

import msgspec

from bot.coalition.record import Record, hints, personal, pointers
from bot.errors import ImportFailed
from storage.checks import LARGEST, LARGEST_NUMBER, check_values, named_properly
from storage.kept import TABLES_OF, Kept
from storage.kinds import BY_WORD, kept_by

FORMAT = "coalition-bot"
VERSION = 1
_NAMESPACE = uuid.UUID("5f1d7d0c-6f0e-5c3a-9c1c-3b0f3b7c2f51")
_encode = msgspec.json.Encoder().encode
Tick = Callable[[int, int], None]
"""Told how many steps are done, of how many."""


def quiet(done: int, total: int) -> None:
    """A Tick for nobody who watches."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One record of a file; `where` names the file and the line."""

    where: str
    kept: Kept[Any]
    uid: str
    record: Record


class Header(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    format: str
    version: int
    name: str = ""


class Alteration(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """One changed field of the audit trail; the values are as JSON gives them."""

    record: str
    field: str
    old: Any = None
    new: Any = None
    personal: bool = False


class Deed(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """One transaction of the audit trail."""

    transaction: int
    at: datetime
    account: str
    what: str
    changes: list[Alteration]
    member: str | None = None
    undoable: bool = True
    undoes: int | None = None


class Counter(msgspec.Struct, forbid_unknown_fields=True):
    counter: str
    last: int


@dataclass(frozen=True, slots=True)
class Content:
    """What the files of one import hold, checked: every id is once, every reference is to a record among them."""

    entries: list[Entry] = field(default_factory=list)
    trail: list[Deed] = field(default_factory=list)
    counters: list[Counter] = field(default_factory=list)


def header_line() -> bytes:
    """The first line of an export."""
    return _encode(Header(FORMAT, VERSION))


def record_line(record: Record, uid: str) -> bytes:
    """The line of a record: its fields in order, without the empty ones."""
    values = {entry.name: getattr(record, entry.name) for entry in fields(record)}
    written = {name: value for name, value in values.items() if value not in (None, "", ()) or value != _default(record, name)}
    return _encode({"record": record.word, "uid": uid, **written})


def _default(record: Record, name: str) -> Any:
    return next(entry.default for entry in fields(record) if entry.name == name)


def line(value: Deed | Counter) -> bytes:
    """The line of a transaction or a counter."""
    return _encode(value)


def read(sources: Iterable[tuple[str, bytes]]) -> Content:
    """The checked content of files, given as (name, bytes). Raises ImportFailed naming file, line, field and reason."""
    content = Content()
    for name, data in sources:
        _read_file(content, name, data)
    _check(content)
    return content


def _read_file(content: Content, name: str, data: bytes) -> None:
    lines = _objects(name, data)
    where, first = next(lines, (name, None))
    if first is None:
        raise ImportFailed(f"{name}: is empty. An export begins with a line that names its format.")
    if "format" not in first:
        raise ImportFailed(f"{where}: does not name the format, so this is no export of the bot.")
    header = _struct(where, first, Header)
    if header.format != FORMAT or not 1 <= header.version <= VERSION:
        raise ImportFailed(f"{where}: is {header.format} version {header.version}; this bot reads {FORMAT} up to version {VERSION}.")
    for place, found in lines:
        _sort(content, place, found, header.name or PurePath(name).stem)


def _objects(name: str, data: bytes) -> Iterator[tuple[str, dict[str, Any]]]:
    """(file and line, object) of every line that is not empty."""
    for number, text in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        where = f"{name}, line {number}"
        if not text.strip():
            continue
        try:
            found = msgspec.json.decode(text)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise ImportFailed(f"{where}: is not JSON: {error}.") from error
        if not isinstance(found, dict):
            raise ImportFailed(f"{where}: is not a JSON object.")
        yield where, found


def _sort(content: Content, where: str, found: dict[str, Any], namespace: str) -> None:
    if "record" in found:
        content.entries.append(_entry(where, found, namespace))
    elif "transaction" in found:
        content.trail.append(_deed(where, found, len(content.trail) + 1))
    elif "counter" in found:
        content.counters.append(_counter(where, found))
    else:
        raise ImportFailed(f"{where}: is neither a record, a transaction nor a counter.")


def _struct(where: str, found: Any, kind: Any) -> Any:
    try:
        return msgspec.convert(found, kind)
    except msgspec.ValidationError as error:
        reason, _, path = str(error).partition(" - at `$")
        place = path.rstrip("`").removeprefix(".")
        raise ImportFailed(f"{where}: {f'{place}: ' if place else ''}{reason[:1].lower()}{reason[1:]}.") from error


def _entry(where: str, found: dict[str, Any], namespace: str) -> Entry:
    word, uid = found.pop("record"), found.pop("uid", "")
    kept = BY_WORD.get(word) if isinstance(word, str) else None
    if kept is None:
        raise ImportFailed(f"{where}: record: there is no kind of record “{str(word)[:40]}”. Known: {', '.join(BY_WORD)}.")
    record = _struct(where, found, kept.kind)
    check_values(where, "", found, record)
    if not isinstance(uid, str) or len(uid) > 200:
        raise ImportFailed(f"{where}: uid: is not a text of at most 200 characters.")
    check_values(where, "uid", uid, uid)
    if not named_properly(record):
        raise ImportFailed(f"{where}: id: “{record.id[:40]}” is not the id of a {record.word}.")
    return Entry(where, kept, uid or derived_uid(namespace, kept.kind, record.id), record)


def derived_uid(namespace: str, kind: type[Record], identity: str) -> str:
    """The uid of a record that is written without one."""
    return uuid.uuid5(_NAMESPACE, f"{namespace}/{kind.word}/{identity}").hex


def _deed(where: str, found: dict[str, Any], expected: int) -> Deed:
    deed: Deed = _struct(where, found, Deed)
    if deed.transaction != expected:
        raise ImportFailed(f"{where}: transaction: is {deed.transaction}, but the next one is {expected}.")
    if deed.undoes is not None and not 0 < deed.undoes < expected:
        raise ImportFailed(f"{where}: undoes: is not the number of an earlier transaction.")
    check_values(where, "at", None, deed.at)
    for name in ("account", "what", "member"):
        check_values(where, name, None, getattr(deed, name))
    for number, change in enumerate(deed.changes):
        _check_alteration(where, f"changes[{number}]", change)
    return deed


def _check_alteration(where: str, path: str, change: Alteration) -> None:
    kept = kept_by(change.record)
    if kept is None:
        raise ImportFailed(f"{where}: {path}.record: “{change.record[:40]}” is not the id of a record.")
    check_values(where, f"{path}.record", None, change.record)
    check_values(where, f"{path}.field", None, change.field)
    for side, value in (("old", change.old), ("new", change.new)):
        if value is not None:
            found = _struct(f"{where}: {path}.{side}", value, hints(kept.kind).get(change.field, Any))
            check_values(where, f"{path}.{side}", value, found)


def is_personal(change: Alteration) -> bool:
    """Whether a change's values are personal: the field is, or was when it was written."""
    kept = kept_by(change.record)
    return change.personal or (kept is not None and change.field in personal(kept.kind))


def _counter(where: str, found: dict[str, Any]) -> Counter:
    counter: Counter = _struct(where, found, Counter)
    known = counter.counter.removeprefix("~") in BY_WORD or kept_by(f"{counter.counter}1") is not None
    if not known or not 0 < counter.last <= (LARGEST if counter.counter.startswith("~") else LARGEST_NUMBER):
        raise ImportFailed(f"{where}: counter: “{counter.counter[:40]}” with {counter.last} is not a counter of the bot.")
    return counter


def _check(content: Content) -> None:
    """Refuse an id or uid that stands twice, and a reference to what is not there."""
    by_id: dict[str, Entry] = {}
    by_uid: dict[tuple[type, str], Entry] = {}
    for entry in content.entries:
        other = by_id.setdefault(entry.record.id, entry)
        twin = by_uid.setdefault((entry.kept.kind, entry.uid), entry)
        if other is not entry:
            raise ImportFailed(f"{entry.where}: id: {entry.record.id} stands already in {other.where}.")
        if twin is not entry:
            raise ImportFailed(f"{entry.where}: uid: {entry.uid} stands already in {twin.where}.")
    for entry in content.entries:
        for name, target, kind in pointers(entry.record):
            if target not in by_id:
                raise ImportFailed(f"{entry.where}: {name}: refers to {target[:40]}, which is not in the file.")
            if by_id[target].kept.table.name not in TABLES_OF[kind]:
                raise ImportFailed(f"{entry.where}: {name}: {target} is a {by_id[target].record.word}, which does not fit here.")
