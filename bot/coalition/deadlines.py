"""A deadline of a cycle: announced, often extended, never forgotten."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from bot.coalition.ids import CycleId, MemberId
from bot.coalition.record import Record


@dataclass(frozen=True, slots=True)
class Announcement:
    """One date a deadline was given: the instant, the zone as written, where it was announced and when we noted it."""

    at: datetime
    zone: str
    source: str = ""
    noted: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Deadline(Record):
    """`announcements` holds every date it had, the first announced first; the last one is in force."""

    letter: ClassVar[str] = "D"
    word: ClassVar[str] = "deadline"

    cycle: CycleId
    kind: str
    title: str
    announcements: tuple[Announcement, ...] = ()
    owner: MemberId | None = None
    backup: MemberId | None = None
    at: datetime | None = None
    """The instant in force: that of the last announcement, kept beside it so that lists can be ordered."""
    done: datetime | None = None
    source: str = ""
