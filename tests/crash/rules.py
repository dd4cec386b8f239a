"""The reminders of a world, and, reckoned apart from the bot, what must come of them."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from bot.coalition.ids import MemberId, SubjectId
from bot.coalition.reminders import Occurrence, Reminder
from bot.coalition.timing import Timing
from bot.request import Place

START = datetime(2027, 3, 1, 0, 30, tzinfo=UTC)
"""When the rules are made: before summer time begins. Everything falls due on the hour, and the bot looks at half past."""
LASTS = timedelta(days=80)
"""How long a world lasts; shorter than letters that were sent are kept."""
DEADLINE = datetime(2027, 4, 10, 12, 0, tzinfo=UTC)
WEEK = timedelta(days=7)
NOTED = 100
"""Of more turns that were missed at once, the last are noted singly."""
BERLIN = ZoneInfo("Europe/Berlin")
WALL = "%Y-%m-%dT%H:%M"


@dataclass(frozen=True)
class Rule:
    """A reminder, every instant at which it falls due, how late it may come, and what it counts down to."""

    reminder: Reminder
    dues: tuple[datetime, ...]
    window: timedelta
    ends: datetime | None = None

    @property
    def text(self) -> str:
        return self.reminder.text


def single(to: MemberId | Place) -> list[Rule]:
    """One reminder, every three hours."""
    return [_every_three_hours(to)]


def several(chance: random.Random, members: Sequence[MemberId], room: Place, deadline: str) -> list[Rule]:
    """Reminders of every shape, to members and to a room."""
    hours = range(1, int(LASTS / timedelta(hours=1)))
    everybody: list[MemberId | Place] = [*members, room]
    once = [(f"once {number}", chance.choice(everybody), chance.choice(hours)) for number in range(40)]
    return [
        *(_once(text, to, START.replace(minute=0) + timedelta(hours=hour), WEEK) for text, to, hour in once[:30]),
        *(_once(text, to, START.replace(minute=0) + timedelta(hours=hour), timedelta(hours=2)) for text, to, hour in once[30:]),
        _every_three_hours(room),
        *(_daily(f"daily for {member}", member, hour) for hour, member in enumerate(members, start=9)),
        _before("countdown", members[0], deadline, (14, 7, 3, 1), clock="09:00"),
        _before("countdown to the room", room, deadline, (10, 2), clock=""),
    ]


def became(rules: Sequence[Rule], looked: Sequence[datetime]) -> dict[tuple[str, datetime], str]:
    """What must have become (`posted`, `missed`) of everything, by text and instant, when the bot looked at these instants.

    Of several turns of a rule that it finds, the last is news.
    """
    found: dict[tuple[str, datetime], str] = {}
    for rule in rules:
        for before, at in pairwise([START, *looked]):
            due = [each for each in rule.dues if before < each <= at][-NOTED:]
            found |= {(rule.text, each): "missed" for each in due}
            if due and at - due[-1] <= rule.window and not (rule.ends and due[-1] < rule.ends <= at):
                found[rule.text, due[-1]] = "posted"
    return found


def snoozed_became(rules: Sequence[Rule], snoozed: Sequence[Occurrence], looked: Sequence[datetime]) -> dict[str, str]:
    """The same of occurrences that were put off, by their key."""
    windows = {rule.reminder.id: rule.window for rule in rules}
    come = [(each, next((at for at in looked if each.until and at >= each.until), None)) for each in snoozed]
    return {
        each.key: "posted" if at - each.until <= windows[each.reminder] else "missed"
        for each, at in come
        if at and each.until
    }  # fmt: skip


def _rule(text: str, to: MemberId | Place, timing: Timing, dues: Iterator[datetime], window: timedelta, given: int | None = None) -> Rule:
    place, member = (to, None) if isinstance(to, Place) else (None, to)
    reminder = Reminder(text=text, timing=timing, member=member, place=place, made=START, window=given)
    return Rule(reminder, tuple(dues), window, DEADLINE if timing.relative else None)


def _once(text: str, to: MemberId | Place, at: datetime, window: timedelta) -> Rule:
    given = None if window == WEEK else int(window / timedelta(minutes=1))
    return _rule(text, to, Timing("UTC", at.strftime(WALL)), iter([at]), window, given)


def _every_three_hours(to: MemberId | Place) -> Rule:
    hours = (START.replace(minute=0) + timedelta(hours=hour) for hour in range(3, int(LASTS / timedelta(hours=1)), 3))
    return _rule("often", to, Timing("UTC", START.strftime("%Y-%m-%dT%H:00"), "FREQ=HOURLY;INTERVAL=3"), hours, timedelta(hours=3))


def _daily(text: str, to: MemberId, hour: int) -> Rule:
    days = (datetime(2027, 3, 1, hour, tzinfo=BERLIN) + timedelta(days=day) for day in range(LASTS.days))
    timing = Timing("Europe/Berlin", f"2027-03-01T{hour:02}:00", "FREQ=DAILY")
    return _rule(text, to, timing, (day.astimezone(UTC) for day in days), timedelta(days=1))


def _before(text: str, to: MemberId | Place, deadline: str, days: tuple[int, ...], clock: str) -> Rule:
    zone = "Europe/Berlin" if clock else "UTC"
    wall = DEADLINE.astimezone(ZoneInfo(zone)).replace(hour=9 if clock else DEADLINE.hour)
    timing = Timing(zone, anchor=SubjectId(deadline), before=tuple(day * 24 * 60 for day in days), clock=clock)
    return _rule(text, to, timing, ((wall - timedelta(days=day)).astimezone(UTC) for day in days), WEEK)
