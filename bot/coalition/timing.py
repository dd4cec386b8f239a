"""When a reminder falls due: once, again and again by a wall clock, or so long before or after something that may move."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from bot.coalition.ids import SubjectId

Edge = Literal["", "start", "end", "day zero"]
"""Which end of a cycle or session a reminder counts from; "" for what has one instant (a deadline, a milestone)."""

MINUTES_OF_DAY = 24 * 60
DEFAULT_CLOCK = "09:00"
"""When on a day a reminder comes whose words name a day only."""


@dataclass(frozen=True, slots=True)
class Timing:
    """One of three shapes.

    Once: `start` alone. Repeating: `start` and `rrule` (RFC 5545, 3.3.10, without DTSTART; its UNTIL is a wall
    time too). Relative: `before`, and `anchor`
    where it is one record (a plan's reminder counts from each of the records it watches).

    `start` is a wall time of `zone` (`2027-02-09T09:00`), `zone` a canonical name of `bot.coalition.zones`. `before` are minutes
    before the anchor, negative ones after it, the earliest reminder first. With a `clock` (`09:00` in `zone`) whole days are
    counted: before an instant the reminder comes at the last such time that leaves so many days, before or after a day so many days
    of the calendar from it. Without one it is an exact length of time.
    """

    zone: str
    start: str = ""
    rrule: str = ""
    anchor: SubjectId | None = None
    edge: Edge = ""
    before: tuple[int, ...] = ()
    clock: str = ""

    @property
    def relative(self) -> bool:
        return bool(self.before)

    @property
    def repeats(self) -> bool:
        return bool(self.rrule)


@dataclass(frozen=True, slots=True)
class Anchor:
    """What a relative reminder counts from: an instant (aware, with the zone it was written in), or a whole day.

    `at` and `day` are both None while it has no date. `noted`: when the date in force was written down, None where that is
    unknown: a reminder whose instant had passed by then is due when it was noted. `over`: it needs no reminder any more (done,
    withdrawn, dropped).
    """

    at: datetime | None = None
    zone: str = "UTC"
    day: date | None = None
    noted: datetime | None = None
    over: bool = False

    @property
    def dated(self) -> bool:
        return self.at is not None or self.day is not None


EVER = datetime(1900, 1, 1, tzinfo=UTC)
"""Before anything that a reminder can count from."""
WINDOW = timedelta(days=7)
"""How late a reminder may still be sent, unless its rule says so; a repeating one at most until its next turn, a relative one at most
until what it counts down to. (A week is what users of other reminder bots asked for.)"""
