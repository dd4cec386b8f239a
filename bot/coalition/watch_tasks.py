"""Tasks whose day comes: whoever has one, and the chairs once it has passed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.coalition import anchors, ladders, persons
from bot.coalition.ids import SubjectId
from bot.coalition.persons import Person
from bot.coalition.reminders import Occurrence, Reminder
from bot.coalition.store import Records
from bot.coalition.tasks import Task
from bot.coalition.timing import Anchor
from bot.coalition.watching import Nudge, Subject, To


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskNudge(Nudge):
    """A task that falls due, or whose day has passed; `own`: its reader has it, else `owner` does (None: nobody)."""

    task: Task
    own: bool
    owner: Person | None


class TaskWatcher:
    """Open tasks with a day: their owners, and the chairs with the last reminder or where nobody has one who can be reached."""

    def subjects(self, records: Records, reminder: Reminder, now: datetime) -> Sequence[Subject]:
        dated = [task for task in records.all(Task, state="open") if task.due]
        return [
            Subject(SubjectId(task.id), anchors.written(records, reminder.timing, task.id, Anchor(day=task.due), now)) for task in dated
        ]

    def recipients(self, records: Records, reminder: Reminder, subject: Subject, turn: int, now: datetime) -> Sequence[To]:
        task = records.get(Task, subject.about or "")
        owner = list(ladders.behind(records, [task.owner]).values())
        return ladders.climbed(records, [owner, ladders.chairs(records)], reminder, turn, now)

    def nudge(self, records: Records, reminder: Reminder, occurrence: Occurrence, now: datetime) -> Nudge | None:
        task = records.find(Task, occurrence.about or "")
        if task is None or task.state != "open" or task.due is None or ladders.acted(records, occurrence):
            return None
        owner = list(ladders.behind(records, [task.owner]).values())
        if not ladders.still(records, occurrence, owner):
            return None
        person = persons.known(records, [task.owner]).get(task.owner or "")
        return TaskNudge(task=task, own=occurrence.member in owner, owner=person)
