"""Reminders: the rule (`R9`), and each time it falls due for somebody (`R9.3`)."""

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar, Literal

from bot.coalition.ids import CycleId, MemberId, OccurrenceId, ProjectId, ReminderId, SubjectId
from bot.coalition.outbox import Letter
from bot.coalition.record import PERSONAL, Record
from bot.coalition.timing import Timing
from bot.request import Place

ReminderKind = Literal[
    "note",
    "countdown",
    "deadline",
    "issues",
    "speakers",
    "proposal",
    "report",
    "update",
    "milestone",
    "rhythm",
    "digest",
    "day",
    "task",
    "feedback",
    "sheet",
    "invitation",
]
"""`note` is one that a person wrote; the others belong to a cycle's plan, and each watches its own kind of records. An `invitation` without
a cycle is one that an editor sent."""
ReminderState = Literal["on", "off", "over", "cancelled"]
"""`off`: a plan's reminder that a chair has not switched on; `over`: it never comes again."""
LASTING: tuple[ReminderState, ...] = ("on", "over")
"""The states of a rule whose occurrences still come, and can be put off: nobody cancelled it or switched it off."""
OccurrenceState = Literal["waiting", "posted", "missed", "skipped", "done"]
"""`waiting`: for `until` (snoozed, or kept back by quiet hours); `posted`: its letter is in the outbox or was sent; `missed`: past its
lateness window; `skipped`: there was nothing left to remind of."""

NOBODY, UNREACHED = "nobody to tell", "cannot be reached"
"""Why an occurrence was missed that nobody was there to get, or whose recipient has no account."""
SNOOZED = "snoozed"
"""Why an occurrence waits that its recipient put off: for exactly the instant they named, which nothing shifts."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reminder(Record):
    """A rule. To whom: `member`, `leads` (of a project), or `place` (a room); a plan's reminder without one finds its own.

    `made` is the instant since which it counts: what would have been due before is not sent. `window` is how many minutes late it
    may be sent, None for the rule of `bot.coalition.timing.WINDOW`. `cycle` is that of the plan it belongs to. `groups` narrows what
    a plan's reminder watches (kinds of deadlines). `days` is the number that its kind counts with: after how many days without an
    update a project is asked for one, how many days after the IGF a session report is due.
    """

    letter: ClassVar[str] = "R"
    word: ClassVar[str] = "reminder"

    kind: ReminderKind = "note"
    text: str = field(default="", metadata=PERSONAL)
    timing: Timing
    maker: MemberId | None = None
    member: MemberId | None = None
    leads: ProjectId | None = None
    place: Place | None = None
    about: SubjectId | None = None
    cycle: CycleId | None = None
    groups: tuple[str, ...] = ()
    days: int | None = None
    window: int | None = None
    everyone: bool = False
    """Whether it tells everybody in its room, which a chair has confirmed."""
    made: datetime
    state: ReminderState = "on"

    @property
    def called(self) -> str:
        return "the reminder of its time" if self.kind == "sheet" else self.id


@dataclass(frozen=True, kw_only=True, slots=True)
class Occurrence(Record):
    """One time that a rule falls due for one member, or for one room (`place`).

    `key` makes it exist once: rule, instant (day, for a relative rule), subject and recipient, joined by `/`. `due` is the nominal instant.
    `until` is when it comes after all, where something (`why`: snoozed, quiet hours, away) moved it. `snoozed` is the occurrence
    that this one was snoozed from. `about` is the record it is about. `by` is who passed it on to its recipient.
    """

    letter: ClassVar[str] = "R."
    parent: ClassVar[str] = "reminder"
    word: ClassVar[str] = "occurrence"

    reminder: ReminderId
    key: str
    due: datetime
    member: MemberId | None = None
    place: Place | None = None
    about: SubjectId | None = None
    state: OccurrenceState = "posted"
    until: datetime | None = None
    why: str = ""
    snoozed: OccurrenceId | None = None
    by: MemberId | None = None
    topic: str = ""
    """What a light prompt asked for (`update P3`), so that the next one asks for something else; "" for any other kind."""
    at: datetime | None = None
    """When it was posted, done, skipped or found missed."""


_KEYS = uuid.UUID("6f0c5a0e-6d3c-5d0f-9a55-2f3f3d1f0f5b")


def announced(occurrence: Occurrence, place: Place) -> Letter:
    """The letter that brings an occurrence to its place.

    Its key is made of what it is, so that a platform drops it also when a restored backup sends it once more.
    """
    key = uuid.uuid5(_KEYS, f"{occurrence.key}/{occurrence.until or occurrence.due}").hex
    return Letter(key, place, "reminder", occurrence.id, occurrence.member)


def warned(day: date, member: str, place: Place) -> Letter:
    """The letter that tells a chair, once a day, that something was missed."""
    return Letter(uuid.uuid5(_KEYS, f"missed/{day}/{member}").hex, place, "missed", "coalition", member)
