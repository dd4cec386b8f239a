"""A deadline of a cycle: announced, often extended, never forgotten."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from bot.coalition import zones
from bot.coalition.cycles import Cycle
from bot.coalition.ids import CycleId, MemberId
from bot.coalition.members import Author
from bot.coalition.record import Record
from bot.coalition.store import Records
from bot.coalition.when import Written
from bot.errors import NotAllowed, Refused, WrongValue

KINDS = (
    "workshop proposals", "issues", "stocktaking", "session request", "yearly report", "session report", "main session text",
    "registration", "other",
)  # fmt: skip
"""What recurs in an IGF year and has a date of its own each time."""


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

    @property
    def zone(self) -> str:
        """The zone that the date in force was written in."""
        return self.announcements[-1].zone if self.announcements else "UTC"


def ahead(deadline: Deadline, now: datetime) -> bool:
    """Whether it has not passed yet."""
    return deadline.at is not None and deadline.at > now


def of_cycle(records: Records, cycle: str, now: datetime) -> list[Deadline]:
    """All deadlines of a cycle: the next one first, then those that have passed, the latest first."""
    every = records.all(Deadline, cycle=cycle, order=["at"])
    coming = [deadline for deadline in every if ahead(deadline, now)]
    return coming + [deadline for deadline in reversed(every) if not ahead(deadline, now)]


def add(records: Records, cycle: Cycle, deadline: Deadline, written: Written, now: datetime) -> Deadline:
    """Keep a new deadline with its first date. Raises WrongValue."""
    check_fits(cycle, written, now)
    check_people(deadline)
    first = Announcement(written.at, written.zone, deadline.source, now)
    return records.add(replace(deadline, cycle=CycleId(cycle.id), announcements=(first,), at=written.at))


def check_fits(cycle: Cycle, written: Written, now: datetime) -> None:
    """Raises WrongValue for a date that has passed, unless the whole cycle has."""
    if written.at <= now and cycle.state != "past":
        raise WrongValue("when", f"has passed: {zones.clock(written.at, written.zone)}, and {cycle.id} is not over")


def check_people(deadline: Deadline) -> None:
    """Raises WrongValue when the backup is the owner."""
    if deadline.owner and deadline.owner == deadline.backup:
        raise WrongValue("backup", f"is the owner already: {deadline.owner}; name somebody else")


def extend(records: Records, deadline: Deadline, written: Written, source: str, now: datetime) -> Deadline:
    """Give it a later date; the dates announced before stay. Raises WrongValue or Refused."""
    check_fits(records.get(Cycle, deadline.cycle), written, now)
    if deadline.at and written.at <= deadline.at:
        raise WrongValue(
            "when",
            f"{zones.clock(written.at, written.zone)} is not later than {zones.clock(deadline.at, deadline.zone)}; "
            "an extension is later, and a date that was noted wrongly is corrected",
            lines=[f"deadline correct {deadline.id}"],
        )
    return _dated(records, deadline, (*deadline.announcements, Announcement(written.at, written.zone, source, now)))


def correct(records: Records, deadline: Deadline, written: Written, source: str | None, now: datetime) -> Deadline:
    """Put another date in place of the one in force, which was noted wrongly. Raises WrongValue."""
    check_fits(records.get(Cycle, deadline.cycle), written, now)
    *before, wrong = deadline.announcements or (Announcement(written.at, written.zone),)
    right = Announcement(written.at, written.zone, wrong.source if source is None else source, now)
    return _dated(records, deadline, (*before, right))


def _dated(records: Records, deadline: Deadline, announcements: tuple[Announcement, ...]) -> Deadline:
    return records.change(deadline, announcements=announcements, at=announcements[-1].at)


def may_finish(deadline: Deadline, author: Author) -> bool:
    """Whether the author chairs the coalition or looks after this deadline."""
    return author.chairs or (author.id is not None and author.id in {deadline.owner, deadline.backup})


def finish(records: Records, deadline: Deadline, author: Author, now: datetime) -> Deadline:
    """Note that what was due is done. Raises NotAllowed or Refused."""
    _check_may_finish(deadline, author)
    if deadline.done:
        raise Refused(f"{deadline.id} is done already.", lines=[f"deadline {deadline.id}", f"deadline reopen {deadline.id}"])
    return records.change(deadline, done=now)


def reopen(records: Records, deadline: Deadline, author: Author) -> Deadline:
    """Note that what was due is not done after all. Raises NotAllowed or Refused."""
    _check_may_finish(deadline, author)
    if not deadline.done:
        raise Refused(f"{deadline.id} is not done, so there is nothing to reopen.", lines=[f"deadline {deadline.id}"])
    return records.change(deadline, done=None)


def _check_may_finish(deadline: Deadline, author: Author) -> None:
    if not may_finish(deadline, author):
        raise NotAllowed(f"Only the owner or backup of {deadline.id}, or a chair, may do that.", lines=[f"deadline {deadline.id}"])
