"""The timetable: for every rule and every postponed occurrence when it is next to be looked at.

It is derived from the records and kept by the store itself: in the transaction that changes a reminder, or anything a reminder may
hang on, the rules concerned are due to be looked at again at once. So no change can be missed, whoever makes it.
"""

from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from bot.coalition.arrivals import Intake
from bot.coalition.outbox import Letter, Sorting
from bot.coalition.reminders import Occurrence
from bot.coalition.store import Records, Store

OVERDUE = datetime(1970, 1, 1, tzinfo=UTC)
"""When something that changed is looked at again: an instant that has passed on every clock."""
NEVER = datetime(9000, 1, 1, tzinfo=UTC)
"""When a rule is looked at that has nothing coming until something changes: its anchor has no date, or every turn has passed."""


@dataclass(frozen=True, slots=True)
class Entry:
    """`record` (`R9`, or `R9.3` for a postponed occurrence) is looked at again at `at`.

    `since`: everything of this rule up to then is settled; None for one that was never looked at.
    """

    record: str
    at: datetime
    since: datetime | None = None


class Round(Protocol):
    """One transaction of the timekeeper: what is due was claimed, and no other process sees it."""

    @property
    def due(self) -> Sequence[Entry]:
        """What was claimed."""

    @property
    def records(self) -> Records:
        """The records as they are now."""

    def last(self, reminders: Collection[str]) -> dict[str, datetime]:
        """When the newest occurrence of each of these rules was due, of those that have one."""

    def enter(self, occurrences: Sequence[Occurrence]) -> list[Occurrence]:
        """Keep new occurrences (without an id) whose key is new, not audited; they come back with their ids. Those that wait are in the
        timetable."""

    def move(self, occurrences: Sequence[Occurrence]) -> None:
        """Keep occurrences that are here already as they are now (state, until, why, at, topic), not audited. Those that wait are in the
        timetable, and need not be settled."""

    def end(self, reminders: Collection[str]) -> None:
        """Note that rules never come again, not audited."""

    def post(self, letters: Sequence[Letter]) -> None:
        """Put letters into the outbox."""

    def settle(self, entries: Sequence[Entry]) -> None:
        """Say when what was due is looked at next. Of `due` what is not named leaves the timetable, except that a rule which has not
        ended stays: it is settled up to now, and looked at NEVER."""


class Timetable(Protocol):
    """The timekeeper's side of the store."""

    def round(self, now: datetime, *, limit: int) -> AbstractContextManager[Round]:
        """Claim at most `limit` entries that are due, the earliest first, in one writing transaction."""

    def next_at(self) -> datetime | None:
        """When the next entry is due; None when there is none. A look in a transaction that only reads: before a round."""

    def beat(self, process: str, now: datetime) -> None:
        """Note that the timekeeper of this process is at work, for `status`; processes not heard of for a day are forgotten.

        Where one was at work more than a day later than `now`, its clock ran ahead: what it settled for a time that has not come is
        owed again, except what was sent.
        """


class WholeStore(Store, Protocol):
    """A store with the sides of it that the timekeeper, the courier and the inbox use."""

    @property
    def timetable(self) -> Timetable:
        """What is due when."""

    @property
    def sorting(self) -> Sorting:
        """The courier's side of the outbox."""

    @property
    def intake(self) -> Intake:
        """The inbox's side of the arrivals."""
