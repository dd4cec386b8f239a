"""Spans: what a line of a message is made of. A `str` is always literal."""

from dataclasses import dataclass
from datetime import datetime

from bot.request import Account, Place


@dataclass(frozen=True, slots=True)
class Bold:
    text: str


@dataclass(frozen=True, slots=True)
class Code:
    """A line to type. Every `Code` the bot shows resolves to a route."""

    line: str


@dataclass(frozen=True, slots=True)
class Link:
    url: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """Names a member's account so that the platform tells them; `name` is what a plain reader sees."""

    account: Account
    name: str


@dataclass(frozen=True, slots=True)
class RoomName:
    """Names a room as its own platform calls it today; `name` is what is seen elsewhere, and by a plain reader."""

    place: Place
    name: str


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant (aware), the zone it was written in (IANA name, `UTC-11` or `AoE`) and the reader's own IANA zone."""

    at: datetime
    zone: str = "UTC"
    reader: str = ""


@dataclass(frozen=True, slots=True)
class Everyone:
    """Tells everybody in the room. Only a letter that a chair has confirmed has one."""


Span = str | Bold | Code | Link | Mention | RoomName | Moment | Everyone
Spans = tuple[Span, ...]
