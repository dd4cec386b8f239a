"""How often something comes, in people's words: `every other wednesday`, `the last friday of the month`.

What is read is a recurrence rule (RFC 5545, 3.3.10) without its beginning and end.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.coalition import days
from bot.errors import Ambiguous, WrongValue

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
WORKING_DAYS = "MO,TU,WE,TH,FR"
EXAMPLE = "every Monday at 10:00"
FREQUENCIES = {"hour": "HOURLY", "day": "DAILY", "week": "WEEKLY", "month": "MONTHLY", "year": "YEARLY"}
"""At most once an hour: more often is no reminder."""


@dataclass(frozen=True, slots=True)
class Repeat:
    """A rule of every `interval` units. `by` are the parts that choose days, `BYDAY=MO` among them; "" where none is named."""

    unit: str
    interval: int = 1
    by: str = ""

    def rrule(self, interval: int | None = None) -> str:
        """The rule, with another interval where one is given."""
        every = self.interval if interval is None else interval
        return ";".join(filter(None, (f"FREQ={FREQUENCIES[self.unit]}", f"INTERVAL={every}" if every > 1 else "", self.by)))

    def begun(self, start: date) -> "Repeat":
        """The rule with a day that is left open, as in `monthly`, read off its start."""
        day = {
            "week": f"BYDAY={WEEKDAYS[start.weekday()]}",
            "month": f"BYMONTHDAY={start.day}",
            "year": f"BYMONTH={start.month};BYMONTHDAY={start.day}",
        }.get(self.unit, "")
        return self if self.by else replace(self, by=day)


_ADVERBS = {
    "hourly": "every hour", "daily": "every day", "weekly": "every week", "fortnightly": "every 2 week", "monthly": "every month",
    "quarterly": "every 3 month", "yearly": "every year", "annually": "every year", "each": "every", "fortnight": "2 week",
    "quarter": "3 month", "safer internet day": "every year tuesday between 5 11 february", "working day": "workday",
    "business day": "workday",
}  # fmt: skip
"""Safer Internet Day is "the second day of the second week of the second month": the Tuesday between 5 and 11 February."""
_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": -1}
_SMALL = re.compile(r"\b(?:months without one are skipped|in leap years only|the|on|of|in|at|and|single)\b|[,&]")
_UNITS = "second(?=s?$)|minute|hour|day|week|month|year"
_PERIOD = re.compile(rf"\bevery (?:(\d{{1,3}}|other|second) )?({_UNITS})s?\b|\b(month|year)$")
_BETWEEN = re.compile(r"([a-z]+) between (?:([a-z]+) )?(\d\d?)(?:st|nd|rd|th)? (?:([a-z]+) )?(\d\d?)(?:st|nd|rd|th)?(?: ([a-z]+))?")
_DAY = re.compile(r"(\d\d?)(st|nd|rd|th)?")


def read(text: str, field: str) -> Repeat | None:
    """What the words (lower case, without a time of day) mean, where they say how often; None for other words.

    Raises WrongValue for what comes too often, and Ambiguous.
    """
    words = _plain(text)
    if words.startswith("every ") or _PERIOD.search(words) or " between " in words or _plural(words):
        return _periodic(words, field)
    return None


def _plain(text: str) -> str:
    words = _SMALL.sub(" ", text)
    for adverb, meant in _ADVERBS.items():
        words = re.sub(rf"\b{adverb}\b", meant, words)
    for number, word in enumerate(_NUMBERS, 1):
        words = re.sub(rf"\b{word}\b", str(number), words)
    return " ".join(words.split())


def _plural(words: str) -> bool:
    """Whether weekdays are named as ones that come again: `mondays`, `mondays and thursdays`."""
    return all(word.endswith("s") and _days_of_week([word]) for word in words.split())


def _periodic(words: str, field: str) -> Repeat | None:
    match = _PERIOD.search(words)
    if match is None:
        return _unitless(words.removeprefix("every ").split(), field, said=words.startswith("every "))
    unit = match[2] or match[3]
    interval = 2 if match[1] in {"other", "second"} else int(match[1] or 1)
    chosen = " ".join((words[: match.start()] + words[match.end() :]).split()).removeprefix("every ")
    if unit in {"second", "minute"} and not chosen:
        raise WrongValue(field, f"comes too often: {match[0]}; a reminder comes at most once an hour", "every 2 hours")
    if match[3] and chosen[-1:].isdecimal():  # `in 1 month` comes once.
        return None
    by = "" if not chosen else _chosen(unit, chosen.split())
    return None if by is None or interval < 1 else Repeat(unit, interval, by)


def _chosen(unit: str, words: Sequence[str]) -> str | None:
    """The parts that choose days of a week, month or year; None when the words name none."""
    readers: dict[str, tuple[Callable[[Sequence[str]], str | None], ...]] = {
        "week": (_days_of_week,),
        "month": (_days_of_month, _nth_weekday),
        "year": (_day_of_year, _nth_of_month, _between),
    }
    return next((found for read in readers.get(unit, ()) if (found := read(words))), None)


def _unitless(words: Sequence[str], field: str, *, said: bool) -> Repeat | None:
    """`monday`, `other wednesday`, `15th`, `first tuesday`, `20 november`; whether `every` stood before them was `said`."""
    if by := _between(words):
        return Repeat("year", 1, by)
    if by := _days_of_week(words):
        return Repeat("week", 1, by)
    if not said:
        return None
    if len(words) > 1 and (by := _days_of_week(words[1:])) and (interval := _interval(words[0])):
        if interval > 2 and not words[0].isdecimal():
            raise _which_third(field, words[0], words[1:], interval)
        return Repeat("week", interval, by)
    if by := _day_of_year(words) or _nth_of_month(words):
        return Repeat("year", 1, by)
    by = _nth_weekday(words) or (_days_of_month(words) if all(_numbered(word) for word in words) else None)
    return Repeat("month", 1, by) if by else None


def _numbered(word: str) -> bool:
    match = _DAY.fullmatch(word)
    return bool(match and match[2])


def _interval(word: str) -> int | None:
    """How many weeks lie between, as in `every other wednesday`; `every first tuesday` is one of a month."""
    if word == "other":
        return 2
    found = int(word) if word.isdecimal() else _ordinal(word)
    return found if found and found > 1 else None


def _which_third(field: str, word: str, names: Sequence[str], interval: int) -> Ambiguous:
    named = " and ".join(name.capitalize() for name in names)
    weeks, month = f"every {interval} weeks on {named}", f"the {word} {named} of every month"
    return Ambiguous(field, f"can mean {weeks}, or {month}. Which one?", [(weeks, weeks), (month, month)])


def _ordinal(word: str) -> int | None:
    if word in _ORDINALS:
        return _ORDINALS[word]
    match = _DAY.fullmatch(word)
    return int(match[1]) if match and match[2] and 1 <= int(match[1]) <= 5 else None


def _days_of_week(words: Sequence[str]) -> str | None:
    if len(words) == 1 and words[0] in {"weekday", "weekdays", "workday", "workdays"}:
        return f"BYDAY={WORKING_DAYS}"
    if len(words) == 1 and words[0] in {"weekend", "weekends"}:
        return "BYDAY=SA,SU"
    found = {days.weekday(word) for word in words}
    return None if None in found or not found else f"BYDAY={_codes(found)}"


def _codes(found: set[int | None]) -> str:
    return ",".join(code for index, code in enumerate(WEEKDAYS) if index in found)


def _days_of_month(words: Sequence[str]) -> str | None:
    """`15th`, `1st 15th`, `last day`."""
    if len(words) == 2 and words[1] == "day" and words[0] in {"first", "last", "1st"}:
        return "BYMONTHDAY=-1" if words[0] == "last" else "BYMONTHDAY=1"
    found = [_DAY.fullmatch(word) for word in words if word != "day"]
    numbers = sorted({int(match[1]) for match in found if match})
    if not numbers or None in found or not 1 <= numbers[0] <= numbers[-1] <= 31:
        return None
    return f"BYMONTHDAY={','.join(map(str, numbers))}"


def _nth_weekday(words: Sequence[str]) -> str | None:
    """`first tuesday`, `first third monday`, `last workday`."""
    *leading, name = words
    numbers = [_ordinal(word) for word in leading]
    if not numbers or None in numbers:
        return None
    if len(numbers) == 1 and name in {"weekday", "workday"}:
        return f"BYDAY={WORKING_DAYS};BYSETPOS={numbers[0]}"
    index = days.weekday(name)
    return None if index is None else "BYDAY=" + ",".join(f"{number}{WEEKDAYS[index]}" for number in dict.fromkeys(numbers))


def _day_of_year(words: Sequence[str]) -> str | None:
    """`20 november`, `november 20th`."""
    if len(words) != 2:
        return None
    number, name = words if words[0][0].isdigit() else words[::-1]
    match, month = _DAY.fullmatch(number), days.month(name)
    return f"BYMONTH={month};BYMONTHDAY={int(match[1])}" if match and month and 1 <= int(match[1]) <= 31 else None


def _nth_of_month(words: Sequence[str]) -> str | None:
    """`first tuesday february`."""
    month = days.month(words[-1]) if len(words) > 2 else None
    by = _nth_weekday(words[:-1]) if month else None
    return f"BYMONTH={month};{by}" if by else None


def _between(words: Sequence[str]) -> str | None:
    """`tuesday between 5 11 february`: within one month, and at most a week, so that there is one."""
    match = _BETWEEN.fullmatch(" ".join(words))
    if match is None:
        return None
    months = {days.month(name) for name in (match[2], match[4], match[6]) if name}
    index, first, last = days.weekday(match[1]), int(match[3]), int(match[5])
    if index is None or len(months) != 1 or None in months or not 1 <= first <= last <= min(31, first + 6):
        return None
    return f"BYMONTH={months.pop()};BYMONTHDAY={','.join(map(str, range(first, last + 1)))};BYDAY={WEEKDAYS[index]}"
