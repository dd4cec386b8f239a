"""What was changed, as people tell it: records by their titles, fields by labels, values as they read elsewhere."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from bot.coalition import ids, zones
from bot.coalition.members import Member, shown
from bot.coalition.record import Record
from bot.coalition.reports import Passage
from bot.coalition.store import Change
from bot.message import Bold, Moment, Span, Spans, plain_spans
from bot.views.trail import readable

UNSAID = frozenset({
    "id", "session", "project", "suggested_by", "at", "by", "member", "heir", "handover", "source", "uid", "began", "ended", "extra",
    "buffer", "report",
})  # fmt: skip
"""Fields that say nothing new to who reads of a change in its thread."""
TITLES: Mapping[str, tuple[str, ...]] = {
    "update": ("health", "line"),
    "slot": ("role", "person"),
    "report": ("template",),
    "voice": ("view",),
    "passage": ("name",),
}
"""The fields by which people know a record of a kind, where that is not its title."""
WORDS = {"slot": "role", "part": "part of the agenda"}
LABELS = {
    "minutes": "length", "done": "date reached", "state": "now", "position": "place", "summary": "about", "kind": "type",
    "gain": "participants gain", "organiser_note": "organisers in words", "link": "page", "start": "begins", "zone": "time zone",
    "time_as_written": "published as", "person": "who", "onsite": "in person", "view": "now", "join": "join link",
    "carried_from": "taken up again from", "room": "where", "text": "says", "asked": "asked for",
}  # fmt: skip
"""What a field is called where its own name would not be understood."""
SPEAKING = frozenset({"minutes", "state", "health"})
"""Fields of a new record whose values need no label."""
UNQUOTED = frozenset({"join"})
"""Fields whose values are for members, while a room may have guests."""
LONG = 80
"""Characters of a value from which on it is only said that it was written anew."""

Known = Mapping[str, Record]
"""The records that are told of, and those that their fields name, by id, as they are now."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What became of one record: its fields, each from and to. `made`: it was added; `gone`: removed."""

    record: str
    fields: Mapping[str, tuple[Any, Any]]
    made: bool = False
    gone: bool = False


def folded(changes: Iterable[Change]) -> list[Difference]:
    """The changes by record, each field once, and none of what came and went meanwhile; where a record came or went, the others only
    moved along with it."""
    found: dict[str, dict[str, tuple[Any, Any]]] = {}
    for change in changes:
        fields = found.setdefault(change.record, {})
        fields[change.field] = (fields.get(change.field, (change.old,))[0], change.new)
    whole = [_difference(record, fields) for record, fields in found.items() if fields.get("id") != (None, None)]
    moved = {"position"} if any(each.made or each.gone or "state" in each.fields for each in whole) else set()
    told = [replace(each, fields=_left(each.fields, UNSAID | moved | _run(each.fields))) for each in whole]
    return [each for each in told if (each.fields or each.made or each.gone) and not _comes_along(each)]


def _comes_along(found: Difference) -> bool:
    """Whether a record is a field of a report, which comes and goes with it."""
    return (found.made or found.gone) and ids.letter(found.record) == Passage.letter


def _run(fields: Mapping[str, Any]) -> set[str]:
    """What the run sheet says of an item, where that moved on."""
    return {"state"} if {"began", "ended"} & fields.keys() else set()


def _difference(record: str, fields: Mapping[str, tuple[Any, Any]]) -> Difference:
    before, now = fields.get("id", ("", ""))
    return Difference(record, fields, made=before is None and now is not None, gone=now is None)


def _left(fields: Mapping[str, tuple[Any, Any]], unsaid: Iterable[str]) -> dict[str, tuple[Any, Any]]:
    with_another = {"zone"} if "start" in fields else set()
    return {name: (old, new) for name, (old, new) in fields.items() if name not in {*unsaid, *with_another} and old != new}


def row(found: Difference, word: str, about: str, known: Known, zone: str) -> Spans:
    """One record's line in the thread of `about`; `word` is what its kind is called, `zone` that of instants."""
    titled = TITLES.get(word, ("title",))
    between = ": " if word == "update" else " "
    title = between.join(filter(None, (_titled(found, name, known) for name in titled)))
    renamed = not (found.made or found.gone) and any(name in found.fields for name in titled)
    named: Spans = (Bold(found.record), "" if renamed else f" {title}".rstrip())
    if found.gone:
        return ("Removed: ", WORDS.get(word, word), " ", *named)
    if found.made:
        rest = [name for name in found.fields if name not in titled]
        said = _joined((_given(name, found.fields[name][1], known, zone) for name in rest), ", ")
        return (f"New {WORDS.get(word, word)} ", *named, *((": ", *said) if said else ()))
    said = _joined((_changed(name, *values, known, zone) for name, values in found.fields.items()), "; ")
    return _begun(said) if found.record == about else (*named, ": ", *said)


def _begun(said: Spans) -> Spans:
    """With a capital letter, where nothing stands before it."""
    first, *rest = said
    return (first[:1].upper() + first[1:], *rest) if isinstance(first, str) else said


def _titled(found: Difference, name: str, known: Known) -> str:
    """A part of a record's title: as it is now, or as it was where it is gone."""
    record = known.get(found.record)
    value = getattr(record, name, None) if record else next(filter(None, reversed(found.fields.get(name, ()))), None)
    return plain_spans(_value(name, value, known, "UTC")) if value else ""


def _given(name: str, value: Any, known: Known, zone: str) -> Spans:
    label = "" if name in SPEAKING else f"{_label(name)} "
    return (label, *_value(name, value, known, zone))


def _changed(name: str, old: Any, new: Any, known: Known, zone: str) -> Spans:
    """`length 15 minutes (was 10 minutes)`."""
    if name in UNQUOTED or any(isinstance(value, str) and len(value) > LONG for value in (old, new)):
        return (f"{_label(name)} {('written anew' if _holds(old) else 'added') if new else 'taken away'}",)
    was: Spans = (" (was ", *_value(name, old, known, zone), ")") if _holds(old) else ()
    return (f"{_label(name)} ", *(_value(name, new, known, zone) if _holds(new) else ("taken away",)), *was)


def _label(name: str) -> str:
    return LABELS.get(name, name.replace("_", " "))


def _holds(value: Any) -> bool:
    return value is not None and value not in ("", ())


def _value(name: str, value: Any, known: Known, zone: str) -> Spans:
    match value:
        case datetime():
            return (Moment(value, zone),)
        case date():
            return (zones.day(value),)
        case int() if name == "minutes":
            return (f"{value} minute{'' if value == 1 else 's'}",)
        case str() if value in known:
            return (_name(known[value]),)
        case tuple() if any(part in known for part in value if isinstance(part, str)):
            return (", ".join(_name(known[part]) if part in known else str(part) for part in value),)
        case _:
            return (readable(value),)


def _name(record: Record) -> str:
    return shown(record) if isinstance(record, Member) else str(getattr(record, "name", record.id))


def _joined(parts: Iterable[Spans], between: str) -> Spans:
    return tuple(_between(list(parts), between))


def _between(parts: Sequence[Spans], between: str) -> Iterator[Span]:
    for number, part in enumerate(parts):
        yield from (between, *part) if number else part
