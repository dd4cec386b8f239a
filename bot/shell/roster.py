"""Members from a spreadsheet: a CSV file as spreadsheet programs save it, with its mistakes named by line."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.commands.common import option
from bot.commands.profile import ACCOUNT, NAME, PROFILE
from bot.errors import ImportFailed, WrongValue
from bot.fields import TEXT, Reading, many

FIELDS = {
    field.name: field
    for field in (
        NAME,
        *PROFILE,
        option("organisations", "Organisations, separated by semicolons", many(TEXT, "Child Helpline Example", commas=False)),
        option("account", "Account on a platform", ACCOUNT),
    )
}
"""The columns, by name. Only `name` is needed; the order does not matter."""

_OTHER_NAMES = {
    "e-mail": "email", "mail": "email", "organisation": "organisations", "organization": "organisations", "organizations": "organisations",
    "stakeholder group": "group", "regional group": "region", "time zone": "zone", "timezone": "zone", "language": "languages",
    "alias": "aliases",
}  # fmt: skip
_DELIMITERS = ",;\t"


@dataclass(frozen=True, slots=True)
class Row:
    """One person: the line they stand in and the values of their fields."""

    line: int
    values: Mapping[str, Any]


def read(name: str, data: bytes) -> list[tuple[int, dict[str, str]]]:
    """(line, text by column) of a CSV file; the separator is that of its first line. Raises ImportFailed."""
    text = _decoded(name, data)
    first, _, _ = text.partition("\n")
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        columns = _columns(name, next(reader, []))
        return [(reader.line_num, dict(zip(columns, cells, strict=False))) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        raise ImportFailed(f"{name}, line {reader.line_num}: is not CSV: {error}.") from error


def _decoded(name: str, data: bytes) -> str:
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ImportFailed(f"{name}: is not UTF-8 text. Save it as “CSV UTF-8” in the spreadsheet program.") from error


def _columns(name: str, cells: Sequence[str]) -> list[str]:
    words = [" ".join(cell.replace("_", " ").casefold().split()) for cell in cells]
    found = [_OTHER_NAMES.get(word, word) for word in words]
    unknown = [cell.strip()[:40] for cell, word in zip(cells, found, strict=True) if word not in FIELDS]
    if unknown or "name" not in found or len(set(found)) < len(found):
        problem = f"there is no column “{unknown[0]}”" if unknown else "the first line must name each column once, and one must be name"
        raise ImportFailed(f"{name}, line 1: {problem}. Columns: {', '.join(FIELDS)}.")
    return found


def checked(rows: Sequence[tuple[int, Mapping[str, str]]], reading: Reading) -> tuple[list[Row], list[str]]:
    """The people of a file whose lines are sound, and what is wrong in which other line."""
    found: list[Row] = []
    problems: list[str] = []
    seen: dict[str, int] = {}
    for line, texts in rows:
        values, wrong = _values(texts, reading)
        twin = next((seen[key] for key in keys(values) if key in seen), None)
        if twin:
            wrong.append(f"is the same person as line {twin}")
        problems += [f"line {line}: {reason}" for reason in wrong]
        if not wrong:
            found.append(Row(line, values))
        seen |= dict.fromkeys(keys(values), line)
    return found, problems


def keys(values: Mapping[str, Any]) -> list[str]:
    """By what a person is recognised: the e-mail address, else the name."""
    known = values.get("email") or values.get("name")
    return [known.casefold()] if known else []


def _values(texts: Mapping[str, str], reading: Reading) -> tuple[dict[str, Any], list[str]]:
    values: dict[str, Any] = {}
    wrong: list[str] = []
    for name, text in {"name": "", **texts}.items():
        try:
            if text.strip() or name == "name":
                values[name] = FIELDS[name].read(text, reading)
        except WrongValue as problem:
            example = f"; write, for example, {problem.example}" if problem.example else ""
            wrong.append(f"{name}: {problem.reason}{example}")
    return values, wrong
