"""Tasks: what somebody is to do, from a meeting or a report."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import ClassVar, Literal

from bot.coalition import lateness, persons, reaching
from bot.coalition.ids import ItemId, MemberId, PersonId, SessionId
from bot.coalition.lateness import Shift
from bot.coalition.members import Author, Member
from bot.coalition.record import Record
from bot.coalition.states import Machine
from bot.coalition.store import Records
from bot.errors import NotAllowed, Refused

TaskState = Literal["open", "done", "dropped"]
SOON = timedelta(days=1)
"""What is to be done so soon is told at any hour, as a deadline of less than 24 hours is (the product's rule)."""
TASK = "task"
"""What the letters are: that a task is the reader's now, or has come back to whoever made it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Task(Record):
    """`owner` is None while nobody has it; `due` is a day."""

    letter: ClassVar[str] = "T"
    word: ClassVar[str] = "task"

    text: str
    owner: PersonId | None = None
    due: date | None = None
    state: TaskState = "open"
    session: SessionId | None = None
    """The session from which it came."""
    item: ItemId | None = None
    maker: PersonId | None = None
    made: datetime
    done: date | None = None
    outcome: str = ""
    source: str = ""

    @property
    def title(self) -> str:
        """What it is called where records are named."""
        return self.text


STATES = Machine(
    "task",
    {
        "done": {"open": "done"},
        "drop": {"open": "dropped"},
        "reopen": {"done": "open", "dropped": "open"},
    },
)


def may_change(task: Task, author: Author) -> bool:
    """Whether the task is the author's, was made by them, or they chair the coalition."""
    return author.chairs or (author.id is not None and persons.of(author) in {task.owner, task.maker})


def check_may_change(task: Task, author: Author) -> None:
    """Raises NotAllowed unless the author may change the task."""
    if not may_change(task, author):
        take = [f"task take {task.id}"] if task.owner is None and task.state == "open" else []
        raise NotAllowed(f"Only its owner, its maker or a chair may change {task.id}.", lines=[*take, f"task {task.id}"])


def move(records: Records, task: Task, verb: str, author: Author, today: date, outcome: str = "") -> Task:
    """Carry out a state verb; `outcome` is what came of it, `today` the author's. Raises NotAllowed or Refused."""
    check_may_change(task, author)
    state = STATES.after(task.state, verb, task.id)
    return records.change(task, state=state, done=today if state == "done" else None, outcome=outcome)


def take(records: Records, task: Task, author: Author) -> Task:
    """Make a task the author's that nobody has. Raises Refused."""
    if task.owner == persons.of(author):
        raise Refused(f"{task.id} is yours already.", lines=[f"task {task.id}"])
    if task.owner:
        raise Refused(f"{task.id} is somebody's already. Whoever has it, its maker or a chair can pass it on.", lines=[f"task {task.id}"])
    _check_open(task)
    return records.change(task, owner=persons.of(author))


def assign(records: Records, task: Task, owner: PersonId, author: Author) -> Task:
    """Give a task to somebody. Raises NotAllowed or Refused."""
    check_may_change(task, author)
    _check_open(task)
    if task.owner == owner:
        raise Refused(f"{task.id} is {owner}'s already.", lines=[f"task {task.id}"])
    return records.change(task, owner=owner)


def decline(records: Records, task: Task, author: Author) -> Task:
    """Leave a task to whoever takes it. Raises Refused unless it is the author's."""
    if author.id is None or task.owner != persons.of(author):
        raise Refused(f"{task.id} is not yours.", lines=[f"task {task.id}"])
    _check_open(task)
    return records.change(task, owner=None)


def _check_open(task: Task) -> None:
    if task.state != "open":
        raise Refused(f"{task.id} is {task.state}.", lines=[f"task reopen {task.id}", f"task {task.id}"])


def tell(records: Records, task: Task, author: Author, platforms: Sequence[str], now: datetime) -> Shift | None:
    """Have whoever has the task now told, or its maker that nobody has it any more; not the author, who did it. What is not due within a
    day waits for the end of their quiet hours and absence, but no longer than until then: until when, where it does."""
    whom = task.owner or task.maker
    urgent = datetime.combine(task.due - SOON, time(), UTC) if task.due else None
    calm = None if urgent and urgent <= now else now
    told = reaching.tell(records, TASK, task.id, [whom] if whom else [], author, platforms, calm=calm, latest=urgent)
    reader = records.find(Member, MemberId(whom or "")) if told and calm else None
    shift = lateness.shifted(reader, now) if reader else None
    return replace(shift, until=min(shift.until, urgent)) if shift and urgent else shift


def overdue(task: Task, today: date) -> bool:
    """Whether its day has passed; said to its owner and the chairs alone."""
    return task.state == "open" and task.due is not None and task.due < today


def sees_overdue(task: Task, author: Author) -> bool:
    """Whether the author may read that a task is late: nobody is named as late in public (product rule)."""
    return author.alone and (author.chairs or (task.owner is not None and task.owner == persons.of(author)))


def of_session(records: Records, session: str) -> list[Task]:
    """The tasks that came from a session, the oldest first."""
    return records.all(Task, session=session)


def arranged(found: Sequence[Task], mine: Sequence[str]) -> list[Task]:
    """One's own tasks first, then by the day that they are due, those without a day last."""
    return sorted(found, key=lambda task: (task.owner not in mine, task.state != "open", task.due or date.max, int(task.id[1:])))
