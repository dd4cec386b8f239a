"""Which days a person's words can mean.

Words that mean several days give all of them, so that the asker can be asked: `03/05`, `next tuesday` on a Monday.
"""

import re
from calendar import monthrange
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta

from bot.coalition import ids, zones
from bot.errors import Unreadable, WrongValue

FIRST_YEAR, LAST_YEAR = 1900, 2199
"""Years outside are slips of the keyboard."""

_MONTHS = ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"]
_WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_NEAR = {"yesterday": -1, "today": 0, "tomorrow": 1, "day after tomorrow": 2}
_LEADING = {"beginning", "coming", "each", "end", "every", "last", "mid", "next", "this", "tonight"}
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)")
_NUMERALS = re.compile(r"(\d{1,4})([./-])(\d{1,2})(?:\2(\d{4}|\d\d)|\.)?")
_DAY_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th|\.)?(?: of)?[ -]?([a-z]{3,9})\.?(?:[ -]?(\d{4}|\d\d))?")
_MONTH_DAY = re.compile(r"([a-z]{3,9})\.?[ -]?(\d{1,2})(?:st|nd|rd|th)?(?:[ -](\d{4}|\d\d))?")
_YEAR_MONTH_DAY = re.compile(r"(\d{4})[ -]([a-z]{3,9})\.?[ -](\d{1,2})")
_WEEKDAY = re.compile(r"(?:(this|coming|next|last) )?([a-z]{3,9})\.?")
_COUNTS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}
_RELATIVE = re.compile(rf"(in )?(\d{{1,4}}|{'|'.join(_COUNTS)}) (day|week|month|year)s?( ago| from now| from today)?")
_LENGTH = re.compile(r"\d+ ?(?:m|min|mins|minutes?|h|hours?)(?: ?\d+ ?(?:m|min|mins|minutes?)?)?")

_LANGUAGES = ["fr", "es", "pt", "de", "it", "nl", "pl", "tr", "ru", "ar", "zh", "ja", "sw"]
"""The United Nations' languages and those of recent hosts and members, beside English: more would cost time and misreadings."""
_FOREIGN = re.compile(r"(?=.*[^\W\d_])[\w .']+")
_WEEKDAY_ALONE = re.compile(r"[^\W\d_]{5,}")
"""A name that is long enough not to be a word of something else: `montag`, and not `sal`."""


def readings(text: str, field: str, today: date, example: str, *, foreign: bool = True) -> list[date]:
    """The days that `text` (lower case, single blanks) can mean, soonest first; in other languages too where it may be `foreign`.

    Raises WrongValue when there are none.
    """
    if ids.parse(text) or _LENGTH.fullmatch(text):
        raise Unreadable(field, f"is an id or a length of time, not a day: “{text}”", example)
    named = _without_weekday(text)
    weekday, rest = named or (None, text)
    found = _found(rest, today, foreign=foreign)
    if found is None:
        raise Unreadable(field, f"is not a day I can read: “{text}”", example)
    days = sorted({day for day in found if FIRST_YEAR <= day.year <= LAST_YEAR})
    if not days:
        raise WrongValue(field, f"is no day of the calendar ({FIRST_YEAR} to {LAST_YEAR}): “{text}”", example)
    fitting = [day for day in days if weekday in {None, day.weekday()}]
    if not fitting:
        raise WrongValue(field, f"names another weekday: that day is {zones.day(days[0])}", days[0].isoformat())
    return fitting


def is_part(word: str) -> bool:
    """Whether a word alone tells that a day is being named: a numeral, a weekday, or `next`."""
    plain = word.casefold().rstrip(".,")
    return plain in _LEADING or any(char.isdigit() for char in plain) or _begun(_WEEKDAYS, plain) is not None


def weekday(word: str) -> int | None:
    """Which day of the week, counted from Monday, a word names: `monday`, `mon`, `mondays`."""
    return _begun(_WEEKDAYS, word.rstrip(".").removesuffix("s"))


def month(word: str) -> int | None:
    """Which month of the year, from 1, a word names: `february`, `feb`."""
    found = _begun(_MONTHS, word.rstrip("."))
    return None if found is None else found + 1


def _found(text: str, today: date, *, foreign: bool) -> Iterable[date] | None:
    """The readings of the first grammar that knows this form; None when none does."""
    for read in (_numerals, _month_name, _weekday, _relative, *([_by_library] if foreign else [])):
        found = read(text, today)
        if found is not None:
            return found
    return None


def _begun(names: Sequence[str], word: str) -> int | None:
    """Which of the names a word of three letters or more begins."""
    return next((index for index, name in enumerate(names) if len(word) >= 3 and name.startswith(word)), None)


