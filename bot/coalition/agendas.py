"""A session's agenda: parts and timed items, and the arithmetic of its time."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import ClassVar, Literal, Protocol

from bot.coalition.ids import ItemId, PersonId, SessionId
from bot.coalition.record import PERSONAL, Record
from bot.coalition.states import Machine

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
    """A part of an agenda, and its title."""

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
    who: tuple[Who, ...] = field(default=(), metadata=PERSONAL)
    moderator: Who | None = field(default=None, metadata=PERSONAL)
    points: tuple[str, ...] = ()
    """Questions or points to take up, in order."""
    state: ItemState = "suggested"
    suggested_by: PersonId | None = None
    buffer: bool = False
    """Time kept free, for what runs over."""
    carried_from: ItemId | None = None
    """The item of an earlier session that it takes up again."""
    began: datetime | None = None
    ended: datetime | None = None
    extra: int = 0
    """Minutes by which it was extended while it ran."""
    source: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Confirmation(Record):
    """What a speaker answered; a record of its own, so that speakers who answer at once do not stand in each other's way.

    `begins` (aware) and `minutes` are what they answered to: None while they were not known.
    """

    letter: ClassVar[str] = "A.c"
    parent: ClassVar[str] = "item"
    word: ClassVar[str] = "confirmation"

    item: ItemId
    person: PersonId
    answer: Literal["yes", "no"]
    reason: str = field(default="", metadata=PERSONAL)
    begins: datetime | None = None
    minutes: int | None = None
    at: datetime


STATES = Machine(
    "agenda",
    {
        "agree": {"suggested": "pre-agreed", "carried over": "pre-agreed"},
        "schedule": {"pre-agreed": "scheduled"},
        "done": {"scheduled": "done"},
        "carry": {"pre-agreed": "carried over", "scheduled": "carried over"},
        "reopen": {"scheduled": "pre-agreed", "done": "scheduled"},
    },
)
TIMED: tuple[ItemState, ...] = ("pre-agreed", "scheduled", "done")
"""The states whose items take time; what is only suggested, or carried over to another session, does not."""


@dataclass(frozen=True, slots=True)
class Timed:
    """An item and when it begins, in minutes from the session's start. Not `exact` after an item of open length: not before then."""

    item: Item
    offset: int
    exact: bool


@dataclass(frozen=True, slots=True)
class Total:
    """The minutes of an agenda, and how many items are of open length and add nothing to them."""

    minutes: int
    open: int
    buffer: int = 0
    """How many of the minutes are kept free for what runs over."""


def ordered(items: Iterable[Item]) -> list[Item]:
    """The items that take time, in the order of the agenda."""
    return sorted((item for item in items if item.state in TIMED), key=lambda item: (item.part, item.position))


def timeline(items: Iterable[Item]) -> list[Timed]:
    """When each item begins: after everything before it."""
    found: list[Timed] = []
    offset, exact = 0, True
    for item in ordered(items):
        found.append(Timed(item, offset, exact))
        offset += item.minutes or 0
        exact = exact and item.minutes is not None
    return found


def total(items: Iterable[Item]) -> Total:
    """How long the items take together."""
    counted = ordered(items)
    return Total(
        sum(item.minutes or 0 for item in counted),
        sum(item.minutes is None for item in counted),
        sum(item.minutes or 0 for item in counted if item.buffer),
    )


def giving(items: Iterable[Item]) -> list[Item]:
    """What could give where time is short: the buffers, last first, then the longest item."""
    counted = [item for item in ordered(items) if item.minutes]
    buffers = [item for item in reversed(counted) if item.buffer]
    longest = max((item for item in counted if not item.buffer), key=lambda item: item.minutes or 0, default=None)
    return [*buffers, *([longest] if longest else [])]


def left(minutes: int, slot: int | None) -> int | None:
    """The minutes of the slot that remain, below 0 when it is overrun; None when the slot is not known."""
    return None if slot is None else slot - minutes


def clock(start: datetime, offset: int) -> datetime:
    """The instant that many elapsed minutes after the start (aware), in UTC, so that a change of clocks shifts nothing."""
    return start.astimezone(UTC) + timedelta(minutes=offset)


class Spoken(Protocol):
    """What people speak in."""

    @property
    def who(self) -> tuple[Who, ...]: ...

    @property
    def moderator(self) -> Who | None: ...


def speakers(item: Spoken) -> list[Who]:
    """Who speaks in an item, and who moderates it."""
    return [*item.who, *([item.moderator] if item.moderator else [])]


def people(item: Spoken) -> list[PersonId]:
    """The ids among an item's speakers."""
    return [who.person for who in speakers(item) if who.person]


def unconfirmed(items: Iterable[Item]) -> list[tuple[Who, list[str]]]:
    """Everybody still to be confirmed, each once, with the ids of their items."""
    return spoken(items, lambda who: who.tbc)


def spoken(items: Iterable[Item], wanted: Callable[[Who], bool]) -> list[tuple[Who, list[str]]]:
    """The speakers who are wanted, each once, with the ids of their items."""
    found: dict[tuple[str, PersonId | None], tuple[Who, dict[str, None]]] = {}
    for item in ordered(items):
        for who in filter(wanted, speakers(item)):
            found.setdefault((who.name, who.person), (who, {}))[1][item.id] = None
    return [(who, list(where)) for who, where in found.values()]


def placed(items: Iterable[Item], item: Item, position: int | None = None) -> list[Item]:
    """The agenda with `item` in its part at a position (from 1; last when None or beyond), each part numbered 1, 2, 3 …"""
    others = [other for other in ordered(items) if other.id != item.id]
    if item.state in TIMED:
        mates = sum(other.part == item.part for other in others)
        before = sum(other.part < item.part for other in others)
        others.insert(before + (mates if position is None else min(max(position, 1) - 1, mates)), item)
    return numbered(others)


def numbered(items: Iterable[Item]) -> list[Item]:
    """Items in the order of the agenda, with the positions 1, 2, 3 … in each part."""
    return [replace(item, position=n) for _, part in groupby(items, lambda item: item.part) for n, item in enumerate(part, 1)]
