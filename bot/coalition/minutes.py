"""What happens while a session is held: its run sheet, and what is noted, agreed and to be done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, Literal

from bot.coalition import agendas, persons, sessions
from bot.coalition.agendas import Item
from bot.coalition.ids import ItemId, PersonId, SessionId, TaskId
from bot.coalition.members import Author
from bot.coalition.record import Record
from bot.coalition.sessions import Session
from bot.coalition.slots import RoleSlot
from bot.coalition.store import Records
from bot.coalition.tasks import Task
from bot.errors import NotAllowed, Refused

NoteKind = Literal["note", "agreed", "action"]
AFTERWARDS = timedelta(days=1)
"""For how long after a session lines said in its thread are still for its minutes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Note(Record):
    """A line of the minutes, with the item that was taken up. An `action` has its task."""

    letter: ClassVar[str] = "S.n"
    parent: ClassVar[str] = "session"
    word: ClassVar[str] = "note"
    aside: ClassVar[bool] = True

    session: SessionId
    item: ItemId | None = None
    kind: NoteKind
    text: str
    by: PersonId | None = None
    at: datetime
    task: TaskId | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class RunSheet(Record):
    """That a session runs: which item is taken up, since when (instants, aware). `ended` is None while it runs; `by` moved it last."""

    letter: ClassVar[str] = "S.x"
    parent: ClassVar[str] = "session"
    word: ClassVar[str] = "run sheet"

    session: SessionId
    item: ItemId | None = None
    began: datetime
    ended: datetime | None = None
    by: PersonId | None = None

    @property
    def called(self) -> str:
        return f"the run sheet of {self.session}"


@dataclass(frozen=True, slots=True)
class Taken:
    """An item with the lines noted while it was taken up, in their order; `item` is None for those noted beside the agenda."""

    item: Item | None
    notes: tuple[Note, ...]

    @property
    def minutes(self) -> int | None:
        """How many minutes the item took, rounded; None where it was not taken up to its end."""
        item = self.item
        return round((item.ended - item.began) / timedelta(minutes=1)) if item and item.began and item.ended else None


@dataclass(frozen=True, slots=True)
class Minutes:
    """What is known of how a session went. `tasks` are those of its actions by id; `present` attended in a role; `began` and `ended`
    (aware) are those of its run sheets, None where it was held without one."""

    session: Session
    taken: tuple[Taken, ...]
    tasks: Mapping[str, Task]
    present: tuple[RoleSlot, ...]
    began: datetime | None
    ended: datetime | None

    def lines(self, kind: NoteKind) -> list[Note]:
        """The lines of a kind, whatever the item."""
        return [note for each in self.taken for note in each.notes if note.kind == kind]


def notes_of(records: Records, session: str) -> Minutes:
    """The minutes of a session, item by item in the order of its agenda. Raises NotFound."""
    notes = records.all(Note, session=session)
    every = records.all(Item, session=session)
    items = [*agendas.ordered(every), *(item for item in every if item.state == "carried over")]
    sheets = records.all(RunSheet, session=session, order=["began"])
    elsewhere = tuple(note for note in notes if note.item not in {item.id for item in items})
    timed = tuple(Taken(item, tuple(note for note in notes if note.item == item.id)) for item in items if not item.buffer)
    return Minutes(
        records.get(Session, session),
        (*timed, *((Taken(None, elsewhere),) if elsewhere else ())),
        records.many(Task, {note.task for note in notes if note.task}),
        tuple(records.all(RoleSlot, session=session, state="attended")),
        sheets[0].began if sheets else None,
        sheets[-1].ended if sheets else None,
    )


def sheet_of(records: Records, session: str) -> RunSheet | None:
    """The newest sheet of a session, running or ended."""
    return next(iter(records.all(RunSheet, session=session, order=["-began"], limit=1)), None)


def item_now(records: Records, session: str) -> ItemId | None:
    """The item that a session takes up now; None while it does not run."""
    sheet = sheet_of(records, session)
    return sheet.item if sheet and sheet.ended is None else None


def check_item(records: Records, session: Session, item: str) -> ItemId:
    """An item of the session. Raises Refused for one of another."""
    found = records.get(Item, item)
    if found.session != session.id:
        raise Refused(f"{item} is on the agenda of {found.session}, not of {session.id}.", lines=[f"agenda {session.id}"])
    return ItemId(found.id)


def check_may_change(records: Records, note: Note, author: Author) -> None:
    """Raises NotAllowed unless the note is the author's, or the session theirs to change."""
    own = note.by is not None and note.by == persons.of(author)
    if not own and not sessions.may_change(records.get(Session, note.session), author):
        reason = f"Only who noted {note.id}, an editor of {note.session} or a chair may change it."
        raise NotAllowed(reason, lines=[f"minutes {note.session}"])


def change(records: Records, note: Note, text: str, author: Author) -> Note:
    """Write a line of the minutes anew, and the task of an action that still says the same. Raises NotAllowed."""
    check_may_change(records, note, author)
    task = records.find(Task, note.task or "")
    if task and task.text == note.text:
        records.change(task, text=text)
    return records.change(note, text=text)