def _without_weekday(text: str) -> tuple[int, str] | None:
    """The weekday that stands before or after a day, and the day."""
    first, _, after = text.partition(" ")
    before, _, last = text.rpartition(" ")
    for word, rest in ((first, after), (last, before)):
        index = _begun(_WEEKDAYS, word.rstrip("."))
        if index is not None and any(char.isdigit() for char in rest):
            return index, rest
    return None


def _date(year: int, month: int, day: int) -> list[date]:
    try:
        return [date(year, month, day)]
    except ValueError:
        return []


def _year(text: str) -> int:
    return int(text) + (2000 if len(text) == 2 else 0)


def _coming(month: int, day: int, today: date) -> list[date]:
    """The next such day, today included; 29 February may be eight years away."""
    for year in range(today.year, today.year + 9):
        found = [day for day in _date(year, month, day) if day >= today]
        if found:
            return found
    return []


def _numerals(text: str, today: date) -> list[date] | None:
    if match := _COMPACT.fullmatch(text):
        return _date(*map(int, match.groups()))
    match = _NUMERALS.fullmatch(text)
    if match is None:
        return None
    first, _, second, third = match.groups()
    a, b = int(first), int(second)
    if third is None:
        return None if len(first) > 2 else [*_coming(b, a, today), *_coming(a, b, today)]
    if len(first) == 4:
        return _date(a, b, int(third)) if len(third) == 2 else []
    year_first = _date(_year(first), b, int(third)) if len(first) == len(third) == 2 else []
    return [*_date(_year(third), b, a), *_date(_year(third), a, b), *year_first]


def _month_name(text: str, today: date) -> list[date] | None:
    if match := _DAY_MONTH.fullmatch(text):
        day, name, year = match.groups()
    elif match := _MONTH_DAY.fullmatch(text):
        name, day, year = match.groups()
    elif match := _YEAR_MONTH_DAY.fullmatch(text):
        year, name, day = match.groups()
    else:
        return None
    month = _begun(_MONTHS, name)
    if month is None:
        return None
    return _date(_year(year), month + 1, int(day)) if year else _coming(month + 1, int(day), today)


def _weekday(text: str, today: date) -> list[date] | None:
    match = _WEEKDAY.fullmatch(text)
    index = _begun(_WEEKDAYS, match[2]) if match else None
    if match is None or index is None:
        return None
    ahead = (index - today.weekday()) % 7
    if match[1] == "last":
        return [today - timedelta(days=7 - ahead)]
    coming, after = (today + timedelta(days=ahead + week) for week in (0, 7))
    if match[1] == "next":
        return [after] if not ahead else [coming, after] if index > today.weekday() else [coming]
    return [coming] if ahead else [coming, after]


def _relative(text: str, today: date) -> list[date] | None:
    if text in _NEAR:
        return [today + timedelta(days=_NEAR[text])]
    match = _RELATIVE.fullmatch(text)
    if match is None or bool(match[1]) == bool(match[4]):
        return None
    count = _count(match[2]) * (-1 if match[4] == " ago" else 1)
    if match[3] in {"day", "week"}:
        return [today + timedelta(days=count * (7 if match[3] == "week" else 1))]
    return _months_on(today, count * (12 if match[3] == "year" else 1))


def _count(word: str) -> int:
    return int(word) if word.isdecimal() else _COUNTS[word]


def _months_on(today: date, count: int) -> list[date]:
    """The same day so many months on, or the last one of a shorter month."""
    year, month = divmod(today.year * 12 + today.month - 1 + count, 12)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return []
    return [date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))]


def _by_library(text: str, today: date) -> list[date] | None:
    """Other languages: only words and numerals, as the library skips over what it takes for a time, a zone or a range."""
    if not _FOREIGN.fullmatch(text):
        return None
    found = [day for order in ("DMY", "MDY") for day in _parsed(text, today, order)]
    return found or None


def _parsed(text: str, today: date, order: str) -> list[date]:
    from dateparser.date import DateDataParser  # noqa: PLC0415 - slow to import, seldom needed

    settings = {
        "DATE_ORDER": order, "RELATIVE_BASE": datetime.combine(today, time()), "PREFER_DATES_FROM": "future",
        "REQUIRE_PARTS": [] if _WEEKDAY_ALONE.fullmatch(text) else ["day", "month"], "PARSERS": ["relative-time", "absolute-time"],
    }  # fmt: skip
    try:
        found = DateDataParser(languages=_LANGUAGES, settings=settings).get_date_data(text)
    except Exception:  # Whatever the library stumbles over is no day.
        return []
    at = found.date_obj
    whole = at is not None and at.tzinfo is None and at.time() == time() and found.period == "day"
    return [at.date()] if at and whole else []
