"""Reading data files (TOML) strictly: a mistake is told with its key, its line and what is wrong with it."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

import msgspec

from bot.errors import Refused

T = TypeVar("T")
Contradictions = Callable[[T], Iterable[tuple[str, str]]]
"""(path, what is wrong) of what types cannot say, as in `.fields[3].keeps`."""

_PLACE = re.compile(r"(?P<reason>.*?)(?: - at `(?:key in )?\$(?P<path>.*)`)?", re.DOTALL)
_HEADER = re.compile(r"\s*\[\[?\s*([\w.-]+)\s*\]\]?")


class WrongFile(Refused):
    """A data file that cannot be read: where and why."""


def read(text: str, where: str, kind: type[T], contradictions: Contradictions[T], hints: Mapping[str, str]) -> T:
    """What a TOML text holds. Raises WrongFile for the first mistake, with the hint for its key."""
    try:
        found = msgspec.toml.decode(text, type=kind)
    except msgspec.ValidationError as error:
        place = _PLACE.fullmatch(str(error))
        path = (place and place["path"]) or ""
        hint = hints.get(_steps(path)[2], "")
        raise _wrong(text, where, path, ". ".join(filter(None, [place["reason"] if place else str(error), hint]))) from None
    except msgspec.DecodeError as error:
        raise WrongFile(f"{where} is not valid TOML: {error}. Mend that line.") from None
    for path, reason in contradictions(found):
        raise _wrong(text, where, path, reason)
    return found


def _wrong(text: str, where: str, path: str, reason: str) -> WrongFile:
    return WrongFile(f"{where}, line {_line(text, path)}, {path.lstrip('.') or 'the file'}: {reason}.")


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
