"""Days of the year that matter to a coalition for the safety of children."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.coalition import coalitions, zones
from bot.coalition.reminders import Occurrence, Reminder
from bot.coalition.store import Records
from bot.coalition.timing import Anchor
from bot.coalition.watching import Nudge, Subject, To


@dataclass(frozen=True, slots=True)
class NotableDay:
    """A day that comes every year."""

    name: str
    of: Callable[[int], date]


@dataclass(frozen=True, kw_only=True, slots=True)
class DayNudge(Nudge):
    """Notable days ahead, by name; to the room."""

    days: tuple[tuple[str, date], ...]


def _safer_internet_day(year: int) -> date:
    """The Tuesday between 5 and 11 February, which fits every Safer Internet Day from 2017 on; the second Tuesday does not."""
    first = date(year, 2, 5)
    return first + timedelta(days=(1 - first.weekday()) % 7)


NOTABLE = (
    NotableDay("Safer Internet Day", _safer_internet_day),
    NotableDay("World Telecommunication and Information Society Day", lambda year: date(year, 5, 17)),
    NotableDay(
        "World Day for the Prevention of and Healing from Child Sexual Exploitation, Abuse and Violence", lambda year: date(year, 11, 18)
    ),
    NotableDay("World Children's Day", lambda year: date(year, 11, 20)),
)
"""The first as saferinternetday.org words it and published its dates, the others as the United Nations and the ITU list them."""


class DayWatcher:
    """Notable days: the room is told."""

    def subjects(self, records: Records, reminder: Reminder, now: datetime) -> Sequence[Subject]:
        zone = reminder.timing.zone
        return [Subject(anchor=Anchor(day=day, zone=zone)) for _, day in _around(now.astimezone(zones.tz(zone)).date())]

    def recipients(self, records: Records, reminder: Reminder, subject: Subject, turn: int, now: datetime) -> Sequence[To]:
        return coalitions.told(records)

    def nudge(self, records: Records, reminder: Reminder, occurrence: Occurrence, now: datetime) -> Nudge | None:
        zone = zones.tz(reminder.timing.zone)
        told, today = occurrence.due.astimezone(zone).date(), now.astimezone(zone).date()
        ahead = {told + timedelta(minutes=minutes) for minutes in reminder.timing.before}
        found = tuple((name, day) for name, day in _around(told) if day in ahead and day >= today)
        return DayNudge(days=found) if found else None


def _around(day: date) -> list[tuple[str, date]]:
    """The notable days of this year and the next."""
    return [(notable.name, notable.of(year)) for year in (day.year, day.year + 1) for notable in NOTABLE]
