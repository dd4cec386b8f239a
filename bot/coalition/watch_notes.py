"""Reminders that a person wrote: to whom they go, and until when there is something to say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.coalition import ladders
from bot.coalition.anchors import anchored
from bot.coalition.ids import SubjectId
from bot.coalition.projects import Project
from bot.coalition.reminders import Occurrence, Reminder
from bot.coalition.store import Records
from bot.coalition.timing import Anchor
from bot.coalition.watching import URGENT, Nudge, Subject, To


@dataclass(frozen=True, kw_only=True, slots=True)
class Note(Nudge):
    """The words that somebody wrote, and what they count from: `about`, whose date is `anchor`."""

    about: SubjectId | None = None
    anchor: Anchor | None = None


class NoteWatcher:
    """Reminders that a person wrote: whom they named."""

    def subjects(self, records: Records, reminder: Reminder, now: datetime) -> Sequence[Subject]:
        return [Subject(reminder.timing.anchor, _anchor(records, reminder))]

    def recipients(self, records: Records, reminder: Reminder, subject: Subject, turn: int, now: datetime) -> Sequence[To]:
        if reminder.place:
            return [reminder.place]
        if reminder.leads:
            return records.get(Project, reminder.leads).leads
        return [reminder.member] if reminder.member else []

    def nudge(self, records: Records, reminder: Reminder, occurrence: Occurrence, now: datetime) -> Nudge | None:
        if reminder.leads and not ladders.leads(occurrence, records.get(Project, reminder.leads)):
            return None
        anchor = _anchor(records, reminder)
        if anchor is None:
            return Note()
        if anchor.over:
            return None
        urgent = anchor.at is not None and now < anchor.at < now + URGENT
        return Note(urgent=urgent, about=reminder.timing.anchor, anchor=anchor)


def _anchor(records: Records, reminder: Reminder) -> Anchor | None:
    timing = reminder.timing
    return anchored(records, timing.anchor, timing.edge) if timing.anchor else None
