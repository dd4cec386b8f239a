"""What a reminder watches: each kind of reminder says what it is about, whom it is for, and whether there is anything to say.

`WATCHERS` in `bot.coalition.watchers` names the watcher of every kind.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.coalition.ids import MemberId, SubjectId
from bot.coalition.reminders import Occurrence, Reminder
from bot.coalition.store import Records
from bot.coalition.timing import Anchor
from bot.request import Place

To = MemberId | Place

URGENT = timedelta(hours=24)
"""What is nearer than this does not wait for anybody's quiet hours or return (product rule)."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One record that a rule reminds of (None: of nothing but its text), and what its turns are counted from."""

    about: SubjectId | None = None
    anchor: Anchor | None = None


@dataclass(frozen=True, slots=True)
class Nudge:
    """What there is to say; each kind has its own, which `bot.views.nudges` words.

    `urgent`: no quiet hours shift it. `topic` is what a light prompt chose to ask for; its occurrence keeps it.
    """

    urgent: bool = False
    topic: str = ""


class Watcher(Protocol):
    """One kind of reminder."""

    def subjects(self, records: Records, reminder: Reminder, now: datetime) -> Sequence[Subject]:
        """Every record that the rule reminds of; for a rule that is not about records, one Subject without."""

    def recipients(self, records: Records, reminder: Reminder, subject: Subject, turn: int, now: datetime) -> Sequence[To]:
        """Whom the turn is for. `turn` counts a relative rule's reminders from the last one, which is 0 (so 3 is the first of four);
        it is 0 for any other rule."""

    def nudge(self, records: Records, reminder: Reminder, occurrence: Occurrence, now: datetime) -> Nudge | None:
        """What is to be said now to the recipient of the occurrence; None when nothing is left to remind of. Asked when the occurrence
        falls due, and once more at the moment of sending."""
