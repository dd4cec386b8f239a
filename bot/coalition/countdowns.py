"""A reminder that counts from something else, in people's words: `14, 7, 3 and 1 days before D7`, `when the IGF ends`."""

import re
from collections.abc import Sequence

from bot.coalition import anchors, ids, when
from bot.coalition.store import Records
from bot.coalition.timing import DEFAULT_CLOCK, MINUTES_OF_DAY, Timing
from bot.errors import WrongValue

MAX_COUNTED = 10
"""How many reminders may count down to one date."""
MAX_DAYS = 3660
"""How far they may be from it, about ten years."""

_DAYS = {"d": 1, "day": 1, "days": 1, "w": 7, "wk": 7, "week": 7, "weeks": 7}
_MINUTES = {"h": 60, "hr": 60, "hrs": 60, "hour": 60, "hours": 60, "m": 1, "min": 1, "mins": 1, "minute": 1, "minutes": 1}
_MONTHS = {"month", "months", "year", "years"}
_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}
_COUNTED = re.compile(r"(.+?) (before|ahead of|prior to|after) (.+)")
_AT = re.compile(r"(?:when|at) (.+)")
_ON_DAY = re.compile(r"(?:on )?(?:the )?day (?:of|that|when) (.+)")
_DAY_ZERO = re.compile(r"(?:on )?(?:the )?(day (?:zero|0)\b.*)")
_TITLED = re.compile(r"(?:the )?(?:deadline|milestone) \S+")


def read(words: str, clock: str, zone: str, field: str, records: Records) -> Timing | None:
    """The timing that words (lower case, without their time of day and zone) mean; None where they count from nothing.

    Raises WrongValue, Unreadable where what they count from is not known.
    """
    if match := _COUNTED.fullmatch(words):
        counted = _counted(match[1], field)
        return None if counted is None else _before(match, counted, clock, zone, field, records)
    if match := _AT.fullmatch(words):
        exact = anchors.says_edge(match[1]) or _TITLED.fullmatch(match[1])
        return _at(match[1], clock, zone, field, records) if exact else None
    match = _ON_DAY.fullmatch(words) or _DAY_ZERO.fullmatch(words)
    return _at(match[1], clock or DEFAULT_CLOCK, zone, field, records) if match else None


def _before(match: re.Match[str], counted: tuple[list[int], bool], clock: str, zone: str, field: str, records: Records) -> Timing:
    minutes, days = counted
    past = match[2] == "after"
    subject, edge = anchors.named(records, match[3], field, past=past)
    if clock and not days:
        raise WrongValue(field, f"counts hours, so that it cannot be at {clock} as well", f"3 hours before {subject}")
    before = tuple(sorted({-each if past else each for each in minutes}, reverse=True))
    return Timing(zone, anchor=subject, edge=edge, before=before, clock=(clock or DEFAULT_CLOCK) if days else "")


def _at(name: str, clock: str, zone: str, field: str, records: Records) -> Timing:
    """At the instant itself; of a whole day, in its morning."""
    subject, edge = anchors.named(records, name, field)
    whole = ids.is_year(subject) or ids.letter(subject) == "P.m"
    return Timing(zone, anchor=subject, edge=edge, before=(0,), clock=clock or (DEFAULT_CLOCK if whole else ""))


def _counted(text: str, field: str) -> tuple[list[int], bool] | None:
    """Lengths of time in minutes, and whether they are whole days; None when the text is something else."""
    length = None if text.isdecimal() else when.minutes_of(text)
    if length is not None:
        return [length], False
    lengths = _lengths(re.sub(r"(\d)([a-z])", r"\1 \2", text).replace(",", " ").split(), field)
    if not lengths:
        return None
    units = {unit in _DAYS for _, unit in lengths}
    if len(units) > 1:
        raise WrongValue(field, "counts both days and hours; make it two reminders", "3 days before D7")
    minutes = [count * _minutes(unit) for count, unit in lengths]
    if len(minutes) > MAX_COUNTED:
        raise WrongValue(field, f"counts {len(minutes)} times; at most {MAX_COUNTED} make sense", "14, 7, 3 and 1 days before D7")
    if max(minutes) > MAX_DAYS * _minutes("day"):
        raise WrongValue(field, f"is further away than {MAX_DAYS:,} days", "30 days before the IGF")
    return minutes, units.pop()


def _minutes(unit: str) -> int:
    return _DAYS[unit] * MINUTES_OF_DAY if unit in _DAYS else _MINUTES[unit]


def _lengths(words: Sequence[str], field: str) -> list[tuple[int, str]]:
    """(count, unit) of `14 7 3 and 1 days`, `2 weeks and 1 day`, `the day`; nothing for other words."""
    said = [word for word in words if word not in {"and", "the", "on"}]
    found: list[tuple[int, str]] = []
    counts = [1] if len(said) == 1 else []
    for word in said:
        if word in _NUMBERS or word.isdecimal():
            counts.append(_NUMBERS[word] if word in _NUMBERS else int(word))
        elif word in _MONTHS and counts:
            raise WrongValue(field, f"counts in {word}, which differ in length; count in days or weeks", "30 days before the IGF")
        elif counts and (word in _DAYS or word in _MINUTES):
            found += [(count, word) for count in counts]
            counts = []
        else:
            return []
    return [] if counts else found
