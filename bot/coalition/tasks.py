"""Tasks: what somebody is to do, from a meeting or a report."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Literal

from bot.coalition.ids import ItemId, PersonId, SessionId
from bot.coalition.record import Record

TaskState = Literal["open", "done", "dropped"]


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
