"""Reading data files (TOML) strictly: every mistake is told with its key, its line and what is wrong with it."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, Any, TypeVar, get_args, get_origin

import msgspec

from bot.errors import Refused

T = TypeVar("T", bound=msgspec.Struct)
Contradictions = Callable[[T], Iterable[tuple[str, str]]]
"""(path, what is wrong) of what types cannot say, as in `.fields[3].keeps`."""

_PLACE = re.compile(r"(?P<reason>.*?)(?: - at `(?:key in )?\$(?P<path>.*)`)?", re.DOTALL)
_HEADER = re.compile(r"\s*\[\[?\s*([\w.-]+)\s*\]\]?")
_KINDS = {"str": "a text in quotes", "int": "a number", "float": "a number", "bool": "true or false", "array": "a list in [ ]",
          "object": "a table"}  # fmt: skip
"""What a file's author calls the kinds of values."""


class WrongFile(Refused):
    """A data file that cannot be read. `mistakes` says where and why of each; all of them are its text."""

    def __init__(self, where: str, mistakes: Iterable[str]) -> None:
        self.mistakes = tuple(mistakes)
        one = len(self.mistakes) == 1
        super().__init__(f"{where}, {self.mistakes[0]}" if one else f"{where} has {len(self.mistakes)} mistakes.")

    def __str__(self) -> str:
        return self.reason if len(self.mistakes) == 1 else "\n".join((self.reason, *self.mistakes))


def read(text: str, where: str, kind: type[T], contradictions: Contradictions[T], hints: Mapping[str, str]) -> T:
    """What a TOML text holds. Raises WrongFile with every mistake in the order of the lines, each with the hint for its key."""
    try:
        raw = msgspec.toml.decode(text)
    except msgspec.DecodeError as error:
        raise WrongFile(where, [f"as it is, is not valid TOML: {error}. Mend that line."]) from None
    wrong: dict[str, str] = {}
    found = _table(raw, kind, "", wrong)
    told = {path: ". ".join(filter(None, [reason, hints.get(_steps(path)[2], "")])) for path, reason in wrong.items()}
    told |= {path: reason for path, reason in contradictions(found) if path not in wrong}
    if told:
        lines = sorted((_line(text, path), f"{path.lstrip('.')}: {reason}.") for path, reason in told.items())
        raise WrongFile(where, [f"line {line}, {said}" for line, said in lines])
    return found


def _table(raw: Mapping[str, Any], kind: type[T], path: str, wrong: dict[str, str]) -> T:
    """A table as the type has it. What is wrong with it is added to `wrong` by its path, which then stands in its place."""
    entries = {entry.encode_name: entry for entry in msgspec.structs.fields(kind)}
    for key in raw:
        if key not in entries:
            wrong[f"{path}.{key}"] = f"there is no such key here. Write {' or '.join(_nearest(key, entries))}"
    values: dict[str, Any] = {}
    for key, entry in entries.items():
        here = f"{path}.{key}"
        if key in raw:
            values[entry.name] = _value(raw[key], entry.type, here, wrong)
        elif entry.required:
            values[entry.name] = () if _rows_of(entry.type) else here
            wrong[here] = "it is missing"
    return kind(**values)


def _nearest(key: str, known: Iterable[str]) -> list[str]:
    """The key that was probably meant, or all that there are."""
    from difflib import get_close_matches  # noqa: PLC0415 - for a mistake alone

    every = list(known)
    return get_close_matches(key, every, 1) or every


def _value(raw: Any, kind: Any, path: str, wrong: dict[str, str]) -> Any:
    row = _rows_of(kind)
    if row and raw and isinstance(raw, list) and all(isinstance(each, dict) for each in raw):
        return tuple(_table(each, row, f"{path}[{place}]", wrong) for place, each in enumerate(raw))
    try:
        return msgspec.convert(raw, kind)
    except msgspec.ValidationError as error:
        place = _PLACE.fullmatch(str(error))
        wrong[path + ((place and place["path"]) or "")] = _plainly(place["reason"] if place else str(error))
        return () if row else path


def _rows_of(kind: Any) -> Any:
    """The type of each table in a list of tables; None for any other type."""
    plain = get_args(kind)[0] if get_origin(kind) is Annotated else kind
    row = get_args(plain)[0] if get_origin(plain) is tuple else None
    return row if isinstance(row, msgspec.StructMeta) else None


def _plainly(reason: str) -> str:
    """What msgspec says of a value, in the words of whoever wrote the file."""
    if match := re.fullmatch(r"Expected `([\w |]+)`, got `(\w+)`", reason):
        wanted = dict.fromkeys(_KINDS[each] for each in match[1].split(" | ") if each in _KINDS)
        return f"{' or '.join(wanted)} is to stand here, and not {_KINDS.get(match[2], match[2])}"
    if match := re.fullmatch(r"Invalid enum value '(.*)'", reason):
        return f"“{match[1]}” cannot stand here"
    return "it is empty" if re.search(r"of length >= 1$", reason) else reason


def _line(text: str, path: str) -> int:
    """The line of a key (`.fields[3].label`), or of the table that it should stand in; 1 where neither is found."""
    table, place, key = _steps(path)
    count, inside, begins = 0, not table, 1
    for number, line in enumerate(text.splitlines(), 1):
        header = _HEADER.match(line)
        if header:
            inside = header[1] == table and count == place
            count += header[1] == table
            begins = number if inside else begins
        elif inside and key and re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=", line):
            return number
    return begins


def _steps(path: str) -> tuple[str, int, str]:
    """(table, which of them, key) of a path; "" for the table of a key that stands in none."""
    match = re.match(r"\.([\w-]+)\[(\d+)\](?:\.([\w-]+))?", path) or re.match(r"\.([\w-]+)()\.([\w-]+)", path)
    if match:
        return match[1], int(match[2] or 0), match[3] or ""
    return "", 0, path.lstrip(".").partition("[")[0]
