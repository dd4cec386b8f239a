"""The instants at which a timing falls due.

Turns of a repeating rule are wall times of its zone: a change of a zone's law moves the future ones, and summer time none.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from heapq import heappop, heappush
from itertools import dropwhile

from dateutil.rrule import rrulestr

from bot.coalition import zones
from bot.coalition.timing import MINUTES_OF_DAY, Anchor, Timing

_DAY = timedelta(days=1)
_SOME_DAY = datetime(2027, 1, 1, tzinfo=UTC)
_STEPS = {"HOURLY": timedelta(hours=1), "DAILY": _DAY, "WEEKLY": 7 * _DAY}
_MONTHS = {"MONTHLY": 1, "YEARLY": 12}
_RULE = re.compile(rf"FREQ=(?:{'|'.join([*_STEPS, *_MONTHS])})(?:;|$)(?!.*INTERVAL=(?![1-9]))")
_LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def after(timing: Timing, since: datetime, anchor: Anchor | None = None) -> Iterator[datetime]:
    """The instants (aware, in UTC) strictly after `since`, ascending, each once and read as they are asked for."""
    if timing.relative:
        found: Iterable[datetime] = sorted(set(_counted(timing, anchor or Anchor())))
    elif timing.repeats:
        found = _ascending(_walls(timing, since), timing.zone)
    else:
        found = [_instant(datetime.fromisoformat(timing.start), timing.zone)]
    return (at for at in found if at > since)


def key(timing: Timing, at: datetime) -> str:
    """What names a turn among those of its rule: its day, where whole days are counted, so that a moved anchor repeats none."""
    if timing.relative and timing.clock:
        return at.astimezone(zones.tz(timing.zone)).date().isoformat()
    return at.astimezone(UTC).isoformat()


def gap(timing: Timing, at: datetime) -> timedelta | None:
    """How long after a turn of a repeating rule the next one comes; None when none does, and for any other timing."""
    following = next(after(timing, at), None) if timing.repeats else None
    return following - at if following else None


def never(timing: Timing, since: datetime, anchor: Anchor | None = None) -> bool:
    """Whether nothing comes after `since`: it has passed, it has ended, or there is no such day. One that waits for the date of its
    anchor may come."""
    waits = timing.relative and not (anchor and anchor.dated)
    return not waits and next(after(timing, since, anchor), None) is None


def sound(timing: Timing) -> bool:
    """Whether a timing that was not read from words, but brought by an import, has one shape and parts that can be read."""
    if bool(timing.start) == timing.relative or (timing.repeats and timing.relative):
        return False
    if timing.repeats and not _RULE.match(timing.rrule):
        return False
    try:
        next(after(timing, _SOME_DAY, Anchor(at=_SOME_DAY)), None)
    except (ArithmeticError, LookupError, ValueError, TypeError):
        return False
    return True


def _instant(wall: datetime, zone: str) -> datetime:
    """A wall time that the clocks skip is read with the offset before the gap (RFC 5545, 3.3.5), one shown twice is the first."""
    return wall.replace(tzinfo=zones.tz(zone)).astimezone(UTC)


def _wall(at: datetime, zone: str) -> datetime:
    return at.astimezone(zones.tz(zone)).replace(tzinfo=None)


def _counted(timing: Timing, anchor: Anchor) -> Iterator[datetime]:
    base = _base(anchor)
    if base is None:
        return
    for minutes in timing.before:
        if not timing.clock:
            yield base - timedelta(minutes=minutes)
        elif anchor.at and minutes >= 0:
            yield _last_by(timing, anchor.at - timedelta(minutes=minutes))
        else:
            yield _on_day(timing, _day(timing, anchor, base) - minutes // MINUTES_OF_DAY * _DAY)


def _last_by(timing: Timing, at: datetime) -> datetime:
    """The last time of the timing's clock up to an instant: what is seven days before a deadline leaves seven days, wherever it was
    written."""
    day = at.astimezone(zones.tz(timing.zone)).date()
    found = _on_day(timing, day)
    return found if found <= at else _on_day(timing, day - _DAY)


def _on_day(timing: Timing, day: date) -> datetime:
    return _instant(datetime.combine(day, time.fromisoformat(timing.clock)), timing.zone)


def _day(timing: Timing, anchor: Anchor, base: datetime) -> date:
    """The day from which days are counted: of an instant, that on the calendar of the timing's zone."""
    return base.astimezone(zones.tz(timing.zone if anchor.at else anchor.zone)).date()


def _base(anchor: Anchor) -> datetime | None:
    """The instant that lengths of time are counted from: of a whole day, its beginning."""
    if anchor.at or anchor.day is None:
        return anchor.at
    return _instant(datetime.combine(anchor.day, time()), anchor.zone)


def _walls(timing: Timing, since: datetime) -> Iterator[datetime]:
    """The turns of a repeating rule as wall times: from `since` on, also as its clocks stood a day earlier, so that a turn in a gap
    of at most a day is among them. (The longest ever: Apia had no 30 December 2011.)"""
    parts = dict(part.split("=", 1) for part in timing.rrule.upper().split(";"))
    start = datetime.fromisoformat(timing.start)
    near = min(_wall(since, timing.zone), _wall(since - _DAY, timing.zone) + _DAY)
    if not _possible(parts):
        return iter(())
    rule = _rule(timing.rrule, start if "COUNT" in parts else _nearer(start, near, parts))
    return dropwhile(lambda wall: wall < near, rule)


@lru_cache(maxsize=256)
def _rule(rrule: str, start: datetime) -> Iterable[datetime]:
    """Kept with the turns found so far: of the many reminders that are due at one time, most have the same rule."""
    return rrulestr(rrule, dtstart=start, cache=True)


def _possible(parts: Mapping[str, str]) -> bool:
    """Whether any of the months has any of the days. (The library looks for a 30 February up to the year 9999.)"""
    months = parts.get("BYMONTH", "1").split(",")
    days = parts.get("BYMONTHDAY", "1").split(",")
    return any(abs(int(day)) <= _LONGEST[int(month) - 1] for month in months for day in days)


def _nearer(start: datetime, near: datetime, parts: Mapping[str, str]) -> datetime:
    """The start moved on by whole intervals, not past `near`, so that years need not be counted through.

    A month without the day of the start is passed over, since what a rule leaves open is read off its start.
    """
    interval = int(parts.get("INTERVAL", "1"))
    if near <= start:
        return start
    if step := _STEPS.get(parts["FREQ"]):
        return start + (near - start) // (step * interval) * (step * interval)
    months = _MONTHS[parts["FREQ"]] * interval
    passed = (near.year - start.year) * 12 + near.month - start.month - 1
    for count in range(passed // months, 0, -1):
        year, month = divmod(start.year * 12 + start.month - 1 + count * months, 12)
        try:
            return start.replace(year=year, month=month + 1)
        except ValueError:
            continue
    return start


def _ascending(walls: Iterable[datetime], zone: str) -> Iterator[datetime]:
    """The instants of wall times, in order: one that falls into a gap may come after a later one."""
    held: list[datetime] = []
    last: datetime | None = None
    for wall in walls:
        first = _instant(wall, zone)
        heappush(held, first)
        soonest = min(first, _instant(wall.replace(fold=1), zone))
        while held and held[0] <= soonest:
            at = heappop(held)
            if at != last:
                last = at
                yield at
    yield from (at for at in sorted(set(held)) if at != last)
