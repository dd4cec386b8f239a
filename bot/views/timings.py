"""How timings read: the rule in words, which `bot.coalition.recurring` reads back as the same rule."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.coalition import ids, zones
from bot.coalition.repeats import WEEKDAYS, WORKING_DAYS
from bot.coalition.timing import MINUTES_OF_DAY, Timing

NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_NTH = {"1": "first", "2": "second", "3": "third", "4": "fourth", "5": "fifth", "-1": "last"}
_UNITS = {"HOURLY": "hour", "DAILY": "day", "WEEKLY": "week", "MONTHLY": "month", "YEARLY": "year"}


def said(timing: Timing, now: datetime, anchor: str = "") -> str:
    """The rule in words: `every Monday and Thursday at 10:00 Europe/Berlin`, `21 days before D7, at 09:00 Europe/Berlin`.

    `anchor` names what a rule counts from that has no record of its own to count from (`each deadline`).
    """
    if timing.relative:
        return _relative(timing, anchor or subject(timing))
    start = datetime.fromisoformat(timing.start)
    if not timing.repeats:
        return f"{zones.day(start.date())} at {start:%H:%M} {timing.zone}"
    return _repeating(timing, start, now)


def subject(timing: Timing) -> str:
    """What a relative rule counts from: `D7`, `the end of IGF 2027`."""
    name = timing.anchor or "a date that was removed"
    named = f"IGF {name}" if ids.is_year(name) else name
    return {"": named, "day zero": f"day zero of {named}"}.get(timing.edge, f"the {timing.edge} of {named}")


def _relative(timing: Timing, anchor: str) -> str:
    return f"{counted(timing, anchor)}{f', at {timing.clock} {timing.zone}' if timing.clock else ''}"


def counted(timing: Timing, anchor: str) -> str:
    """A relative rule without its time of day: `14, 7 and 1 days before D7`."""
    if timing.before == (0,):
        return _on(timing, anchor)
    ahead = [minutes for minutes in timing.before if minutes >= 0]
    past = [-minutes for minutes in timing.before if minutes < 0]
    sides = [f"{_lengths(each, timing)} {side}" for each, side in ((ahead, "before"), (past, "after")) if each]
    return f"{' and '.join(sides)} {anchor}"


def _on(timing: Timing, anchor: str) -> str:
    if timing.edge == "day zero":
        return f"on {anchor}"
    if timing.clock:
        return f"on the day of {anchor}"
    kind = {"D": "the deadline ", "P.m": "the milestone "}.get(ids.letter(timing.anchor or ""), "")
    return f"at {kind}{anchor}"


def _lengths(minutes: Sequence[int], timing: Timing) -> str:
    """`14, 7, 3 and 1 days`; exact lengths of time in hours or minutes, so that they are not read as whole days."""
    size, unit = (MINUTES_OF_DAY, "day") if timing.clock else (60, "hour") if not any(each % 60 for each in minutes) else (1, "minute")
    counts = [str(each // size) for each in minutes]
    return f"{_and(counts)} {unit}{'' if counts == ['1'] else 's'}"


def _and(parts: Sequence[str]) -> str:
    *most, last = parts
    return f"{', '.join(most)} and {last}" if most else last


def _repeating(timing: Timing, start: datetime, now: datetime) -> str:
    parts = dict(part.split("=", 1) for part in timing.rrule.split(";"))
    interval, count = int(parts.get("INTERVAL", "1")), parts.get("COUNT")
    at = f"at {start:%H:%M} {timing.zone}"
    begins = f"from {zones.day(start.date())}"
    counted = interval > 1 or count or start.date() > now.astimezone(zones.tz(timing.zone)).date()
    rule = f"{_how_often(parts, interval)}{_skipped(parts)}"
    first = f"{rule} {begins} {at}" if parts["FREQ"] == "HOURLY" else f"{rule} {at}" + (f", {begins}" if counted else "")
    until = f"until {zones.day(datetime.strptime(parts['UNTIL'][:8], '%Y%m%d').date())}" if "UNTIL" in parts else ""  # noqa: DTZ007
    return ", ".join(filter(None, (first, until, f"{count} times" if count else "")))


def _how_often(parts: Mapping[str, str], interval: int) -> str:
    unit = _UNITS[parts["FREQ"]]
    every = f"every {unit}" if interval == 1 else f"every {interval} {unit}s"
    if unit == "week":
        names = _weekdays(parts["BYDAY"])
        return (
            f"every {names}"
            if interval == 1
            else f"every other {names}"
            if (interval, "," in parts["BYDAY"]) == (2, False)
            else f"{every} on {names}"
        )
    if unit == "month":
        return f"on the {_days_of_month(parts)} of {every}"
    return f"{every} on {_days_of_year(parts)}" if unit == "year" else every


def _weekdays(codes: str) -> str:
    return "weekday" if codes == WORKING_DAYS else _and([NAMES[WEEKDAYS.index(code)] for code in codes.split(",")])


def _days_of_month(parts: Mapping[str, str]) -> str:
    if days := parts.get("BYMONTHDAY"):
        return "last day" if days == "-1" else _and([_ordinal(int(day)) for day in days.split(",")])
    if position := parts.get("BYSETPOS"):
        return f"{_NTH[position]} weekday"
    codes = parts["BYDAY"].split(",")
    return f"{_and([_NTH[code[:-2]] for code in codes])} {NAMES[WEEKDAYS.index(codes[0][-2:])]}"


def _days_of_year(parts: Mapping[str, str]) -> str:
    month, days = MONTHS[int(parts["BYMONTH"]) - 1], parts.get("BYMONTHDAY", "").split(",")
    if days == [""]:
        return f"the {_days_of_month(parts)} of {month}"
    return f"the {_weekdays(parts['BYDAY'])} between {days[0]} and {days[-1]} {month}" if "BYDAY" in parts else f"{days[0]} {month}"


def _ordinal(day: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th") if day not in {11, 12, 13} else "th"
    return f"{day}{ending}"


def _skipped(parts: Mapping[str, str]) -> str:
    """What a rule leaves out, as not every month has its day."""
    days, fifth = parts.get("BYMONTHDAY", ""), parts.get("BYDAY", "").startswith("5")
    if parts["FREQ"] == "YEARLY":
        return " (in leap years only)" if (parts["BYMONTH"], days) == ("2", "29") else ""
    return " (months without one are skipped)" if fifth or (parts["FREQ"] == "MONTHLY" and days in {"29", "30", "31"}) else ""
