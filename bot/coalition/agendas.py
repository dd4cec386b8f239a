"""A session's agenda: parts and timed items."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from bot.coalition.ids import PersonId, SessionId
from bot.coalition.record import Record

ItemState = Literal["suggested", "pre-agreed", "scheduled", "done", "carried over"]


@dataclass(frozen=True, slots=True)
class Who:
    """A speaker of an item as written; `tbc` while not confirmed."""

    name: str
    affiliation: str = ""
    person: PersonId | None = None
    tbc: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Part(Record):
    letter: ClassVar[str] = "S.a"
    parent: ClassVar[str] = "session"
    word: ClassVar[str] = "part"

    session: SessionId
    number: int
    title: str
    source: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Item(Record):
    """`minutes` is None while the length is open; `position` orders the items of a part."""

    letter: ClassVar[str] = "A"
    word: ClassVar[str] = "agenda item"

    session: SessionId
    part: int = 1
    position: int = 0
    title: str
    minutes: int | None = None
    who: tuple[Who, ...] = ()
    moderator: Who | None = None
    points: tuple[str, ...] = ()
    """Questions or points to take up, in order."""
    state: ItemState = "suggested"
    suggested_by: PersonId | None = None
    source: str = ""
