"""What a cycle's dates remind of: its deadlines, the calls that everybody is to answer, and the IGF itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.coalition import anchors, coalitions, deadlines, ladders, zones
from bot.coalition.cycles import Cycle
from bot.coalition.deadlines import Deadline
from bot.coalition.ids import SubjectId
from bot.coalition.reminders import Occurrence, Reminder
from bot.coalition.sessions import PLACED, Session
from bot.coalition.store import Records
from bot.coalition.timing import Anchor
from bot.coalition.watching import URGENT, Nudge, Subject, To

NEXT = 3
"""Deadlines and sessions that a countdown names, so that it fits a phone."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DeadlineNudge(Nudge):
    """A deadline that is ahead and not done; to its owner, its backup or a chair."""

    deadline: Deadline


@dataclass(frozen=True, kw_only=True, slots=True)
class CallNudge(Nudge):
    """A call that all members are to answer; to the room."""

    deadline: Deadline


@dataclass(frozen=True, kw_only=True, slots=True)
class CountdownNudge(Nudge):
    """The IGF is so near: what is due next, and when our sessions are; to the room, so it holds no person."""

    cycle: Cycle
    deadlines: tuple[Deadline, ...]
    sessions: tuple[Session, ...]


def _subjects(records: Records, reminder: Reminder, now: datetime) -> list[Subject]:
    """The deadlines of the rule's kinds in its cycle that are not done."""
    found = records.all(Deadline, cycle=reminder.cycle, kind=reminder.groups, done=None)
    return [Subject(SubjectId(deadline.id), _anchor(records, reminder, deadline, now)) for deadline in found]


def _anchor(records: Records, reminder: Reminder, deadline: Deadline, now: datetime) -> Anchor:
    return anchors.written(records, reminder.timing, deadline.id, anchors.of_deadline(deadline), now)


def _open(records: Records, reminder: Reminder, occurrence: Occurrence, now: datetime) -> Deadline | None:
    """The deadline of an occurrence, while it is of the rule's kinds, ahead and not done."""
    found = records.find(Deadline, occurrence.about or "")
    fits = found and found.kind in reminder.groups and deadlines.ahead(found, now) and not found.done
    return found if fits else None


class DeadlineWatcher:
    """The deadlines of some kinds: their owner first, then the backup too, then the chairs."""

    def subjects(self, records: Records, reminder: Reminder, now: datetime) -> Sequence[Subject]:
        return _subjects(records, reminder, now)

    def recipients(self, records: Records, reminder: Reminder, subject: Subject, turn: int, now: datetime) -> Sequence[To]:
        found = records.get(Deadline, subject.about or "")
        people = [[member] for member in (found.owner, found.backup) if member]
        return ladders.climbed(records, [*people, ladders.chairs(records)], reminder, turn, now)

    def nudge(self, records: Records, reminder: Reminder, occurrence: Occurrence, now: datetime) -> Nudge | None:
        found = _open(records, reminder, occurrence, now)
        if found is None or found.at is None or ladders.acted(records, occurrence):
            return None
        if not ladders.still(records, occurrence, [member for member in (found.owner, found.backup) if member]):
            return None
        return DeadlineNudge(deadline=found, urgent=found.at - now < URGENT)


class CallWatcher:
    """The calls that all members are to answer: the room is told."""

    def subjects(self, records: Records, reminder: Reminder, now: datetime) -> Sequence[Subject]:
        return _subjects(records, reminder, now)

    def recipients(self, records: Records, reminder: Reminder, subject: Subject, turn: int, now: datetime) -> Sequence[To]:
        return coalitions.told(records)

    def nudge(self, records: Records, reminder: Reminder, occurrence: Occurrence, now: datetime) -> Nudge | None:
        found = _open(records, reminder, occurrence, now)
        return CallNudge(deadline=found) if found else None


class CountdownWatcher:
    """The days until the IGF begins: the room is told."""

    def subjects(self, records: Records, reminder: Reminder, now: datetime) -> Sequence[Subject]:
        cycle = records.find(Cycle, reminder.cycle or "")
        return [Subject(SubjectId(cycle.id), anchors.anchored(records, cycle.id, "start"))] if cycle else []

    def recipients(self, records: Records, reminder: Reminder, subject: Subject, turn: int, now: datetime) -> Sequence[To]:
        return coalitions.told(records)

    def nudge(self, records: Records, reminder: Reminder, occurrence: Occurrence, now: datetime) -> Nudge | None:
        cycle = records.find(Cycle, reminder.cycle or "")
        if cycle is None or cycle.start is None or cycle.start < now.astimezone(zones.tz(cycle.zone or "UTC")).date():
            return None
        coming = [found for found in deadlines.of_cycle(records, cycle.id, now) if deadlines.ahead(found, now) and not found.done]
        ours = records.all(Session, cycle=cycle.id, state=PLACED, order=["start"])
        known = [session for session in ours if session.start or session.day]
        return CountdownNudge(cycle=cycle, deadlines=tuple(coming[:NEXT]), sessions=tuple(known[:NEXT]))
