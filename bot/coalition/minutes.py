"""What happens while a session is held: its run sheet, and what is noted, agreed and to be done."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

from bot.coalition.ids import ItemId, PersonId, SessionId, TaskId
from bot.coalition.record import Record

NoteKind = Literal["note", "agreed", "action"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Note(Record):
    """A line of the minutes, with the item that was taken up. An `action` has its task."""

    letter: ClassVar[str] = "S.n"
    parent: ClassVar[str] = "session"
    word: ClassVar[str] = "note"

    session: SessionId
    item: ItemId | None = None
    kind: NoteKind
    text: str
    by: PersonId | None = None
    at: datetime
    task: TaskId | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class RunSheet(Record):
    """That a session runs: which item is taken up, since when (instants, aware). `ended` is None while it runs."""

    letter: ClassVar[str] = "S.x"
    parent: ClassVar[str] = "session"
    word: ClassVar[str] = "run sheet"

    session: SessionId
    item: ItemId | None = None
    began: datetime
    ended: datetime | None = None
    by: PersonId | None = None
